"""Where a ticket's issues stand, in one word on the ticket."""

from collections.abc import Iterable

from ground.actors import Actor
from support import recording
from support.models import GitHubIssue, Ticket, TicketEvent
from support.states import Escalation, IssueState

GITHUB = Actor(user=None, role="github", label="GitHub")


def settle_escalation(ticket: Ticket, *, by: Actor) -> list[TicketEvent]:
    """Keep the ticket's own word in step with its issues. `ticket` is a row from `recording.locked`."""
    return recording.change(ticket, by=by, escalation=standing(GitHubIssue.objects.linked().filter(ticket=ticket)))


def standing(issues: Iterable[GitHubIssue]) -> str:
    """The word that asks for most: refused, on its way, open, closed. An issue that nobody can ask about counts as open."""
    words = {_word(issue) for issue in issues}
    return next((word for word in (Escalation.FAILED, Escalation.WAITING, Escalation.OPEN, Escalation.CLOSED) if word in words), "")


def _word(issue: GitHubIssue) -> Escalation:
    if issue.is_refused or issue.state == IssueState.GONE:
        return Escalation.FAILED
    if issue.number is None:
        return Escalation.WAITING
    return Escalation.CLOSED if issue.state == IssueState.CLOSED else Escalation.OPEN
