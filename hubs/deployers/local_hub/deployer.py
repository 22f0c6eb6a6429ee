"""A deployer that ends in a hub that runs: the change is merged at once, and a real JupyterHub starts on loopback (docs/adr/0047)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from ground.errors import Rejected
from hubs.deployers.git import Repository
from hubs.deployers.gitops import GitOps
from hubs.deployers.gitops.steps import Work
from hubs.deployers.interface import Capabilities, Features, Hub, Log, Organisation, Plan
from hubs.deployers.local_hub import shaping
from hubs.deployers.local_hub.hosting import Hosting
from hubs.deployers.local_hub.tools import Tools
from hubs.schema import USUAL_NOTICE, Notice, rules

TO_RUN = ("propose", "check", "merge", "start", "wait", "verify")
TO_END = ("propose", "check", "merge", "stop")


class LocalHub(GitOps):
    """Local GitOps, and hubs of its own. Nothing is left to people, so that an approved request is carried out in one go."""

    by_hand = False

    def __init__(
        self,
        repository: Repository,
        *,
        organisation: Organisation,
        folder: Path,
        tools: Tools,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(repository, organisation=organisation, clock=clock)
        self.hosting = Hosting(folder, tools)

    def capabilities(self) -> Capabilities:
        """Everything; it asks to be read again at once, since each reading takes a step."""
        return Capabilities("local-hub", features=Features(logs=True), poll_after_seconds=0)

    def plan(self, request: Mapping[str, Any], *, notice: Notice = USUAL_NOTICE) -> Plan:
        """The files as everywhere, with a word on what this machine does of them. Rejected 422 for what it cannot run."""
        plan = super().plan(request, notice=notice)
        for pointer, spec in rules.specs(request):
            if not shaping.is_possible(spec):
                detail = _("A hub that builds images cannot run on this machine.")
                raise Rejected(detail, status=422, errors=[{"pointer": f"{pointer}/type", "code": "not-here", "detail": detail}])
        return replace(plan, warnings=(shaping.warning(), *plan.warnings))

    def works(self) -> Mapping[str, Work]:
        """Those of local GitOps up to the merge, then ours."""
        return {**super().works(), **self.hosting.works()}

    def way(self, kind: str) -> tuple[str, ...]:
        """To a hub that runs, or to one that has gone."""
        return TO_END if kind == "decommission" else TO_RUN

    def log(self, deployment_id: str, step: str, *, offset: int = 0) -> Log:
        """What the hub or the check wrote; of the other steps, what is remembered."""
        self.records.get(deployment_id)
        found = self.hosting.journal.read(deployment_id, step, offset=offset)
        return Log(*found) if found is not None else super().log(deployment_id, step, offset=offset)

    def hubs(self) -> list[Hub]:
        """Every hub, as written and as it runs here. One that should run and does not, after the machine was started again, is started."""
        self.hosting.revive(self._shop().configuration())
        return [self.hosting.seen(hub) for hub in super().hubs()]
