"""Deciding about hub requests: draft, save, submit, approve, reject, settle, retry, cancel. The outside follows the commit."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from communities.models import Community
from ground.actors import Actor
from ground.states import WrongState
from hubs import access, documents, drifting, states, tasks
from hubs.documents import HubFacts
from hubs.models import Hub, HubRequest, lacks_assessment
from hubs.owing import owed_by_community
from hubs.prefill import MOST_HUBS, another_hub, hub_meant, hub_named, prefilled
from hubs.schema import Missing
from hubs.states import Kind, RequestState


class Stale(Exception):
    """Somebody else saved the answers meanwhile; what they saved is in the row."""


class Incomplete(Exception):
    """Answers the community owes are missing; `missing` names them."""

    def __init__(self, missing: list[Missing]) -> None:
        super().__init__(", ".join(row.pointer for row in missing))
        self.missing = missing


class TooLarge(Exception):
    """More was written than a request can hold."""


class TooMany(Exception):
    """A request can carry six hubs at most, and one at least."""


class ForeignHub(WrongState):
    """The hub that the request names is not one this person may ask about for this community (`access.can_ask_about`)."""

    def __init__(self) -> None:
        super().__init__(_("This is no hub of this community."))


class PlanChanged(Exception):
    """The plan is not the one that was looked at."""


class Unsound(Exception):
    """A check of the plan failed, so it cannot be approved."""


class Unassessed(Exception):
    """The community has a hub already, and nobody has recorded what another one means."""


class BeforeLastDay(WrongState):
    """A hub that is to be closed is still promised to its people."""


class SamePerson(Exception):
    """Closing a hub takes the approval of two people; this one has approved already."""


@transaction.atomic
def draft(community: Community, *, facts: HubFacts, by: Actor) -> HubRequest:
    """The community's draft of that kind, prefilled from the facts and from what we know; an existing one is continued. Raises `ForeignHub`."""
    existing = HubRequest.objects.select_for_update().filter(community=community, kind=facts.kind, state=RequestState.DRAFT).first()
    if existing is not None:
        return _complete(existing, prefilled(community, facts, by=by), by=by)
    if documents.is_too_large(facts.values):
        raise TooLarge
    row = HubRequest(
        community=community,
        kind=facts.kind,
        hub=hub_meant(community, facts),
        document=prefilled(community, facts, by=by),
        known={facts.source: dict(facts.values)} if facts.source else {},
        created_by=by.user,
    )
    row.hub = _hub_of(row, by=by)
    row.save()
    return row


@transaction.atomic
def draft_instead(begun: HubRequest, *, facts: HubFacts, by: Actor) -> HubRequest:
    """Take a draft back and begin one of its kind from these facts. Raises `WrongState` where it was sent meanwhile."""
    if _locked(begun).state != RequestState.DRAFT:
        raise WrongState(_("This request cannot be taken back any more."))
    cancel(begun, by=by)
    return draft(begun.community, facts=facts, by=by)


@transaction.atomic
def save(request: HubRequest, *, values: Mapping[str, Any], unsure: Collection[str] = (), by: Actor, version: int) -> HubRequest:
    """Keep answers by JSON pointer (None takes one away). Raises `Stale` when another version was read, `TooLarge`, `ForeignHub`."""
    row = _locked(request)
    if not row.can_change_answers:
        raise WrongState(_("The answers cannot change any more."))
    if row.version != version:
        raise Stale
    row.document = documents.changed(row.document, values)
    if documents.is_too_large(row.document):
        raise TooLarge
    row.unsure = sorted((set(row.unsure) - set(values)) | set(unsure))
    row.problems = [problem for problem in row.problems if problem["pointer"] not in values]
    row.version += 1
    row.hub = _hub_of(row, by=by)
    row.follow_document()
    row.save(update_fields=["document", "hub", "unsure", "problems", "version", "begins_at", "ends_at", "updated_at"])
    if row.state in states.OPEN_TO_ENGINEERS:
        _plan_again(row, by=by)
    return row


@transaction.atomic
def add_hub(request: HubRequest, *, by: Actor, version: int) -> HubRequest:
    """One more hub, as the first one under a name of its own. Raises `TooMany` and `Stale`."""
    hubs = request.document.get("hubs") or []
    if request.kind != Kind.NEW_HUB or not 0 < len(hubs) < MOST_HUBS:
        raise TooMany
    return save(request, values={"/hubs": [*hubs, another_hub(request.community, request.document)]}, by=by, version=version)


@transaction.atomic
def remove_hub(request: HubRequest, *, number: int, by: Actor, version: int) -> HubRequest:
    """Take one hub out; the others move up. Raises `TooMany` when it is the only one or none of them, and `Stale`."""
    hubs = request.document.get("hubs") or []
    if not (len(hubs) > 1 and number < len(hubs)):
        raise TooMany
    left = [spec for index, spec in enumerate(hubs) if index != number]
    unsure = [pointer for pointer in request.unsure if not pointer.startswith("/hubs/")]
    return save(request, values={"/hubs": left} | dict.fromkeys(request.unsure), unsure=unsure, by=by, version=version)


