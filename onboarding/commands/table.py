"""The table of commands: right, states, guards, and the public function each of them calls."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from communities.access import Right
from ground.states import WrongState
from onboarding import acceptance, correcting, deciding, duplicates, intake, meetings, screening
from onboarding.access import DECIDE, HANDLE_APPLICATIONS, PROPOSE
from onboarding.commands import guards, needs
from onboarding.commands.guards import Guard, Situation
from onboarding.models import Decision
from onboarding.screening import GateSays
from onboarding.states import OPEN_TO_REVIEW, PENDING_DECISIONS, ApplicationState, DecisionState, GateResult

Run = Callable[[Situation, str], object]

BEFORE_A_DECISION = frozenset({ApplicationState.APPLIED, ApplicationState.SCREENING, *OPEN_TO_REVIEW})
SCREENED = BEFORE_A_DECISION - {ApplicationState.APPLIED}


@dataclass(frozen=True)
class Command:
    """One command. `about` are the states of the standing decision it is about; `run` gets the note of an override."""

    key: str
    words: str | Promise
    right: Right | None
    states: Collection[str]
    run: Run
    needs: type[serializers.Serializer[Any]] = needs.NothingMore
    guards: tuple[Guard, ...] = ()
    about: Collection[str] = frozenset()
    by_applicant: bool = False

    @property
    def may_be_overridden(self) -> bool:
        return any(guard.may_be_overridden for guard in self.guards)


def decision_of(case: Situation) -> Decision:
    """The decision that is being made; `WrongState` without one."""
    if case.decision is None:
        raise WrongState(gettext("No decision is proposed."))
    return case.decision


def gates_of(case: Situation) -> list[GateSays]:
    """What is said of each gate."""
    return [GateSays(key, GateResult(result)) for key, result in case.data["gates"].items()]


TABLE = [
    Command(
        "verify",
        _("Confirm the e-mail address"),
        HANDLE_APPLICATIONS,
        {ApplicationState.APPLIED},
        lambda case, _note: intake.verify(case.application, by=case.by),
        guards=(guards.NO_SPAM,),
        by_applicant=True,
    ),
    Command(
        "answer_gates",
        _("Answer the gates"),
        PROPOSE,
        BEFORE_A_DECISION,
        lambda case, _note: screening.answer_gates(case.application, answers=gates_of(case), by=case.by),
        needs.Gates,
        (guards.NO_CONFLICT, guards.NO_SPAM, guards.NO_DUPLICATE),
    ),
    Command(
        "start_review",
        _("Start the review"),
        DECIDE,
        {ApplicationState.SCREENING},
        lambda case, note: screening.start_review(case.application, note=note, by=case.by),
        needs.WithOverride,
        (guards.NO_CONFLICT, guards.NO_SPAM, guards.NO_DUPLICATE, guards.ANSWERS, guards.GATES),
    ),
    Command(
        "call_discussion",
        _("Call for discussion"),
        DECIDE,
        {ApplicationState.IN_REVIEW},
        lambda case, note: meetings.call_discussion(case.application, note=note, by=case.by),
        needs.WithOverride,
        (guards.NO_CONFLICT, guards.NO_SPAM, guards.NO_DUPLICATE, guards.NOTHING_PENDING, guards.REVIEWS_TO_DISCUSS),
    ),
    Command(
        "return_to_review",
        _("Return to review"),
        DECIDE,
        {ApplicationState.DISCUSSION},
        lambda case, _note: deciding.return_to_review(case.application, by=case.by, **case.data),
        needs.Reason,
        (guards.NO_CONFLICT, guards.NOTHING_PENDING),
    ),
    Command(
        "propose",
        _("Propose a decision"),
        PROPOSE,
        OPEN_TO_REVIEW,
        lambda case, _note: deciding.propose(case.application, by=case.by, **case.data),
        needs.Proposal,
        (guards.NO_CONFLICT, guards.NO_SPAM, guards.NO_DUPLICATE, guards.NOTHING_PROPOSED, guards.ENOUGH_REVIEWS),
    ),
    Command(
        "approve",
        _("Approve decision and letter"),
        DECIDE,
        OPEN_TO_REVIEW,
        lambda case, _note: deciding.approve(decision_of(case), by=case.by, **case.data),
        needs.Approval,
        (guards.NO_CONFLICT, guards.SOMEBODY_ELSE, guards.NOT_ONES_LETTER),
        about={DecisionState.PROPOSED},
    ),
    Command(
        "release",
        _("Release decision"),
        DECIDE,
        OPEN_TO_REVIEW,
        lambda case, _note: acceptance.release(decision_of(case), by=case.by),
        guards=(guards.NO_CONFLICT, guards.NO_SPAM, guards.NO_DUPLICATE, guards.LETTER),
        about={DecisionState.APPROVED},
    ),
    Command(
        "set_aside",
        _("Set this decision aside"),
        DECIDE,
        OPEN_TO_REVIEW,
        lambda case, _note: deciding.set_aside(decision_of(case), by=case.by, **case.data),
        needs.Reason,
        (guards.NO_CONFLICT,),
        PENDING_DECISIONS,
    ),
    Command(
        "reopen",
        _("Take up again"),
        DECIDE,
        {ApplicationState.DECIDED},
        lambda case, _note: deciding.reopen(case.application, by=case.by, **case.data),
        needs.Reopening,
        (guards.NO_CONFLICT, guards.FOUNDED_NOTHING),
        {DecisionState.RELEASED},
    ),
    Command(
        "ask",
        _("Ask the applicant"),
        PROPOSE,
        SCREENED,
        lambda case, _note: correcting.ask(case.application, by=case.by, **case.data),
        needs.Question,
        (guards.NO_CONFLICT, guards.NO_SPAM, guards.NO_DUPLICATE),
    ),
    Command(
        "answer",
        _("Answer what was asked"),
        None,
        SCREENED,
        lambda case, _note: correcting.answer(case.application, by=case.by),
        guards=(guards.WAITING,),
        by_applicant=True,
    ),
    Command(
        "mark_duplicate",
        _("Mark as a second copy"),
        HANDLE_APPLICATIONS,
        BEFORE_A_DECISION | {ApplicationState.WITHDRAWN},
        lambda case, _note: duplicates.join(case.data["kept"], case.application, by=case.by),
        needs.Copy,
        (guards.NO_CONFLICT, guards.NO_DUPLICATE, guards.NOTHING_PENDING, guards.ANOTHER),
    ),
    Command(
        "spam",
        _("Mark as spam"),
        HANDLE_APPLICATIONS,
        BEFORE_A_DECISION,
        lambda case, _note: screening.mark_spam(case.application, by=case.by),
        guards=(guards.NO_CONFLICT, guards.NO_SPAM, guards.NOTHING_PENDING),
    ),
    Command(
        "not_spam",
        _("This is no spam"),
        HANDLE_APPLICATIONS,
        BEFORE_A_DECISION,
        lambda case, _note: screening.not_spam(case.application, by=case.by),
        guards=(guards.NO_CONFLICT, guards.SPAM),
    ),
    Command(
        "withdraw",
        _("Withdraw"),
        HANDLE_APPLICATIONS,
        {ApplicationState.DRAFT, *BEFORE_A_DECISION},
        lambda case, _note: deciding.withdraw(case.application, by=case.by, **case.data),
        needs.WithNote,
        (guards.NO_CONFLICT,),
        by_applicant=True,
    ),
]

COMMANDS: dict[str, Command] = {command.key: command for command in TABLE}
