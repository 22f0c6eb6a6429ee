"""The forms of the hubs' room: the answers of a request, drawn from its schema, and the few words engineers add."""

from hubs.forms.answers import AnswersForm, Section
from hubs.forms.decisions import ApprovalForm, CancelForm, RejectionForm, SettlementForm, StartForm

__all__ = ["AnswersForm", "ApprovalForm", "CancelForm", "RejectionForm", "Section", "SettlementForm", "StartForm"]
