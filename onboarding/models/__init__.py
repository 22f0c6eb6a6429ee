"""The onboarding room's rows."""

from onboarding.models.applications import AnswerRevision, Application, ResumeToken
from onboarding.models.assignments import Assignment
from onboarding.models.calibration import CalibrationExample, CalibrationPractice
from onboarding.models.conflicts import Conflict
from onboarding.models.decisions import Decision, Letter
from onboarding.models.doubles import DuplicateLink
from onboarding.models.forms import FormDefinition, FormVersion
from onboarding.models.plans import Item, OnboardingPlan, Phase, PlanTemplateVersion
from onboarding.models.policies import CommandPolicy, ReviewPolicy
from onboarding.models.reviews import Confidence, GateAnswer, Review, Score
from onboarding.models.rubrics import Rubric, RubricVersion

__all__ = [
    "AnswerRevision",
    "Application",
    "Assignment",
    "CalibrationExample",
    "CalibrationPractice",
    "CommandPolicy",
    "Confidence",
    "Conflict",
    "Decision",
    "DuplicateLink",
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
]
