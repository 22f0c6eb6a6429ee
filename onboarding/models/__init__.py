"""The onboarding room's rows."""

from onboarding.models.agreements import Agreement
from onboarding.models.applications import AnswerRevision, Application, ResumeToken
from onboarding.models.asked import Asking
from onboarding.models.assignments import Assignment
from onboarding.models.calibration import CalibrationExample, CalibrationPractice
from onboarding.models.conflicts import Conflict
from onboarding.models.corrections import Correction, Question
from onboarding.models.decisions import Decision, Letter
from onboarding.models.doubles import DuplicateLink
from onboarding.models.drafts import FormDraft, PlanDraft, RubricDraft
from onboarding.models.endings import Ending, EndingLetter
from onboarding.models.files import ApplicationFile
from onboarding.models.forms import FieldRename, FormDefinition, FormVersion
from onboarding.models.letter_templates import LetterOccasion, LetterTemplate, LetterTemplateVersion
from onboarding.models.meetings import Meeting, MeetingItem
from onboarding.models.overrides import Override
from onboarding.models.plans import Item, OnboardingPlan, Phase, PlanTemplateVersion
from onboarding.models.policies import CommandPolicy, ReviewPolicy
from onboarding.models.privacy import PrivacyLink, PrivacyRequest, RetentionRule, ViewRecord
from onboarding.models.reviews import Confidence, GateAnswer, Review, Score
from onboarding.models.rubrics import Rubric, RubricVersion
from onboarding.models.statements import Consent, Statement, StatementKind, StatementVersion
from onboarding.models.values import ValueWatch
from onboarding.models.wordings import Wording, WordingVersion

__all__ = [
    "Agreement",
    "AnswerRevision",
    "Application",
    "ApplicationFile",
    "Asking",
    "Assignment",
    "CalibrationExample",
    "CalibrationPractice",
    "CommandPolicy",
    "Confidence",
    "Conflict",
    "Consent",
    "Correction",
    "Decision",
    "DuplicateLink",
    "Ending",
    "EndingLetter",
    "FieldRename",
    "FormDefinition",
    "FormDraft",
    "FormVersion",
    "GateAnswer",
    "Item",
    "Letter",
    "LetterOccasion",
    "LetterTemplate",
    "LetterTemplateVersion",
    "Meeting",
    "MeetingItem",
    "OnboardingPlan",
    "Override",
    "Phase",
    "PlanDraft",
    "PlanTemplateVersion",
    "PrivacyLink",
    "PrivacyRequest",
    "Question",
    "ResumeToken",
    "RetentionRule",
    "Review",
    "ReviewPolicy",
    "Rubric",
    "RubricDraft",
    "RubricVersion",
    "Score",
    "Statement",
    "StatementKind",
    "StatementVersion",
    "ValueWatch",
    "ViewRecord",
    "Wording",
    "WordingVersion",
]
