"""Where a request stands, told to people: one plain sentence, the steps on the way, and what happened so far."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hubs import schema, states
from hubs.conditions import UNKNOWN, status
from hubs.models import HubRequest
from hubs.states import Kind, RequestState

Words = str | Promise

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


def sentence(request: HubRequest) -> str:
    """What is going on, and who holds it, for somebody who knows nothing of deployers."""
    if request.state == RequestState.SUCCEEDED:
        return outcome(request)
    if request.state in {RequestState.DEPLOYING, RequestState.WAITING} and request.deployment.get("description"):
        return str(request.deployment["description"])
    if request.needs_second_approval:
        return _("One engineer has approved. Closing a hub takes a second one.")
    if request.state == RequestState.SUBMITTED and request.next_attempt_at is None:
        return _("Before the plan can be made, we fill in what only we can know. You need not do anything.")
    return str(SENTENCES[RequestState(request.state)])


def outcome(request: HubRequest) -> str:
    """What came of it. A deployer that only records says so: nobody has seen the hub answer."""
    if request.kind == Kind.DECOMMISSION:
        return _("The hub is out of the configuration.")
    if request.hub is not None and status(request.hub.conditions, "Ready") == UNKNOWN:
        return _("The change is recorded in the configuration. Nobody has seen the hub answer yet, so we do not call it live.")
    return _("Done. The hub answers.")


def steps(request: HubRequest) -> list[Step]:
    """The way from the first answer to done: ours first, then the deployer's own."""
    return [*_own_steps(request), *_deployer_steps(request)]


def events(request: HubRequest) -> list[Event]:
    """What happened to the request, newest first."""
    words = dict(RequestState.choices)
    return [Event(row.at, row.actor_label, words.get(row.after, row.after), row.note) for row in request.stage_events().reverse()]


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


def _deployer_steps(request: HubRequest) -> Iterator[Step]:
    told = request.deployment.get("steps", [])
    for step in told:
        yield Step(step["title"], STEP_STATES.get(step["status"], "next"))
    if not told:
        yield Step(_("The change is carried out"), "done" if request.state == RequestState.SUCCEEDED else "next")


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
    RequestState.DEPLOYING: gettext_lazy("The change is being carried out."),
    RequestState.WAITING: gettext_lazy("It waits for somebody to do something by hand."),
    RequestState.FAILED: gettext_lazy("Something went wrong. Nothing of yours is lost; our engineers look into it and will try again."),
    RequestState.REJECTED: gettext_lazy("The request was not approved."),
    RequestState.CANCELLED: gettext_lazy("The request was taken back."),
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
