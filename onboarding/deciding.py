"""Deciding: one person proposes, another approves; what was thought stays, even when it is set aside."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ground.actors import Actor
from ground.states import WrongState
from onboarding import conflicts, letters, opinions
from onboarding.models import Application, Decision, RubricVersion
from onboarding.scoring import FlagKind, Summary
from onboarding.states import OPEN_TO_REVIEW, DecisionState, Outcome


class TooFewReviews(Exception):
    """The rubric asks for more submitted reviews before anything is decided."""


class SamePerson(Exception):
    """A decision is approved by somebody who did not propose it."""


@transaction.atomic
def propose(application: Application, *, outcome: Outcome, reasons: str, conditions: str = "", by: Actor) -> Decision:
    """Propose what to answer, with a draft of the letter. Raises `TooFewReviews`, `Conflicted` and `WrongState`."""
    application = Application.objects.select_for_update().get(pk=application.pk)
    if application.state not in OPEN_TO_REVIEW or application.decisions.standing().exists():
        raise WrongState(_("This application is not waiting for a proposal."))
    proposer = conflicts.refuse_hard(application, by=by)
    said = opinions.summary(application, opinions.submitted(application))
    if said.has_flag(FlagKind.FEW_REVIEWS):
        raise TooFewReviews
    decision = Decision.objects.create(
        application=application,
        outcome=outcome,
        reasons=reasons,
        conditions=conditions,
        reviews_said=_frozen(said),
        second_person=RubricVersion.objects.current(application.programme).content.needs_second_person,
        proposed_by=proposer,
        proposed_at=timezone.now(),
    )
    letters.draft(decision, by=by)
    log(decision, "onboarding.propose", user=by.user, data={"outcome": str(outcome), "by": by.label})
    return decision


@transaction.atomic
def approve(decision: Decision, *, by: Actor) -> Decision:
    """Approve a proposal and its letter as they stand. Raises `SamePerson`, `Conflicted` and `WrongState`."""
    decision = _locked(decision)
    if decision.second_person and by.user == decision.proposed_by:
        raise SamePerson
    conflicts.refuse_hard(decision.application, by=by)
    if decision.state == DecisionState.PROPOSED:
        decision.approved_by, decision.approved_at = by.user, timezone.now()
        decision.save(update_fields=["approved_by", "approved_at"])
    decision.move_to(DecisionState.APPROVED, by=by)
    letters.approve(decision, by=by)
    log(decision, "onboarding.approve", user=by.user, data={"by": by.label})
    return decision


@transaction.atomic
def set_aside(decision: Decision, *, reason: str, by: Actor) -> Decision:
    """Drop a proposal or an approval that was not released, so that another can be made. Raises `Conflicted` and `WrongState`."""
    decision = _locked(decision)
    conflicts.refuse_hard(decision.application, by=by)
    decision = decision.move_to(DecisionState.SET_ASIDE, by=by, note=reason)
    log(decision, "onboarding.set_aside", user=by.user, data={"reason": reason, "by": by.label})
    return decision


def _locked(decision: Decision) -> Decision:
    return Decision.objects.select_for_update(of=("self",)).select_related("application", "proposed_by").get(pk=decision.pk)


def _frozen(said: Summary) -> dict[str, Any]:
    """The reviews in numbers as they were when it was proposed."""
    return {
        "count": said.count,
        "median": None if said.median is None else str(said.median),
        "mean": None if said.mean is None else str(said.mean),
        "flags": [{"kind": str(flag.kind), "criterion": flag.criterion} for flag in said.flags],
    }
