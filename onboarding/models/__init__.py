"""The onboarding room's rows."""

from onboarding.models.applications import AnswerRevision, Application, ResumeToken
from onboarding.models.decisions import Decision, Letter
from onboarding.models.drafts import FormDraft, PlanDraft, RubricDraft
from onboarding.models.forms import FieldRename, FormDefinition, FormVersion
from onboarding.models.plans import Item, OnboardingPlan, Phase, PlanTemplateVersion
from onboarding.models.policies import CommandPolicy, ReviewPolicy
from onboarding.models.reviews import Conflict, GateAnswer, Review, Score
from onboarding.models.rubrics import Rubric, RubricVersion

__all__ = [
    "AnswerRevision",
    "Application",
    "CommandPolicy",
    "Conflict",
    "Decision",
    "FieldRename",
    "FormDefinition",
    "FormDraft",
    "FormVersion",
    "GateAnswer",
    "Item",
    "Letter",
    "OnboardingPlan",
    "Phase",
    "PlanDraft",
    "PlanTemplateVersion",
    "ResumeToken",
    "Review",
    "ReviewPolicy",
    "Rubric",
    "RubricDraft",
    "RubricVersion",
    "Score",
]
