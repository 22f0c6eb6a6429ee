"""Where a request stands, told to people: one plain sentence, the steps on the way, and what happened so far."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communities.models import Community, Membership
from communities.roles import Role
from ground.models import StageEvent
from hubs import neighbours, schema, stages, states
from hubs.conditions import UNKNOWN, status
from hubs.models import Hub, HubRequest
from hubs.states import Kind, RequestState

Words = str | Promise

STEP_NAME = re.compile(r"[-a-zA-Z0-9_]{1,80}")
STEP_STATES = {"pending": "next", "running": "now", "succeeded": "done", "failed": "stuck", "skipped": "done"}


@dataclass(frozen=True)
class Step:
    """One step as `components/steps.html` shows it; `state` is done, now, next or stuck."""

    title: Words
    state: str
    detail: Words = ""
    url: str = ""


@dataclass(frozen=True)
class Event:
    """One thing that happened, as `components/timeline.html` shows it."""

    at: datetime
    who: str
    what: Words
    note: str


@dataclass(frozen=True)
class Answer:
    """One answer to read: the question, what was said, and whose it was to say."""

    title: Words
    words: Words
    supplier: str


@dataclass(frozen=True)
class Restart:
    """A hub that restarts with the change; `community` and its `representatives` only where the hub is somebody else's."""

    cluster: str
    hub: str
    why: str
    is_staging: bool
    community: str = ""
    representatives: str = ""


def restarts(request: HubRequest) -> list[Restart]:
    """What restarts, as the plan says, and whom of another community to tell. For staff."""
    told = request.plan.get("redeploys", [])
    hubs = Hub.objects.filter(name__in=[row["hub"] for row in told], cluster__name__in=[row["cluster"] for row in told])
    others = hubs.exclude(community=None).exclude(community=request.community_id).select_related("cluster", "community")
    owners = {(hub.cluster.name, hub.name): hub.community for hub in others if hub.community}
    people: dict[int, list[str]] = {}
    for membership in Membership.objects.filter(role=Role.REPRESENTATIVE, community__in=owners.values()).select_related("user"):
        people.setdefault(membership.community_id, []).append(membership.user.get_full_name())
    return [_restart(row, owners.get((row["cluster"], row["hub"])), people) for row in told]


def _restart(row: Mapping[str, Any], owner: Community | None, people: Mapping[int, Sequence[str]]) -> Restart:
    named = ", ".join(sorted(people.get(owner.pk, []))) if owner else ""
    return Restart(row["cluster"], row["hub"], row["why"], bool(row.get("staging")), owner.name if owner else "", named)


def sentence(request: HubRequest) -> str:
    """What is going on, and who holds it, for somebody who knows nothing of deployers."""
    if request.state == RequestState.SUCCEEDED:
        return outcome(request)
    if request.is_unheard:
        return _("We cannot see at the moment how far it is. It goes on all the same, and we keep asking.")
    if request.state in states.UNDER_WAY:
        return str(stages.words(stage=request.stage, state=STAGE_STATES[RequestState(request.state)]))
    if request.state == RequestState.FAILED:
        return failure(request)
    return _before_it_starts(request) or str(SENTENCES[RequestState(request.state)])


def work_sentence(request: HubRequest) -> str:
    """The same for an engineer: as the deployer says it, while it is at it."""
    if request.state in {RequestState.DEPLOYING, RequestState.WAITING} and request.deployment.get("description"):
        return str(request.deployment["description"])
    return sentence(request)


def _before_it_starts(request: HubRequest) -> str:
    """What holds a request up that nobody has begun to carry out; blank where nothing special does."""
    if request.state == RequestState.APPROVED and request.time_to_wait:
        if request.not_before == request.after_last_day and request.occasion:
            words = _("Approved. The hub stays until the end of its last day, %(day)s, and is taken away after that.")
            return words % {"day": date_format(request.occasion.days[-1], "j F Y")}
        return _("Approved. It starts on %(day)s.") % {"day": date_format(localtime(request.not_before), "j F Y, H:i")}
    if request.state == RequestState.APPROVED and request.last_error == states.BEHIND_ANOTHER:
        return _(states.BEHIND_ANOTHER)
    if request.needs_second_approval:
        return _("One engineer has approved. Closing a hub takes a second one.")
    if request.state == RequestState.SUBMITTED and request.next_attempt_at is None:
        return _("Before the plan can be made, we fill in what only we can know. You need not do anything.")
    return ""


def outcome(request: HubRequest) -> str:
    """What came of it. A deployer that only records says so: nobody has seen the hub answer."""
    if request.kind == Kind.DECOMMISSION:
        return _("The hub is out of the configuration.")
    if request.hub is not None and status(request.hub.conditions, "Ready") == UNKNOWN:
        return _("The change is recorded in the configuration. Nobody has seen the hub answer yet, so we do not call it live.")
    return _("Done. The hub answers.")


def failure(request: HubRequest) -> str:
    """That it failed, and whether the hub people had can still be used, where the deployer knows."""
    usable = request.deployment.get("hub_usable")
    still = {True: _("Your hub still runs as it did before."), False: _("Your hub cannot be used at the moment.")}.get(usable, "")
    return " ".join(filter(None, [str(SENTENCES[RequestState.FAILED]), still]))


