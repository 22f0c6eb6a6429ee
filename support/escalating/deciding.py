"""Handing a ticket on to an issue: made from it, or linked, or let go of."""

import re
import secrets

from django.db import IntegrityError, transaction
from django.utils import timezone

from ground.actors import Actor
from support import recording
from support.escalating import tasks
from support.escalating.connection import is_connected, issue_address, web_address
from support.escalating.drafting import Draft
from support.escalating.standing import settle_escalation
from support.mirror import mirroring
from support.models import GitHubIssue, IssueTarget, Ticket, TicketStatus, WatchedRepository
from support.states import IssueState
from support.working import timeboxing

NUMBER = re.compile(r"/(?P<repository>[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100})/issues/(?P<number>[1-9]\d{0,8})/?(?:[?#].*)?\Z")


class NoIssue(ValueError):
    """That address is not an issue of the GitHub we speak to."""


class AlreadyLinked(ValueError):
    """The ticket has that issue."""


@transaction.atomic
def escalate(ticket: Ticket, *, target: IssueTarget, draft: Draft, by: Actor, status: TicketStatus | None = None) -> GitHubIssue:
    """Make an issue of the ticket, and end the time that runs on it; GitHub follows the commit. Asked twice it is one issue.

    With a status, the ticket waits there meanwhile.
    """
    held = recording.locked(ticket.pk)
    if made := _made_already(held, target, draft):
        return made
    issue = GitHubIssue.objects.create(
        ticket=held,
        repository=target.repository,
        title=draft.title[:256],
        body=draft.body,
        labels=list(draft.labels),
        marker=f"hubdesk-{secrets.token_hex(12)}",
        created_at=timezone.now(),
        created_by=by.user,
    )
    issue.wait_for_outside(tasks.push_issue)
    _write_down(held, issue, "issue_made", status=status, by=by)
    timeboxing.escalated(held, by=by)
    return issue


@transaction.atomic
def link(ticket: Ticket, *, url: str, by: Actor, status: TicketStatus | None = None) -> GitHubIssue:
    """Link an issue that is there already. Raises `NoIssue` and `AlreadyLinked`."""
    held = recording.locked(ticket.pk)
    repository, number = read_address(url)
    issue = _linked(held, repository, number, by=by)
    if is_connected():
        issue.wait_for_outside(tasks.push_issue)
    _write_down(held, issue, "issue_linked", status=status, by=by)
    return issue


@transaction.atomic
def unlink(issue: GitHubIssue, *, by: Actor) -> Ticket:
    """Let go of the issue; it stays on GitHub."""
    held = recording.locked(issue.ticket_id)
    if GitHubIssue.objects.linked().filter(pk=issue.pk).update(unlinked_at=timezone.now(), next_attempt_at=None):
        recording.happened(held, "issue_unlinked", after=str(issue), note="", by=by)
        settle_escalation(held, by=by)
    return held


@transaction.atomic
def retry(issue: GitHubIssue, *, by: Actor) -> GitHubIssue:
    """Ask GitHub again for what it would not have."""
    held = recording.locked(issue.ticket_id)
    issue.wait_for_outside(tasks.push_issue)
    settle_escalation(held, by=by)
    return issue


def read_address(url: str) -> tuple[str, int]:
    """The repository and number of an issue's address. Raises `NoIssue`."""
    home, address = web_address(), url.strip()
    found = NUMBER.fullmatch(address.removeprefix(home)) if address.startswith(f"{home}/") else None
    if found is None:
        raise NoIssue(url)
    return found["repository"], int(found["number"])


def _made_already(ticket: Ticket, target: IssueTarget, draft: Draft) -> GitHubIssue | None:
    """The issue of the same words that is on its way or open."""
    same = GitHubIssue.objects.linked().filter(ticket=ticket, repository=target.repository, title=draft.title[:256], body=draft.body)
    return next((issue for issue in same if not issue.is_refused and issue.state in {"", IssueState.OPEN}), None)


def _linked(ticket: Ticket, repository: str, number: int, *, by: Actor) -> GitHubIssue:
    try:
        with transaction.atomic():
            return GitHubIssue.objects.create(
                ticket=ticket,
                repository=repository,
                number=number,
                url=issue_address(repository, number),
                marker=f"hubdesk-{secrets.token_hex(12)}",
                created_at=timezone.now(),
                created_by=by.user,
            )
    except IntegrityError as error:
        raise AlreadyLinked(f"{repository}#{number}") from error


def _write_down(ticket: Ticket, issue: GitHubIssue, field: str, *, status: TicketStatus | None, by: Actor) -> None:
    """On the ticket: that it happened, where the ticket waits now, and that somebody watches the repository."""
    WatchedRepository.objects.get_or_create(repository=issue.repository)
    settle_escalation(ticket, by=by)
    recording.happened(ticket, field, after=str(issue), note=issue.title, by=by)
    if status is not None and recording.change(ticket, by=by, status=status):
        mirroring.send_ticket(ticket)