@transaction.atomic
def submit(request: HubRequest, *, by: Actor) -> HubRequest:
    """Send it to the engineers; the plan is made after commit. Raises `Incomplete` while answers of the community are missing, `ForeignHub`."""
    row = _locked(request)
    if owed := owed_by_community(row):
        raise Incomplete(owed)
    row.hub = _hub_of(row, by=by)
    row.move_to(RequestState.SUBMITTED, by=by)
    row.submitted_by, row.submitted_at, row.problems = by.user, timezone.now(), []
    row.revision += 1
    row.follow_document()
    drifting.begin(row)
    sent = ["hub", "submitted_by", "submitted_at", "problems", "revision", "known", "drift", "begins_at", "ends_at"]
    row.save(update_fields=[*sent, "updated_at"])
    row.wait_for_outside(tasks.carry_on)
    return row


@transaction.atomic
def take_answer(request: HubRequest, *, pointer: str, source: str, by: Actor) -> HubRequest:
    """Put the answer that changed elsewhere into the request; a plan is made again. Raises KeyError when nothing changed there."""
    row = _locked(request)
    after = next((drift["after"] for drift in row.drift if (drift["pointer"], drift["source"]) == (pointer, source)), None)
    _keep_drift(row, *drifting.without(row, pointer=pointer, source=source))
    log(row, "hubs.take_answer", user=by.user, data={"by": by.label, "pointer": pointer})
    return save(row, values={pointer: after}, by=by, version=row.version)


@transaction.atomic
def leave_answer(request: HubRequest, *, pointer: str, source: str, by: Actor) -> HubRequest:
    """Leave the request as it is, though the answer changed elsewhere. Raises KeyError when nothing changed there."""
    row = _locked(request)
    _keep_drift(row, *drifting.without(row, pointer=pointer, source=source))
    log(row, "hubs.leave_answer", user=by.user, data={"by": by.label, "pointer": pointer})
    return row


@transaction.atomic
def approve(request: HubRequest, *, plan_digest: str, by: Actor, not_before: datetime | None = None, at_once: bool = False) -> HubRequest:
    """Approve the plan that was looked at; closing a hub takes two people. The deployer starts after commit, or `not_before`.

    The second approver's `not_before` takes the place of the first's.
    A hub is closed after its last day at the earliest, unless both approvers say `at_once`.

    Raises `PlanChanged` when the digest is not the plan's, `Unsound` when one of its checks failed, `Unassessed` when another hub
    is asked for and nobody has recorded what it means, `SamePerson` when a second approval comes from the first approver.
    """
    row = _locked(request)
    if row.state != RequestState.PLANNED:
        raise WrongState(_("This request has no plan waiting for approval."))
    if row.plan_digest != plan_digest:
        raise PlanChanged
    if any(check["status"] == "fail" for check in row.plan.get("checks", [])):
        raise Unsound
    if lacks_assessment(row):
        raise Unassessed
    _set_start(row, not_before, at_once=at_once)
    if _is_first_of_two(row, by=by):
        return row
    row.move_to(RequestState.APPROVED, by=by, note=plan_digest)
    row.wait_for_outside(tasks.carry_on, pause=row.time_to_wait)
    return row


@transaction.atomic
def start_now(request: HubRequest, *, by: Actor) -> HubRequest:
    """Give what was approved for later to the deployer now. Raises `BeforeLastDay` for a hub that people may still use."""
    row = _locked(request)
    if row.state != RequestState.APPROVED or not row.time_to_wait:
        raise WrongState(_("This request does not wait for its day."))
    if row.after_last_day:
        raise BeforeLastDay(_("People were promised the hub until the end of its last day."))
    row.not_before = None
    row.save(update_fields=["not_before", "updated_at"])
    log(row, "hubs.start_now", user=by.user, data={"by": by.label})
    row.wait_for_outside(tasks.carry_on)
    return row


@transaction.atomic
def reject(request: HubRequest, *, reason: str, by: Actor) -> HubRequest:
    """Say no, with a reason the community reads."""
    return _end(_locked(request), RequestState.REJECTED, reason=reason, by=by)


@transaction.atomic
def cancel(request: HubRequest, *, by: Actor, reason: str = "") -> HubRequest:
    """Take it back; once the deployer has it, ask the deployer, who may still refuse."""
    row = _locked(request)
    if row.deployment_id and row.state in {RequestState.DEPLOYING, RequestState.WAITING}:
        return _ask_deployer(row, {"do": "cancel", "by": by.label, "reason": reason})
    return _end(row, RequestState.CANCELLED, reason=reason, by=by)


