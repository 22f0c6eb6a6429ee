"""Guards: what must be so before a command is carried out, one small question each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ground.actors import Actor
from onboarding import conflicts, correcting
from onboarding.models import Application, Decision, RubricVersion
from onboarding.questions.progress import missing
from onboarding.rubric import RubricContent
from onboarding.states import ACCEPTANCES, GateResult, LetterState


@dataclass
class Situation:
    """One command about to be given; what the guards ask about is looked up once."""

    application: Application
    by: Actor
    data: Mapping[str, Any] = field(default_factory=dict)

    def knowing(self, facts: Mapping[str, Any]) -> "Situation":
        """With these facts, which are then not looked up again."""
        vars(self).update(facts)
        return self

    @cached_property
    def decision(self) -> Decision | None:
        return self.application.decisions.standing().select_related("proposed_by").first()

    @cached_property
    def rubric(self) -> RubricContent:
        return RubricVersion.objects.current(self.application.programme_id).content

    @cached_property
    def is_conflicted(self) -> bool:
        conflict = conflicts.declared(self.application, by=self.by)
        return conflict is not None and conflict.is_hard

    @cached_property
    def reviews(self) -> int:
        return self.application.reviews.submitted().count()

    @cached_property
    def gates(self) -> Mapping[str, str]:
        return dict(self.application.gate_answers.values_list("gate", "result"))

    @cached_property
    def letters(self) -> frozenset[str]:
        """The states of the standing decision's letters."""
        return frozenset(self.decision.letters.values_list("state", flat=True)) if self.decision else frozenset()


@dataclass(frozen=True)
class Guard:
    """One condition. `rule` says it in the table of rights, `refusal` to whom it stops; some may be overridden with a reason."""

    key: str
    rule: str | Promise
    refusal: str | Promise
    holds: Callable[[Situation], bool]
    may_be_overridden: bool = False


def has_no_conflict(case: Situation) -> bool:
    return not case.is_conflicted


def is_no_spam(case: Situation) -> bool:
    return case.application.spam_at is None


def is_spam(case: Situation) -> bool:
    return case.application.spam_at is not None


def is_no_duplicate(case: Situation) -> bool:
    return case.application.duplicate_of_id is None


def has_something_to_answer(case: Situation) -> bool:
    """Something was asked, or answers were changed unasked while that is possible."""
    row = case.application
    return row.is_waiting or (correcting.may_correct(row) and correcting.pending(row).pk is not None)


def has_answers(case: Situation) -> bool:
    """Everything that reviewers need is answered."""
    return not missing(case.application.form_version.form, case.application.answers, "review")


def has_gates(case: Situation) -> bool:
    """Every gate of the rubric was looked at, and none is still open."""
    return all(case.gates.get(gate.key, GateResult.UNKNOWN) != GateResult.UNKNOWN for gate in case.rubric.gates)


def has_enough_reviews(case: Situation) -> bool:
    return case.reviews >= case.rubric.rules.min_reviews


def has_nothing_pending(case: Situation) -> bool:
    return case.decision is None or not case.decision.is_pending


def is_somebody_else(case: Situation) -> bool:
    """Whoever approves did not propose, where the rubric asks for two people."""
    return case.decision is None or not case.decision.second_person or case.decision.proposed_by != case.by.user


def is_not_ones_letter(case: Situation) -> bool:
    """Whoever approves did not write the words of a letter either."""
    return case.decision is None or not case.decision.second_person or not case.decision.has_letter_by(case.by.user)


def has_approved_letter(case: Situation) -> bool:
    return LetterState.DRAFT not in case.letters


def founded_nothing(case: Situation) -> bool:
    """No community came of it: what was founded is never taken back here."""
    return case.application.community_id is None and case.application.outcome not in ACCEPTANCES


def names_another(case: Situation) -> bool:
    """The application that is kept is another one, and not itself a second copy. Without one named yet there is nothing to refuse."""
    kept = case.data.get("kept")
    return kept is None or (kept.pk != case.application.pk and kept.duplicate_of_id is None)


NO_CONFLICT = Guard(
    "conflict-of-interest",
    _("no conflict of interest"),
    _("You said that you cannot judge this application."),
    has_no_conflict,
)
NO_SPAM = Guard("spam", _("not marked as spam"), _("This application is marked as spam."), is_no_spam)
SPAM = Guard("not-spam", _("marked as spam"), _("This application is not marked as spam."), is_spam)
NO_DUPLICATE = Guard("duplicate", _("not a second copy"), _("This application is a second copy of another one."), is_no_duplicate)
WAITING = Guard(
    "not-waiting",
    _("the applicant was asked something, or changed answers before the review"),
    _("Nothing is asked of the applicant now."),
    has_something_to_answer,
)
ANSWERS = Guard(
    "answers-missing",
    _("every answer that reviewers need is there"),
    _("Some answers that reviewers need are missing."),
    has_answers,
    may_be_overridden=True,
)
GATES = Guard("gates-open", _("every gate is answered"), _("Some gates are still open."), has_gates, may_be_overridden=True)
ENOUGH_REVIEWS = Guard("too-few-reviews", _("enough reviews are in"), _("There are not enough reviews yet."), has_enough_reviews)
REVIEWS_TO_DISCUSS = Guard(
    "too-few-reviews", _("enough reviews are in"), _("There are not enough reviews yet."), has_enough_reviews, may_be_overridden=True
)
NOTHING_PENDING = Guard(
    "decision-pending", _("no decision is proposed"), _("A decision is proposed. Set it aside first."), has_nothing_pending
)
NOTHING_PROPOSED = Guard("wrong-state", _("no decision is proposed"), _("A decision is proposed already."), has_nothing_pending)
SOMEBODY_ELSE = Guard(
    "same-person", _("somebody else proposed it"), _("You proposed this. Another review lead approves it."), is_somebody_else
)
NOT_ONES_LETTER = Guard(
    "own-letter",
    _("somebody else edited the letter last"),
    _("You edited the letter last. Another review lead approves it."),
    is_not_ones_letter,
)
LETTER = Guard("letter-not-approved", _("the letter is approved"), _("The letter is not approved yet."), has_approved_letter)
FOUNDED_NOTHING = Guard(
    "community-founded",
    _("no community came of it"),
    _("A community came of this application, so it cannot be taken up again."),
    founded_nothing,
)
ANOTHER = Guard(
    "not-another",
    _("the one that is kept is another application"),
    _("Choose another application that is not a second copy itself."),
    names_another,
)