def steps(request: HubRequest) -> list[Step]:
    """The way from the first answer to done, as the community reads it: ours first, then the deployer's own, without those of other hubs."""
    told = neighbours.Readers.of(request, neighbours.known()).steps(request.deployment) if request.deployment.get("steps") else []
    return [*_own_steps(request), *_deployer_steps(request, told)]


def work_steps(request: HubRequest) -> list[Step]:
    """All of them for an engineer: what a step said is one click away."""
    told = request.deployment.get("steps", [])
    pages = {_title(step): _log_page(request, step) for step in told if has_log_page(step)}
    return [replace(step, url=pages.get(str(step.title), "")) for step in (*_own_steps(request), *_deployer_steps(request, told))]


def events(request: HubRequest) -> list[Event]:
    """What happened to the request, newest first, as the community reads it."""
    return [_event(row, note=neighbours.note_of(row)) for row in request.stage_events().reverse()]


def work_events(request: HubRequest) -> list[Event]:
    """The same for an engineer: with what the deployer said."""
    return [_event(row, note=row.note) for row in request.stage_events().reverse()]


def _event(row: StageEvent, *, note: str) -> Event:
    return Event(row.at, row.actor_label, WORDS.get(row.after, row.after), note)


def _own_steps(request: HubRequest) -> Iterator[Step]:
    reached = POSITION.get(RequestState(request.state), _last_reached(request))
    stuck = request.state in {RequestState.FAILED, RequestState.REJECTED, RequestState.CANCELLED}
    for number, (title, detail) in enumerate(OWN_STEPS):
        if number < reached:
            yield Step(title, "done")
        elif number == reached:
            yield Step(title, "stuck" if stuck else "now", sentence(request) if stuck else detail)
        else:
            yield Step(title, "next")


def _last_reached(request: HubRequest) -> int:
    """Where it stood when it failed or ended early."""
    if request.deployment_id or (request.approved_at and not request.needs_second_approval):
        return len(OWN_STEPS)
    return 2 if request.plan_digest else 1 if request.submitted_at else 0


def has_log_page(step: dict[str, Any]) -> bool:
    """Does the deployer keep a log of this step, under a name an address can carry?"""
    return bool(step.get("has_log")) and STEP_NAME.fullmatch(step["name"]) is not None


def _log_page(request: HubRequest, step: dict[str, Any]) -> str:
    return reverse("hubs:log", args=[request.reference, step["name"]])


def _title(step: Mapping[str, Any]) -> str:
    """In the reader's language where the deployer is ours; another's words stay as they are."""
    return _(step["title"]) if step["title"] else ""


def _deployer_steps(request: HubRequest, told: Sequence[Mapping[str, Any]]) -> Iterator[Step]:
    for step in told:
        yield Step(_title(step), STEP_STATES.get(step["status"], "next"))
    if not request.deployment.get("steps"):
        yield Step(_("The change is carried out"), "done" if request.state == RequestState.SUCCEEDED else "next")


WORDS = dict(RequestState.choices)
STAGE_STATES = {RequestState.DEPLOYING: "in_progress", RequestState.WAITING: "waiting"}
OWN_STEPS: tuple[tuple[Words, Words], ...] = (
    (gettext_lazy("Your answers"), gettext_lazy("You fill in the request and send it.")),
    (gettext_lazy("A plan is made"), gettext_lazy("What would change is worked out, file by file.")),
    (gettext_lazy("An engineer reads and approves the plan"), gettext_lazy("You hear from us if something is unclear.")),
)
POSITION = {
    RequestState.DRAFT: 0,
    RequestState.RETURNED: 0,
    RequestState.SUBMITTED: 1,
    RequestState.PLANNED: 2,
    **dict.fromkeys([*states.WITH_DEPLOYER, RequestState.SUCCEEDED], len(OWN_STEPS)),
}
SENTENCES: dict[RequestState, Words] = {
    RequestState.DRAFT: gettext_lazy("Not sent yet. Fill in what is missing and send the request."),
    RequestState.RETURNED: gettext_lazy("Some answers do not work together. Please look at them and send the request again."),
    RequestState.SUBMITTED: gettext_lazy("We have your request and are working out what would change."),
    RequestState.PLANNED: gettext_lazy("The plan is ready. An engineer reads it and approves."),
    RequestState.APPROVED: gettext_lazy("Approved. It will start in a moment."),
    RequestState.DEPLOYING: stages.STATES["in_progress"],
    RequestState.WAITING: stages.STATES["waiting"],
    RequestState.FAILED: stages.STATES["failed"],
    RequestState.REJECTED: gettext_lazy("The request was not approved."),
    RequestState.CANCELLED: stages.STATES["cancelled"],
}


def answers(request: HubRequest) -> list[Answer]:
    """What was answered, in words, in the order of the form."""
    fields = schema.fields(request.document)
    return [
        Answer(field.question.label, words_of(field), field.question.supplier)
        for field in fields
        if field.value is not None and field.pointer not in OWN_FACTS
    ]


def words_of(field: schema.Field) -> Words:
    """A value as people read it."""
    if isinstance(field.value, bool):
        return _("yes") if field.value else _("no")
    if isinstance(field.value, list):
        return ", ".join(str(part) for part in field.value)
    return field.question.choices.get(field.value, str(field.value))


OWN_FACTS = {"/kind", "/community"}
