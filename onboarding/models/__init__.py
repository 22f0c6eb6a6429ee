"""The onboarding room's rows."""

from onboarding.models.applications import AnswerRevision, Application, ResumeToken
from onboarding.models.forms import FormDefinition, FormVersion

__all__ = ["AnswerRevision", "Application", "FormDefinition", "FormVersion", "ResumeToken"]
