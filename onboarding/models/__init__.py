"""The onboarding room's rows."""

from onboarding.models.applications import AnswerRevision, Application, ResumeToken
from onboarding.models.decisions import Decision, Letter
from onboarding.models.forms import FormDefinition, FormVersion
from onboarding.models.meetings import Meeting, MeetingItem
from onboarding.models.plans import Item, OnboardingPlan, Phase, PlanTemplateVersion
from onboarding.models.policies import CommandPolicy, Override, ReviewPolicy
from onboarding.models.reviews import Conflict, GateAnswer, Review, Score
from onboarding.models.rubrics import Rubric, RubricVersion

__all__ = [
    "AnswerRevision",
    "Application",
    "CommandPolicy",
    "Conflict",
    "Decision",
    "FormDefinition",
    "FormVersion",
    "GateAnswer",
    "Item",
    "Letter",
    "Meeting",
    "MeetingItem",
    "OnboardingPlan",
    "Override",
    "Phase",
    "PlanTemplateVersion",
    "ResumeToken",
    "Review",
    "ReviewPolicy",
    "Rubric",
    "RubricVersion",
    "Score",
]
