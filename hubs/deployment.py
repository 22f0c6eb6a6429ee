"""Performing hub requests: make the plan, start the deployer, follow it to the end. Each may run twice and happens once."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from celery import current_app
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ground.actors import Actor
from ground.errors import Rejected, Unavailable
from ground.outbox import ATTEMPTS, LONGEST_PAUSE, backoff, claim
from hubs import logs, occasions, registry, schema
from hubs.choosing import deployer
from hubs.deployers.documents import as_document
from hubs.deployers.interface import Approval, Deployment, Order, Plan, State
from hubs.models import HubRequest
from hubs.policy import notice_for
from hubs.questions import question
from hubs.questions.asking import COMMUNITY
from hubs.signals import deployment_failed
from hubs.states import BEHIND_ANOTHER, UNDER_WAY, WITH_DEPLOYER, Kind, RequestState

MOST_STEPS = 100
LONGEST_ASKED = timedelta(hours=1)  # whatever a deployer asks for
LONGEST_STAGE = 80
USUAL_PAUSE = timedelta(seconds=15)
BUSY_PAUSE = timedelta(minutes=5)  # another change of the hub may take days; how often we look whether it is done
STUCK_AFTER = timedelta(days=14)
FOLLOWS = {
    State.PENDING: RequestState.DEPLOYING,
    State.IN_PROGRESS: RequestState.DEPLOYING,
    State.WAITING: RequestState.WAITING,
    State.SUCCEEDED: RequestState.SUCCEEDED,
    State.FAILED: RequestState.FAILED,
    State.CANCELLED: RequestState.CANCELLED,
}


def carry_on(pk: int) -> None:
    """Take the next step of one request that waits for the outside."""
    request = claim(HubRequest, pk)
    if request is None:
        return
    step: Callable[[HubRequest], object] = STEPS.get(RequestState(request.state), HubRequest.settled)
    try:
        step(request)
    except Unavailable as error:
        _try_later(request, error)
    except ImproperlyConfigured as error:
        _try_later(request, Unavailable(str(error)))  # an operator puts DEPLOYER_URL right; the row waits
    except Rejected as error:
        fail(request, reason=str(error))


@transaction.atomic
def _try_later(request: HubRequest, error: Unavailable) -> None:
    """What is under way goes on while nobody tells us of it: it never fails for that alone."""
    asked = min(timedelta(seconds=error.retry_after or 0), LONGEST_ASKED)
    if request.state in UNDER_WAY:
        request.attempts = min(request.attempts, ATTEMPTS - 1)
    if not request.retry_later(error, pause=max(asked, backoff(request.attempts))):
        fail(request, reason=_("The deployer could not be reached."))


def make_plan(request: HubRequest) -> None:
    """Ask the deployer what the request would change. Answers it will not take go back to the community."""
    if schema.missing(request.document):
        request.settled()
        return
    try:
        plan = deployer().plan(request.document, notice=notice_for(request.community))
    except Rejected as error:
        _send_back(request, error)
    else:
        _keep_plan(request, plan)


def start(request: HubRequest) -> None:
    """Give the approved request to the deployer, once its day has come. A plan that changed meanwhile goes back to the approvers."""
    if request.time_to_wait:
        request.wait_for_outside(_task(), pause=request.time_to_wait)
        return
    try:
        deployment = deployer().start(_order(request))
    except Rejected as error:
        if "plan-changed" in _codes(error):
            _look_again(request)
        elif "hub-busy" in _codes(error):
            request.wait_for_outside(_task(), pause=BUSY_PAUSE, why=BEHIND_ANOTHER)
        elif error.status == 409:
            raise Unavailable(str(error)) from error  # how things stand now; later it may go through
        else:
            raise
    else:
        record(request, deployment, pause=_pause())


def follow(request: HubRequest) -> HubRequest:
    """Tell the deployer what people asked for meanwhile, then read how far it is."""
    if not request.deployment_id:
        request.settled()
        return request
    for order in request.orders:
        _tell(request, order)
    return record(request, deployer().read(request.deployment_id), pause=_pause())


def refresh(request: HubRequest) -> HubRequest:
    """Follow a deployment, step by step, until it has ended or waits for somebody. For the story and for commands."""
    request.refresh_from_db()
    for _step in range(MOST_STEPS):
        before = (request.state, request.deployment.get("version"))
        request = follow(request)
        if request.state not in WITH_DEPLOYER or (request.state, request.deployment.get("version")) == before:
            break
    return request


@transaction.atomic
def record(request: HubRequest, deployment: Deployment, *, pause: timedelta = USUAL_PAUSE) -> HubRequest:
    """Keep what the deployer says, if it is not older than what we hold, and follow it: it is asked again after the pause."""
    row = _locked(request)
    if row.deployment_id == deployment.id and deployment.version < row.deployment.get("version", 0):
        return row
    row.deployment_id, row.deployment, row.stage = deployment.id, as_document(deployment), deployment.stage[:LONGEST_STAGE]
    row.has_open_steps = any(item.is_open for item in deployment.preconditions)
    row.save(update_fields=["deployment_id", "deployment", "stage", "has_open_steps", "updated_at"])
    if row.state == RequestState.CANCELLED:
        _call_off(row, deployment)
    else:
        _follow(row, deployment, pause)
    return row


@transaction.atomic
def fail(request: HubRequest, *, reason: str) -> None:
    """It cannot go on without a person; whoever listens (support) hears of it with the same commit."""
    row = _locked(request)
    if not row.can_move_to(RequestState.FAILED):
        row.settled()
        return
    row.move_to(RequestState.FAILED, by=Actor.system(), note=reason)
    row.give_up(reason)
    deployment_failed.send(sender=HubRequest, request=row, reason=reason)


def _keep_plan(request: HubRequest, plan: Plan) -> None:
    """Keep the plan, unless the answers changed while it was made: then the next round makes another."""
    with transaction.atomic():
        row = _locked(request)
        if row.state != RequestState.SUBMITTED or row.version != request.version:
            return
        _write_plan(row, plan)
        row.move_to(RequestState.PLANNED, by=Actor.system())
        row.settled()


def _write_plan(row: HubRequest, plan: Plan) -> None:
    row.plan, row.plan_digest, row.planned_at, row.problems = as_document(plan), plan.digest, timezone.now(), []
    row.plan["warnings"] = [*row.plan.get("warnings", []), *_cautions(row, row.plan.get("warnings", []))]
    row.save(update_fields=["plan", "plan_digest", "planned_at", "problems", "updated_at"])


def _cautions(row: HubRequest, said: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """What the desk knows and the deployer does not: other events, times of quiet, what was agreed."""
    known = {(warning.get("pointer", ""), warning.get("code", "")) for warning in said}  # blanks are left out of documents
    found = (found for found in occasions.cautions(row) if (found.pointer, found.code) not in known)
    return [{"pointer": problem.pointer, "code": problem.code, "detail": problem.detail} for problem in found]


def _send_back(request: HubRequest, error: Rejected) -> None:
    """The plan cannot be made from these answers; each problem stands at its answer, and goes to whoever gave it."""
    with transaction.atomic():
        row = _locked(request)
        if row.state != RequestState.SUBMITTED or row.version != request.version:
            return
        row.problems = [dict(problem) for problem in error.errors] or [{"pointer": "", "code": "refused", "detail": str(error)}]
        row.save(update_fields=["problems", "updated_at"])
        if any(question(problem["pointer"]).supplier == COMMUNITY for problem in row.problems if problem["pointer"]):
            row.move_to(RequestState.RETURNED, by=Actor.system(), note=str(error))
        row.settled()


def _codes(error: Rejected) -> set[str]:
    return {error.code, *(str(each.get("code", "")) for each in error.errors)}


def _look_again(request: HubRequest) -> None:
    """The repository moved, and the plan is another one than was approved."""
    plan = deployer().plan(request.document, notice=notice_for(request.community))
    with transaction.atomic():
        row = _locked(request)
        if row.state != RequestState.APPROVED:
            return
        row.move_to(
            RequestState.PLANNED,
            by=Actor.system(),
            note=_("The configuration changed since the plan was approved. Please look at the new plan."),
        )
        row.approved_by = row.approved_at = row.second_approved_by = row.second_approved_at = row.not_before = None
        row.save(update_fields=["approved_by", "approved_at", "second_approved_by", "second_approved_at", "not_before"])
        _write_plan(row, plan)
        row.settled()


def _order(request: HubRequest) -> Order:
    """What the deployer is asked to do, now: the desk itself has waited for the day, which not every deployer can."""
    first, second = request.approved_by, request.second_approved_by
    if first is None or request.approved_at is None:
        raise ValueError(f"{request} was never approved")
    approval = Approval(
        by=first.get_full_name(),
        at=request.approved_at,
        plan_digest=request.plan_digest,
        second_by=second.get_full_name() if second else "",
    )
    return Order(
        request_id=request.reference,
        revision=request.revision,
        request=request.document,
        approval=approval,
    )


def _tell(request: HubRequest, order: dict[str, Any]) -> None:
    """Pass one order on; a refusal (nothing to retry, too late to cancel) ends it, and stays on the row to be read."""
    refusal = ""
    try:
        ORDERS[order["do"]](request, order)
    except Rejected as error:
        refusal = str(error)
    with transaction.atomic():
        row = _locked(request)
        row.orders = [other for other in row.orders if other != order]
        row.last_error = refusal or row.last_error
        row.save(update_fields=["orders", "last_error"])


def _settle(request: HubRequest, order: dict[str, Any]) -> None:
    deployer().settle(
        request.deployment_id,
        order["key"],
        status=order["status"],
        by=order["by"],
        note=order.get("note", ""),
        outputs=order.get("outputs", {}),
    )


def _cancel(request: HubRequest, order: dict[str, Any]) -> None:
    deployer().cancel(request.deployment_id, by=order["by"], reason=order.get("reason", ""))


def _retry(request: HubRequest, order: dict[str, Any]) -> None:
    """Once for the attempt that failed: an order told twice finds the next attempt running."""
    if deployer().read(request.deployment_id).attempt <= order["attempt"]:
        deployer().retry(request.deployment_id, by=order["by"])


def _call_off(row: HubRequest, deployment: Deployment) -> None:
    """It was taken back while the deployer was taking it on."""
    if deployment.state.is_final or not deployment.cancellable:
        row.settled()
    elif not row.orders:
        row.orders = [{"do": "cancel", "by": Actor.system().label, "reason": row.reason}]
        row.save(update_fields=["orders"])
        row.wait_for_outside(_task())


def _follow(row: HubRequest, deployment: Deployment, pause: timedelta) -> None:
    state = FOLLOWS[deployment.state]
    if state == RequestState.FAILED and row.state in WITH_DEPLOYER:
        logs.ask_for_failed(row)
        _keep_troubled(row, deployment)
        fail(row, reason=_reason(deployment))
        return
    has_moved = row.state != state and row.can_move_to(state)
    if has_moved:
        row.move_to(state, by=Actor.system(), note=deployment.description)
        _count_from_now(row)
    if not deployment.state.is_final:
        row.wait_for_outside(_task(), pause=timedelta(0) if row.orders else _patient(row, pause))
        return
    if has_moved:
        _finish(row, deployment)
    row.settled()


def _finish(row: HubRequest, deployment: Deployment) -> None:
    """Keep the hub as the deployer left it: a deployer that only records leaves Ready unknown, and we say so."""
    if row.state == RequestState.SUCCEEDED:
        row.hub = registry.keep_outcome(row, deployment.hubs)
    row.finished_at = timezone.now()
    row.save(update_fields=["hub", "finished_at", "updated_at"])


def _keep_troubled(row: HubRequest, deployment: Deployment) -> None:
    """A hub that was started and is not usable is there all the same: its page says what is wrong with it."""
    if deployment.hubs and row.kind != Kind.DECOMMISSION:
        row.hub = registry.keep_outcome(row, deployment.hubs)
        row.save(update_fields=["hub", "updated_at"])


def _reason(deployment: Deployment) -> str:
    error = deployment.error
    return (error.detail or error.title) if error else deployment.description or deployment.stage


def _count_from_now(row: HubRequest) -> None:
    """How long it waits for a person is counted anew each time it begins to wait."""
    row.waiting_since, row.reminders = timezone.now() if row.state == RequestState.WAITING else None, 0
    row.save(update_fields=["waiting_since", "reminders"])


def _patient(row: HubRequest, pause: timedelta) -> timedelta:
    """What has waited for weeks is looked at now and then; a callback or an order has it read at once."""
    is_stuck = row.waiting_since is not None and row.waiting_since < timezone.now() - STUCK_AFTER
    return max(pause, LONGEST_PAUSE) if is_stuck else pause


def _pause() -> timedelta:
    """How soon the deployer wants to be asked again; asked outside of every transaction."""
    try:
        return timedelta(seconds=deployer().capabilities().poll_after_seconds)
    except (Unavailable, Rejected):
        return USUAL_PAUSE


def _locked(request: HubRequest) -> HubRequest:
    return HubRequest.objects.select_for_update(of=("self",)).select_related("community", "hub").get(pk=request.pk)


def _task() -> Any:
    return current_app.tasks["hubs.tasks.carry_on"]


ORDERS = {"settle": _settle, "cancel": _cancel, "retry": _retry}
STEPS: Mapping[RequestState, Callable[[HubRequest], object]] = {
    RequestState.SUBMITTED: make_plan,
    RequestState.APPROVED: start,
    RequestState.DEPLOYING: follow,
    RequestState.WAITING: follow,
    RequestState.CANCELLED: follow,
    RequestState.SUCCEEDED: follow,
}
