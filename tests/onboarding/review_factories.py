"""Rubrics, reviews and decisions for tests, made as the product makes them."""

from typing import Any

from communities.models import User
from communities.roles import StaffGroup
from onboarding import deciding, reviewing, rubric_defaults, screening
from onboarding.models import Application, Decision, Review, RubricVersion
from onboarding.scoring import Mark
from onboarding.states import ConflictKind, GateResult, Outcome
from tests.factories import ProgrammeFactory, acting, staff
from tests.onboarding.factories import AnswerRevisionFactory, ApplicationFactory


def rubric() -> RubricVersion:
    """The default rubric, published; the default plan comes with it."""
    programme = ProgrammeFactory()
    rubric_defaults.ensure()
    return RubricVersion.objects.current(programme)


def reviewer(**fields: Any) -> User:
    return staff(StaffGroup.REVIEWER, **fields)


def lead(**fields: Any) -> User:
    return staff(StaffGroup.REVIEW_LEAD, **fields)


def screened(**fields: Any) -> Application:
    """A confirmed application with its first answers, waiting to be opened to reviewers."""
    rubric()
    application = ApplicationFactory(**fields)
    AnswerRevisionFactory(application=application)
    return application


def with_gates(application: Application, result: str = GateResult.YES) -> Application:
    """The same application, every gate of the rubric answered."""
    says = [screening.GateSays(gate.key, GateResult(result)) for gate in rubric().content.gates]
    screening.answer_gates(application, answers=says, by=acting(lead()))
    return application


def in_review(**fields: Any) -> Application:
    return screening.start_review(screened(**fields), by=acting(lead()))


def marks(level: int = 3, **others: int) -> list[Mark]:
    """Every criterion of the default rubric at that level, but for the ones named."""
    return [Mark(key, others.get(key, level)) for key in rubric().content.weights]


def reviewed(
    application: Application, user: User | None = None, *, level: int = 3, recommendation: str = Outcome.ACCEPT, **others: int
) -> Review:
    """A submitted review of somebody without a conflict."""
    by = acting(user or reviewer())
    reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=by)
    return reviewing.record(application, scores=marks(level, **others), recommendation=recommendation, by=by)


def proposed(application: Application | None = None, *, outcome: str = Outcome.ACCEPT, by: User | None = None, **fields: Any) -> Decision:
    """A proposal on an application that two people reviewed."""
    application = application or in_review()
    for _ in range(2 - application.reviews.submitted().count()):
        reviewed(application)
    return deciding.propose(application, outcome=outcome, reasons="Two good reviews.", by=acting(by or lead()), **fields)


def approved(application: Application | None = None, **fields: Any) -> Decision:
    return deciding.approve(proposed(application, **fields), by=acting(lead()))
