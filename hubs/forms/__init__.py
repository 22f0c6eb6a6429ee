"""The forms of the hubs' room: the answers of a request, drawn from its schema, and the few words engineers add."""

from hubs.forms.answers import AnswersForm
from hubs.forms.decisions import (
    ApprovalForm,
    AssessmentForm,
    CancelForm,
    DriftForm,
    PublicForm,
    RejectionForm,
    SettlementForm,
    StartForm,
)
from hubs.forms.looking_up import HubFilterForm, WhoseForm
from hubs.forms.sections import Question, Section

__all__ = [
    "AnswersForm",
    "ApprovalForm",
    "AssessmentForm",
    "CancelForm",
    "DriftForm",
    "HubFilterForm",
    "PublicForm",
    "Question",
    "RejectionForm",
    "Section",
    "SettlementForm",
    "StartForm",
    "WhoseForm",
]
