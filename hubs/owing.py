"""Who owes what before a request is done: answers that are missing and things people have to do, by phase. Counted here alone."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hubs import schema
from hubs.models import HubRequest
from hubs.questions import asking

Words = str | Promise

COMMUNITY, US, CLOUD = "community", "us", "cloud"
WHO: Mapping[str, Words] = {COMMUNITY: _("You"), US: _("We"), CLOUD: _("The cloud provider")}
WHO_TO_STAFF: Mapping[str, Words] = {COMMUNITY: _("The community"), US: _("We"), CLOUD: _("The cloud provider")}
SUPPLIERS = {asking.COMMUNITY: COMMUNITY, asking.PROVIDER: US}
DOERS = {"community": COMMUNITY, "engineer": US, "provider": CLOUD}
PHASES: Mapping[str, Words] = {
    "": _("To send the request"),
    asking.ACCOUNT: _("The cloud account"),
    asking.CLUSTER: _("The machines"),
    asking.INITIAL: _("The hub itself"),
    asking.STORAGE: _("Storage"),
    asking.PROFILES: _("Software and sizes"),
    asking.SIGN_IN: _("Signing in"),
    asking.IMAGES: _("Own environments"),
    "proposal": _("Before the change is proposed"),
    "merge": _("Before the change is made"),
    "deploy": _("Before it starts"),
    "hand-over": _("Before it is handed over"),
}
"""Phases of answers, then what a precondition holds up, in order."""

PLAIN: Mapping[str, Words] = {
    "cloud-account": _("An account for the machines is opened"),
    "cluster": _("The machines are set up"),
    "home-disk": _("A disk is made for people’s files"),
    "oauth-app": _("The hub is registered where people sign in"),
    "secret-file": _("The passwords are put away safely"),
    "node-group": _("Machines for the hub are set up"),
    "registry": _("A place is made for the environments that are built"),
    "github-app": _("The hub is allowed to talk to GitHub"),
    "bucket": _("Shared storage is made"),
    "gpu-quota": _("Graphics processors are allowed"),
    "quota": _("Enough machines for everybody at once are allowed"),
    "calendar": _("The event is in our calendar"),
    "exam-engineers": _("Two engineers are free during the exam"),
    "data-moved": _("The data is safe where you want it"),
    "helm-delete": _("What runs is switched off"),
    "cluster-removed": _("The machines are given back"),
}
"""What has to be done, for somebody who knows nothing of clusters; other keys say it themselves."""


@dataclass(frozen=True)
class Debt:
    """One thing that is still to come. `pointer` names an answer, `key` something to do; `is_unsure`: it is found out together."""

    title: Words
    who: str
    phase: str
    pointer: str = ""
    key: str = ""
    is_unsure: bool = False
    help_url: str = ""


@dataclass(frozen=True)
class Phase:
    """What is still to come in one phase."""

    title: Words
    debts: Sequence[Debt]


def debts(request: HubRequest) -> list[Debt]:
    """Everything still to come, answers first."""
    answers = [_answer(row, request.unsure) for row in schema.missing(request.document)]
    return [*answers, *(_to_do(row) for row in request.preconditions if row["status"] == "open")]


def by_phase(rows: Iterable[Debt]) -> list[Phase]:
    """The same, phase by phase."""
    kept = list(rows)
    found = {debt.phase for debt in kept}
    order = [*PHASES, *sorted(found - set(PHASES))]
    return [Phase(PHASES.get(phase, phase), [debt for debt in kept if debt.phase == phase]) for phase in order if phase in found]


def counted(rows: Iterable[Debt]) -> dict[str, int]:
    """How many things each side owes."""
    return dict(Counter(debt.who for debt in rows))


def missing(request: HubRequest) -> list[schema.Missing]:
    """Which answers are missing, by phase, and who owes each; computed from the schema, never ticked."""
    return schema.missing(request.document)


def owed_by_community(request: HubRequest) -> list[schema.Missing]:
    """What keeps the request from being sent. What the community does not know yet is found out together, after sending."""
    return [row for row in missing(request) if row.supplier == asking.COMMUNITY and row.pointer not in request.unsure]


def _answer(row: schema.Missing, unsure: Sequence[str]) -> Debt:
    is_unsure = row.pointer in unsure
    return Debt(row.title, US if is_unsure else SUPPLIERS[row.supplier], row.phase, pointer=row.pointer, is_unsure=is_unsure)


def _to_do(row: Mapping[str, Any]) -> Debt:
    who = DOERS.get(row.get("who", "engineer"), US)
    return Debt(_plain(row), who, row.get("blocks") or "hand-over", key=row["key"], help_url=row.get("help_url") or "")


def _plain(row: Mapping[str, Any]) -> Words:
    """In plain words where we have some; what the community does itself is said as it is."""
    if row.get("who") == "community":
        return str(row["title"])
    key = str(row["key"])
    return next((words for start, words in PLAIN.items() if key == start or key.startswith(f"{start}-")), str(row["title"]))