@transaction.atomic
def retry(request: HubRequest, *, by: Actor) -> HubRequest:
    """Try once more what failed: the step of the deployment, or, where that cannot be, everything from the plan on."""
    row = _locked(request)
    if row.state != RequestState.FAILED:
        raise WrongState(_("Only what has failed can be tried again."))
    if row.deployment_id and row.deployment.get("error", {}).get("retryable", True):
        row.move_to(RequestState.DEPLOYING, by=by)
        return _ask_deployer(row, {"do": "retry", "by": by.label, "attempt": row.deployment.get("attempt", 1)})
    row.move_to(RequestState.SUBMITTED, by=by)
    row.deployment_id, row.deployment, row.stage, row.orders, row.revision = "", {}, "", [], row.revision + 1
    row.save(update_fields=["deployment_id", "deployment", "stage", "orders", "revision"])
    _forget_plan(row)
    row.wait_for_outside(tasks.carry_on)
    return row


@transaction.atomic
def settle(
    request: HubRequest, *, key: str, status: str, by: Actor, note: str = "", outputs: Mapping[str, str] | None = None
) -> HubRequest:
    """Say that a precondition is met, or not needed. Raises KeyError when the plan has no such precondition."""
    row = _locked(request)
    if not row.can_be_settled:
        raise WrongState(_("There is nothing to settle now."))
    if key not in {precondition["key"] for precondition in row.preconditions}:
        raise KeyError(key)
    return _ask_deployer(row, {"do": "settle", "key": key, "status": status, "by": by.label, "note": note, "outputs": dict(outputs or {})})


def _locked(request: HubRequest) -> HubRequest:
    return HubRequest.objects.select_for_update(of=("self",)).select_related("community").get(pk=request.pk)


def _complete(row: HubRequest, document: dict[str, Any], *, by: Actor) -> HubRequest:
    """Facts fill gaps of an existing draft; what people wrote stays."""
    completed = documents.filled(row.document, document)
    if completed != row.document:
        row.document = completed
        row.version += 1
        row.hub = _hub_of(row, by=by)
        row.save(update_fields=["document", "hub", "version", "updated_at"])
    return row


def _hub_of(row: HubRequest, *, by: Actor) -> Hub | None:
    """The hub that the document names, which the request is about; as it was where none is named. Raises `ForeignHub`."""
    if row.kind == Kind.NEW_HUB or not (row.document.get("hub") and row.document.get("cluster")):
        return None if "new_hub" in row.document else row.hub
    hub = hub_named(row.document)
    if hub is not None and not access.can_ask_about(by, hub, row):
        raise ForeignHub
    return hub


def _plan_again(row: HubRequest, *, by: Actor) -> None:
    """The answers changed under the plan: it is made anew, and nobody has approved the new one."""
    if row.state == RequestState.PLANNED:
        row.move_to(RequestState.SUBMITTED, by=by, note=_("Answers changed; the plan is made again."))
    row.revision += 1
    row.save(update_fields=["revision"])
    _forget_plan(row)
    row.wait_for_outside(tasks.carry_on)


def _forget_plan(row: HubRequest) -> None:
    row.plan, row.plan_digest, row.planned_at, row.not_before = {}, "", None, None
    row.approved_by = row.approved_at = row.second_approved_by = row.second_approved_at = None
    row.save(
        update_fields=[
            "plan",
            "plan_digest",
            "planned_at",
            "not_before",
            "approved_by",
            "approved_at",
            "second_approved_by",
            "second_approved_at",
            "updated_at",
        ]
    )


def _set_start(row: HubRequest, not_before: datetime | None, *, at_once: bool) -> None:
    """The day said last counts, also that there is none. What one approver would not do at once waits for the hub's last day."""
    may_hurry = at_once and not row.waits_for_last_day
    days = [not_before, None if may_hurry else row.after_last_day]
    row.not_before = max((day for day in days if day is not None), default=None)
    row.save(update_fields=["not_before", "updated_at"])


def _keep_drift(row: HubRequest, drift: list[dict[str, Any]], known: dict[str, Any]) -> None:
    row.drift, row.known = drift, known
    row.save(update_fields=["drift", "known", "updated_at"])


def _is_first_of_two(row: HubRequest, *, by: Actor) -> bool:
    """Write the approval down; True while closing a hub still wants the second one."""
    if row.approved_by_id is None:
        row.approved_by, row.approved_at = by.user, timezone.now()
        row.save(update_fields=["approved_by", "approved_at", "updated_at"])
        return row.kind == Kind.DECOMMISSION
    if by.user is None or row.approved_by_id == by.user.pk:
        raise SamePerson
    row.second_approved_by, row.second_approved_at = by.user, timezone.now()
    row.save(update_fields=["second_approved_by", "second_approved_at", "updated_at"])
    return False


def _end(row: HubRequest, state: str, *, reason: str, by: Actor) -> HubRequest:
    row.reason, row.finished_at = reason, timezone.now()
    row.save(update_fields=["reason", "finished_at", "updated_at"])
    row.move_to(state, by=by, note=reason)
    row.settled()
    return row


def _ask_deployer(row: HubRequest, order: dict[str, Any]) -> HubRequest:
    """Queue an order for the deployer; before it has started, it is told when it does."""
    row.orders = [*row.orders, order]
    row.save(update_fields=["orders", "updated_at"])
    if row.deployment_id:
        row.wait_for_outside(tasks.carry_on)
    return row
