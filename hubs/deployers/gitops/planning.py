"""A plan: what a request would change, whom it restarts, what people have to do first, what the checks say."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from ground.errors import Rejected
from hubs import schema
from hubs.clusters import HubFacts
from hubs.deployers.gitops.checking import checks
from hubs.deployers.gitops.configuration import CLUSTERS, Configuration, Edit
from hubs.deployers.gitops.conflicts import refuse_conflicts
from hubs.deployers.gitops.preconditions import preconditions
from hubs.deployers.gitops.rendering import Circumstances, render
from hubs.deployers.gitops.rendering.finding import hub_of, path_of, users_of
from hubs.deployers.interface import FileChange, Plan, PlanWarning, Precondition, Redeploy


@dataclass(frozen=True)
class Planned:
    """A plan and the edits behind it."""

    plan: Plan
    edits: tuple[Edit, ...]


def sound(request: Mapping[str, Any], *, today: date, notice: schema.Notice = schema.USUAL_NOTICE) -> dict[str, Any]:
    """The request without blanks. Raises Rejected 422 with one error a field."""
    document: dict[str, Any] = schema.cleaned(request)
    if found := schema.problems(document, today=today, notice=notice):
        raise Rejected(_("The request is not complete yet."), status=422, errors=[problem.as_document() for problem in found])
    return document


def make_plan(
    request: Mapping[str, Any],
    configuration: Configuration,
    circumstances: Circumstances,
    *,
    today: date,
    notice: schema.Notice = schema.USUAL_NOTICE,
) -> Planned:
    """The plan of a sound request upon a configuration. Raises Rejected 404, 409 or 422 where the repository says no."""
    refuse_conflicts(request, configuration)
    edits = render(request, configuration, circumstances)
    after = configuration.with_edits(edits)
    clusters = {edit.path.split("/")[2] for edit in edits if edit.path.startswith(f"{CLUSTERS}/")}
    needed = _preconditions(request, configuration) if circumstances.by_hand else ()
    files = tuple(FileChange(edit.path, edit.action, edit.diff, edit.summary) for edit in edits)
    plan = Plan(
        digest=digest(configuration.base, files, needed),
        base=configuration.base,
        files=files,
        redeploys=_redeploys(edits, configuration, after),
        preconditions=needed,
        warnings=(*_warnings(request, today, notice), *_shared_files(edits, request, configuration)),
        checks=checks(configuration, after, clusters),
    )
    return Planned(plan, edits)


def digest(base: str, files: Sequence[FileChange], needed: Sequence[Precondition]) -> str:
    """What an approval binds to: the commit looked at, every changed line, everything people have to do first."""
    facts = [base, [[change.path, change.action, change.diff] for change in files], [[item.key, item.who, item.blocks] for item in needed]]
    return f"sha256:{hashlib.sha256(json.dumps(facts, ensure_ascii=True).encode()).hexdigest()}"


def is_as_approved(plan: Plan, approved: str, bases: Sequence[str]) -> bool:
    """Is this the plan that was approved, made perhaps upon an earlier commit? The repository may move as long as the plan does not."""
    return any(digest(base, plan.files, plan.preconditions) == approved for base in (plan.base, *bases))


def plan_changed() -> Rejected:
    """The repository has moved so that the plan is another one: back to the approver."""
    detail = _("The configuration has changed since the plan was made; please look at the new plan.")
    return Rejected(detail, status=409, errors=[{"pointer": "", "code": "plan-changed", "detail": detail}])


def _preconditions(request: Mapping[str, Any], configuration: Configuration) -> tuple[Precondition, ...]:
    if "new_cluster" in request:
        return preconditions(request, provider=request["new_cluster"]["provider"])
    hub = hub_of(configuration, request["cluster"], request["hub"]) if "hub" in request else None
    return preconditions(request, provider=configuration.clusters[request["cluster"]].provider, hub=hub)


def _redeploys(edits: Sequence[Edit], before: Configuration, after: Configuration) -> tuple[Redeploy, ...]:
    """Every hub that restarts, of other communities too; where changes are tried first comes first."""
    old = {(hub.cluster, hub.name): hub for cluster in before.clusters.values() for hub in cluster.hubs}
    found: dict[tuple[str, str], Redeploy] = {}
    for cluster in after.clusters.values():
        for hub in cluster.hubs:
            if why := _why(hub, old.get((hub.cluster, hub.name)), edits, after):
                found[hub.cluster, hub.name] = Redeploy(hub.cluster, hub.name, why, staging=hub.is_staging)
    return tuple(sorted(found.values(), key=lambda redeploy: (not redeploy.staging, redeploy.cluster, redeploy.hub)))


def _why(hub: HubFacts, before: HubFacts | None, edits: Sequence[Edit], after: Configuration) -> str:
    if before is None:
        return _("It is new.")
    changed = [edit.path for edit in edits if edit.path in {path_of(hub.cluster, name) for name in hub.values_files}]
    shared = [path for path in changed if len(users_of(after, path)) > 1]
    if shared:
        return _("It shares %(files)s with other hubs.") % {"files": ", ".join(path.rpartition("/")[2] for path in shared)}
    if changed or (before.domain, before.chart, before.values_files) != (hub.domain, hub.chart, hub.values_files):
        return _("Its settings change.")
    return ""


def _warnings(request: Mapping[str, Any], today: date, notice: schema.Notice) -> list[PlanWarning]:
    return [PlanWarning(found.pointer, found.code, found.detail) for found in schema.warnings(request, today=today, notice=notice)]


def _shared_files(edits: Sequence[Edit], request: Mapping[str, Any], configuration: Configuration) -> list[PlanWarning]:
    warnings = []
    for edit in edits:
        others = [hub.name for hub in users_of(configuration, edit.path) if hub.name != request.get("hub")]
        if others and request["kind"] in {"change", "event"}:
            words = {"file": edit.path.rpartition("/")[2], "hubs": ", ".join(sorted(others))}
            warnings.append(
                PlanWarning("", "shared-file", _("%(file)s also belongs to these hubs, which change with it: %(hubs)s.") % words)
            )
    return warnings
