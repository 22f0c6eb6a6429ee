"""The onboarding room's rows."""

from onboarding.models.applications import AnswerRevision, Application, ResumeToken
from onboarding.models.decisions import Decision, Letter
from onboarding.models.forms import FormDefinition, FormVersion
from onboarding.models.letter_templates import LetterOccasion, LetterTemplate, LetterTemplateVersion
from onboarding.models.plans import Item, OnboardingPlan, Phase, PlanTemplateVersion
from onboarding.models.policies import CommandPolicy, ReviewPolicy
from onboarding.models.reviews import Conflict, GateAnswer, Review, Score
from onboarding.models.rubrics import Rubric, RubricVersion
from onboarding.models.statements import Consent, Statement, StatementKind, StatementVersion
from onboarding.models.wordings import Wording, WordingVersion

__all__ = [
    "AnswerRevision",
    "Application",
    "CommandPolicy",
    "Conflict",
    "Consent",
    "Decision",
    "FormDefinition",
    "FormVersion",
    "GateAnswer",
    "Item",
    "Letter",
    "LetterOccasion",
    "LetterTemplate",
    "LetterTemplateVersion",
    "OnboardingPlan",
    "Phase",
    "PlanTemplateVersion",
    "ResumeToken",
    "Review",
    "ReviewPolicy",
    "Rubric",
    "RubricVersion",
    "Score",
    "Statement",
    "StatementKind",
    "StatementVersion",
    "Wording",
    "WordingVersion",
]
