"""What GitHub says of an issue, taken in: onto the row, and to the ticket when it was closed, opened again or lost."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from support import recording, replies
from support.escalating.standing import GITHUB, settle_escalation
from support.github import Issue
from support.mirror import mirroring
from support.models import GitHubIssue, Ticket, TicketStatus
from support.states import IssueState, MessageKind, Status, StatusGroup

SHOWN = ("title", "state", "state_reason", "labels", "assignees", "url", "number")


@transaction.atomic
def apply(pk: int, found: Issue) -> bool:
    """Take in what GitHub says unless we know newer; whether anything changed. The ticket's row is held meanwhile."""
    ticket = recording.locked(GitHubIssue.objects.values_list("ticket_id", flat=True).get(pk=pk))
    row = GitHubIssue.objects.select_for_update().get(pk=pk)
    if row.unlinked_at is not None or (row.remote_updated_at is not None and found.updated_at < row.remote_updated_at):
        return False
    before, changed = row.state, _write(row, found)
    if row.state != before:
        _tell(ticket, row, before)
    settle_escalation(ticket, by=GITHUB)
    return changed


@transaction.atomic
def lost(row: GitHubIssue) -> None:
    """GitHub has it no more, or not for us."""
    ticket = recording.locked(row.ticket_id)
    if GitHubIssue.objects.linked().filter(pk=row.pk).exclude(state=IssueState.GONE).update(state=IssueState.GONE, read_at=timezone.now()):
        recording.happened(ticket, "issue_lost", after=str(row), note="", by=GITHUB)
        settle_escalation(ticket, by=GITHUB)


def _write(row: GitHubIssue, found: Issue) -> bool:
    values: dict[str, Any] = {
        "title": found.title[:256],
        "state": IssueState.CLOSED if found.state == "closed" else IssueState.OPEN,
        "state_reason": found.state_reason[:40],
        "labels": list(found.labels),
        "assignees": list(found.assignees),
        "url": found.url if found.url.startswith(("https://", "http://")) and len(found.url) <= 300 else row.url,
        "number": row.number or found.number,
    }
    differs = any(getattr(row, name) != values[name] for name in SHOWN)
    for name, value in values.items():
        setattr(row, name, value)
    row.remote_updated_at, row.read_at = found.updated_at, timezone.now()
    row.save(update_fields=[*SHOWN, "remote_updated_at", "read_at"])
    return differs


def _tell(ticket: Ticket, row: GitHubIssue, before: str) -> None:
    """Closed: our turn again, with a note. First seen: its address is worth a line. Opened again: a line."""
    if row.state == IssueState.CLOSED:
        recording.happened(ticket, "issue_closed", after=str(row), note=row.state_reason, by=GITHUB)
        _our_turn(ticket, row)
    elif before in {IssueState.CLOSED, IssueState.GONE}:
        recording.happened(ticket, "issue_reopened", after=str(row), note="", by=GITHUB)
    else:
        recording.happened(ticket, "issue_found", after=str(row), note=row.url, by=GITHUB)


def _our_turn(ticket: Ticket, row: GitHubIssue) -> None:
    """Somebody tells the requester, or looks why it was closed. A ticket that is over stays over.

    Strangers write the title of a public issue: an @ in it calls nobody.
    """
    if ticket.status.is_over:
        return
    with override("en"):
        words = _("%(issue)s was closed%(reason)s: %(title)s\n\n%(url)s\n\nTell the requester, or look why.") % {
            "issue": row,
            "reason": f" ({row.state_reason.replace('_', ' ')})" if row.state_reason else "",
            "title": row.title,
            "url": row.url,
        }
    replies.keep_note(ticket, replies.letter_of(MessageKind.NOTE, words), by=GITHUB)
    ticket.refresh_from_db()
    if ticket.status.group == StatusGroup.WAITING and recording.change(
        ticket, by=GITHUB, status=TicketStatus.objects.get(code=Status.OPEN)
    ):
        mirroring.send_ticket(ticket)
