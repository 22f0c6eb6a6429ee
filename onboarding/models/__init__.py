"""The onboarding room's rows."""

from onboarding.models.agreements import Agreement
from onboarding.models.applications import AnswerRevision, Application, ResumeToken
from onboarding.models.asked import Asking
from onboarding.models.decisions import Decision, Letter
from onboarding.models.endings import Ending, EndingLetter
from onboarding.models.forms import FormDefinition, FormVersion
from onboarding.models.plans import Item, OnboardingPlan, Phase, PlanTemplateVersion
from onboarding.models.policies import CommandPolicy, ReviewPolicy
from onboarding.models.reviews import Conflict, GateAnswer, Review, Score
from onboarding.models.rubrics import Rubric, RubricVersion
from onboarding.models.values import ValueWatch

__all__ = [
    "Agreement",
    "AnswerRevision",
    "Application",
    "Asking",
    "CommandPolicy",
    "Conflict",
    "Decision",
    "Ending",
    "EndingLetter",
    "FormDefinition",
    "FormVersion",
    "GateAnswer",
    "Item",
    "Letter",
    "OnboardingPlan",
    "Phase",
    "PlanTemplateVersion",
    "ResumeToken",
    "Review",
    "ReviewPolicy",
    "Rubric",
    "RubricVersion",
    "Score",
    "ValueWatch",
]
