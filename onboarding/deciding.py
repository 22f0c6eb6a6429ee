"""Deciding: one person proposes, another approves; what was thought stays, even when it is set aside."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from ground.actors import Actor
from ground.states import WrongState
from onboarding import conflicts, intake, letters, opinions
from onboarding.models import Application, Decision, Letter, RubricVersion
from onboarding.scoring import FlagKind, Summary
from onboarding.states import OPEN_TO_REVIEW, ApplicationState, DecisionState, Outcome

SAYS_MORE: Mapping[str, Promise] = {
    Outcome.ACCEPT_WITH_CONDITIONS: gettext_lazy("Say which conditions; the applicant reads them in the letter."),
    Outcome.REFER: gettext_lazy("Say where else to go; the applicant reads it in the letter."),
}


class Unsaid(Exception):
    """A proposal leaves out what its outcome needs; `problems` are words by field."""

    def __init__(self, problems: Mapping[str, str | Promise]) -> None:
        super().__init__(", ".join(problems))
        self.problems = problems


class TooFewReviews(Exception):
    """The rubric asks for more submitted reviews before anything is decided."""


class SamePerson(Exception):
    """A decision is approved by somebody who did not propose it."""


class OwnLetter(Exception):
    """A letter is approved by somebody who did not write its words."""


class ChangedMeanwhile(Exception):
    """What is approved is not what was read."""


def unsaid(*, outcome: str, conditions: str, look_again_on: date | None) -> dict[str, str | Promise]:
    """What a proposal of that outcome still has to say, by field."""
    problems: dict[str, str | Promise] = {}
    if outcome in SAYS_MORE and not conditions.strip("-•* \t\r\n"):
        problems["conditions"] = SAYS_MORE[outcome]
    if outcome == Outcome.WAITLIST and look_again_on is not None and look_again_on <= timezone.localdate():
        problems["look_again_on"] = _("Choose a day that is still to come.")
    return problems


@transaction.atomic
def propose(
    application: Application,
    *,
    outcome: Outcome,
    reasons: str,
    conditions: str = "",
    reason_codes: Sequence[str] = (),
    look_again_on: date | None = None,
    by: Actor,
) -> Decision:
    """Propose what to answer, with a draft of the letter. Raises `Unsaid`, `TooFewReviews`, `Conflicted` and `WrongState`."""
    if problems := unsaid(outcome=outcome, conditions=conditions, look_again_on=look_again_on):
        raise Unsaid(problems)
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
        reason_codes=sorted(reason_codes),
        look_again_on=look_again_on if outcome == Outcome.WAITLIST else None,
        reviews_said=_frozen(said),
        second_person=RubricVersion.objects.current(application.programme).content.needs_second_person,
        proposed_by=proposer,
        proposed_at=timezone.now(),
    )
    letters.draft(decision)
    log(decision, "onboarding.propose", user=by.user, data={"outcome": str(outcome), "by": by.label})
    return decision


@transaction.atomic
def approve(decision: Decision, *, seen: str = "", by: Actor) -> Decision:
    """Approve a proposal and its letters as they stand; `seen` is the `fingerprint` of what was read.

    Raises `SamePerson`, `OwnLetter`, `ChangedMeanwhile`, `Conflicted` and `WrongState`.
    """
    decision = _locked(decision)
    written = list(decision.letters.select_for_update())
    if decision.second_person and by.user == decision.proposed_by:
        raise SamePerson
    if decision.second_person and decision.has_letter_by(by.user):
        raise OwnLetter
    if seen and seen != fingerprint(decision, written):
        raise ChangedMeanwhile
    conflicts.refuse_hard(decision.application, by=by)
    if decision.state == DecisionState.PROPOSED:
        decision.approved_by, decision.approved_at = by.user, timezone.now()
        decision.save(update_fields=["approved_by", "approved_at"])
    decision.move_to(DecisionState.APPROVED, by=by)
    letters.approve(decision, by=by)
    log(decision, "onboarding.approve", user=by.user, data={"by": by.label})
    return decision


def fingerprint(decision: Decision, written: Iterable[Letter]) -> str:
    """What the decision and its letters say, in a few letters: whoever approves shows that it is what they read."""
    told = sorted([letter.language, letter.subject, letter.body] for letter in written)
    said = [decision.pk, decision.outcome, decision.reasons, decision.conditions, str(decision.look_again_on), told]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:20]


@transaction.atomic
def set_aside(decision: Decision, *, reason: str, by: Actor) -> Decision:
    """Drop a proposal or an approval that was not released, so that another can be made. Raises `Conflicted` and `WrongState`."""
    decision = _locked(decision)
    conflicts.refuse_hard(decision.application, by=by)
    decision = decision.move_to(DecisionState.SET_ASIDE, by=by, note=reason)
    log(decision, "onboarding.set_aside", user=by.user, data={"reason": reason, "by": by.label})
    return decision


@transaction.atomic
def call_discussion(application: Application, *, by: Actor, note: str = "") -> Application:
    """Let the reviewers talk about it before anybody proposes. Raises `WrongState`."""
    return application.move_to(ApplicationState.DISCUSSION, by=by, note=note)


@transaction.atomic
def return_to_review(application: Application, *, reason: str, by: Actor) -> Application:
    """Back from discussion to the reviewers. Raises `WrongState`."""
    if application.state != ApplicationState.DISCUSSION:
        raise WrongState(_("This application is not being discussed."))
    return application.move_to(ApplicationState.IN_REVIEW, by=by, note=reason)


@transaction.atomic
def reopen(application: Application, *, reason: str, to: str = ApplicationState.IN_REVIEW, by: Actor) -> Application:
    """Take an application up again that was told no, or to wait; what was decided stays written down.

    Raises `WrongState` unless a decision was released that founded no community, and `Conflicted`.
    """
    row = Application.objects.select_for_update().get(pk=application.pk)
    decision = row.decisions.standing().filter(state=DecisionState.RELEASED, community__isnull=True).first()
    if row.state != ApplicationState.DECIDED or decision is None or to not in OPEN_TO_REVIEW:
        raise WrongState(_("This application cannot be taken up again."))
    conflicts.refuse_hard(row, by=by)
    decision.move_to(DecisionState.SUPERSEDED, by=by, note=reason)
    row.outcome, row.retain_until = "", None
    row.save(update_fields=["outcome", "retain_until"])
    log(decision, "onboarding.reopen", user=by.user, data={"reason": reason, "by": by.label})
    return row.move_to(to, by=by, note=reason)


@transaction.atomic
def withdraw(application: Application, *, by: Actor, note: str = "") -> Application:
    """Take an application back; a decision nobody was told yet is set aside with it. Raises `WrongState`."""
    for decision in application.decisions.pending():
        decision.move_to(DecisionState.SET_ASIDE, by=by, note=note)
    return intake.withdraw(application, by=by, note=note)


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
