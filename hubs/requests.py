"""Deciding about hub requests: draft, save, submit, approve, reject, settle, retry, cancel. The outside follows the commit."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import Community
from ground.actors import Actor
from ground.states import WrongState
from hubs import documents, schema, states, tasks
from hubs.documents import HubFacts
from hubs.models import HubRequest
from hubs.prefill import hub_meant, prefilled
from hubs.schema import Missing
from hubs.states import Kind, RequestState


class Stale(Exception):
    """Somebody else saved the answers meanwhile; what they saved is in the row."""


class Incomplete(Exception):
    """Answers the community owes are missing; `missing` names them."""

    def __init__(self, missing: list[Missing]) -> None:
        super().__init__(", ".join(row.pointer for row in missing))
        self.missing = missing


class PlanChanged(Exception):
    """The plan is not the one that was looked at."""


class Unsound(Exception):
    """A check of the plan failed, so it cannot be approved."""


class SamePerson(Exception):
    """Closing a hub takes the approval of two people; this one has approved already."""


@transaction.atomic
def draft(community: Community, *, facts: HubFacts, by: Actor) -> HubRequest:
    """The community's draft of that kind, prefilled from the facts and from what we know; an existing one is continued."""
    existing = HubRequest.objects.select_for_update().filter(community=community, kind=facts.kind, state=RequestState.DRAFT).first()
    if existing is not None:
        return _complete(existing, prefilled(community, facts, by=by))
    return HubRequest.objects.create(
        community=community,
        kind=facts.kind,
        hub=hub_meant(community, facts),
        document=prefilled(community, facts, by=by),
        created_by=by.user,
    )


@transaction.atomic
def save(request: HubRequest, *, values: Mapping[str, Any], unsure: Collection[str] = (), by: Actor, version: int) -> HubRequest:
    """Keep answers by JSON pointer (None takes one away). Raises `Stale` when another version was read."""
    row = _locked(request)
    if not row.can_change_answers:
        raise WrongState(_("The answers cannot change any more."))
    if row.version != version:
        raise Stale
    row.document = documents.changed(row.document, values)
    row.unsure = sorted((set(row.unsure) - set(values)) | set(unsure))
    row.problems = [problem for problem in row.problems if problem["pointer"] not in values]
    row.version += 1
    row.save(update_fields=["document", "unsure", "problems", "version", "updated_at"])
    if row.state in states.OPEN_TO_ENGINEERS:
        _plan_again(row, by=by)
    return row


@transaction.atomic
def submit(request: HubRequest, *, by: Actor) -> HubRequest:
    """Send it to the engineers; the plan is made after commit. Raises `Incomplete` while answers of the community are missing."""
    row = _locked(request)
    if owed := owed_by_community(row):
        raise Incomplete(owed)
    row.move_to(RequestState.SUBMITTED, by=by)
    row.submitted_by, row.submitted_at, row.problems = by.user, timezone.now(), []
    row.revision += 1
    row.save(update_fields=["submitted_by", "submitted_at", "problems", "revision", "updated_at"])
    row.wait_for_outside(tasks.carry_on)
    return row


@transaction.atomic
def approve(request: HubRequest, *, plan_digest: str, by: Actor) -> HubRequest:
    """Approve the plan that was looked at; closing a hub takes two people. The deployer starts after commit.

    Raises `PlanChanged` when the digest is not the plan's, `Unsound` when one of its checks failed, `SamePerson` when a second
    approval comes from the first approver.
    """
    row = _locked(request)
    if row.state != RequestState.PLANNED:
        raise WrongState(_("This request has no plan waiting for approval."))
    if row.plan_digest != plan_digest:
        raise PlanChanged
    if any(check["status"] == "fail" for check in row.plan.get("checks", [])):
        raise Unsound
    if _is_first_of_two(row, by=by):
        return row
    row.move_to(RequestState.APPROVED, by=by, note=plan_digest)
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


def missing(request: HubRequest) -> list[Missing]:
    """Which answers are missing, by phase, and who owes each; computed from the schema, never ticked."""
    return schema.missing(request.document)


def owed_by_community(request: HubRequest) -> list[Missing]:
    """What keeps the request from being sent. What the community does not know yet is found out together, after sending."""
    return [answer for answer in missing(request) if answer.supplier == "community" and answer.pointer not in request.unsure]


def _locked(request: HubRequest) -> HubRequest:
    return HubRequest.objects.select_for_update(of=("self",)).select_related("community").get(pk=request.pk)


def _complete(row: HubRequest, document: dict[str, Any]) -> HubRequest:
    """Facts fill gaps of an existing draft; what people wrote stays."""
    completed = documents.filled(row.document, document)
    if completed != row.document:
        row.document = completed
        row.version += 1
        row.save(update_fields=["document", "version", "updated_at"])
    return row


def _plan_again(row: HubRequest, *, by: Actor) -> None:
    """The answers changed under the plan: it is made anew, and nobody has approved the new one."""
    if row.state == RequestState.PLANNED:
        row.move_to(RequestState.SUBMITTED, by=by, note=_("Answers changed; the plan is made again."))
    row.revision += 1
    row.save(update_fields=["revision"])
    _forget_plan(row)
    row.wait_for_outside(tasks.carry_on)


def _forget_plan(row: HubRequest) -> None:
    row.plan, row.plan_digest, row.planned_at = {}, "", None
    row.approved_by = row.approved_at = row.second_approved_by = row.second_approved_at = None
    row.save(
        update_fields=[
            "plan",
            "plan_digest",
            "planned_at",
            "approved_by",
            "approved_at",
            "second_approved_by",
            "second_approved_at",
            "updated_at",
        ]
    )


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
