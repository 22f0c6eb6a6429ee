"""Speaks to GitHub for rows that wait: makes issues, reads them, and walks what changed."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from ground.errors import OutsideError, Rejected, Unavailable
from ground.outbox import claim
from support import recording
from support.escalating.applying import apply, lost
from support.escalating.standing import GITHUB, settle_escalation
from support.github import GitHub, Issue
from support.models import GitHubIssue, WatchedRepository

GONE = frozenset({404, 410})
LOOK_BACK = timedelta(minutes=10)
LOOK_AGAIN = timedelta(seconds=20)  # until a list surely shows what was just made
MOST_PAGES = 20


def push_issue(github: GitHub, pk: int) -> None:
    """Make the waiting issue, or read it when it has a number. A refusal stays on the row."""
    issue = claim(GitHubIssue, pk)
    if issue is None:
        return
    try:
        found = _made(github, issue) if issue.number is None else github.issue(issue.repository, issue.number)
    except Unavailable as error:
        _later(issue, error)
    except Rejected as error:
        _refused(issue, error)
    else:
        _found(issue, found)


def refresh(github: GitHub, repository: str, number: int) -> None:
    """Read one issue that a doorbell named, if a ticket has it."""
    rows = list(GitHubIssue.objects.linked().filter(repository__iexact=repository, number=number))
    if not rows:
        return
    try:
        found = github.issue(rows[0].repository, number)
    except Rejected as error:
        if error.status not in GONE:
            raise
        for row in rows:
            lost(row)
    else:
        for row in rows:
            apply(row.pk, found)


def poll(github: GitHub) -> int:
    """Walk every repository that a ticket has an issue in; the number of changes taken in. One that fails holds up no other."""
    wanted = GitHubIssue.objects.linked().filter(number__isnull=False).values("repository")
    return sum(_walk(github, watched) for watched in WatchedRepository.objects.filter(repository__in=wanted))


def _walk(github: GitHub, watched: WatchedRepository) -> int:
    try:
        changed, note = _read(github, watched), ""
    except OutsideError as error:
        changed, note = 0, str(error)[:500]
    WatchedRepository.objects.filter(pk=watched.pk).update(
        read_until=watched.read_until, etag=watched.etag, read_at=timezone.now(), last_error=note
    )
    return changed


def _read(github: GitHub, watched: WatchedRepository) -> int:
    """From where the last walk ended, page after page; a page moves the mark only when all of it is taken in."""
    changed, since = 0, watched.read_until or _first(watched.repository)
    for page in range(1, MOST_PAGES + 1):
        shown = github.issues(watched.repository, since=since, page=page, etag=watched.etag if page == 1 else "")
        if shown.is_unchanged:
            return 0
        changed += sum(_take(watched.repository, issue) for issue in shown.issues)
        watched.read_until = max([watched.read_until or since, *(issue.updated_at for issue in shown.issues)])
        if not shown.has_next:
            break
    watched.etag = shown.etag if watched.read_until == since else ""
    return changed


def _first(repository: str) -> datetime:
    """What changed before the first issue was linked is read with that issue."""
    first = GitHubIssue.objects.filter(repository=repository).order_by("created_at").values_list("created_at", flat=True).first()
    return (first or timezone.now()) - LOOK_BACK


def _take(repository: str, issue: Issue) -> int:
    rows = GitHubIssue.objects.linked().filter(repository=repository, number=issue.number).values_list("pk", flat=True)
    return sum(apply(pk, issue) for pk in rows)


def _made(github: GitHub, issue: GitHubIssue) -> Issue:
    """Look first where an answer was lost; only what is not there is made."""
    if issue.attempted_at is not None and (found := _marked(github, issue)):
        return found
    issue.attempted_at = issue.attempted_at or timezone.now()
    GitHubIssue.objects.filter(pk=issue.pk).update(attempted_at=issue.attempted_at)
    return github.create_issue(issue.repository, title=issue.title, body=f"{issue.body}\n\n{mark(issue)}", labels=issue.labels)


def _marked(github: GitHub, issue: GitHubIssue) -> Issue | None:
    """The list, not the search, whose index lags."""
    since = (issue.attempted_at or issue.created_at) - LOOK_BACK
    for page in range(1, MOST_PAGES + 1):
        shown = github.issues(issue.repository, since=since, page=page, newest_first=True)
        found = next((each for each in shown.issues if mark(issue) in each.body), None)
        if found or not shown.has_next:
            return found
    return None


def mark(issue: GitHubIssue) -> str:
    """Unseen on GitHub's page, and what we find the issue by."""
    return f"<!-- {issue.marker} -->"


def _found(issue: GitHubIssue, found: Issue) -> None:
    issue.settled()
    GitHubIssue.objects.filter(pk=issue.pk).update(number=found.number, attempted_at=None)
    apply(issue.pk, found)


def _later(issue: GitHubIssue, error: Unavailable) -> None:
    """An answer that was lost is waited for a moment, so that the list shows what was made."""
    pause = timedelta(seconds=error.retry_after) if error.retry_after else LOOK_AGAIN if error.outcome_unknown else None
    if not issue.retry_later(error, pause=pause):
        _tell_refusal(issue)


def _refused(issue: GitHubIssue, error: Rejected) -> None:
    issue.give_up(error)
    _tell_refusal(issue)


@transaction.atomic
def _tell_refusal(issue: GitHubIssue) -> None:
    held = recording.locked(issue.ticket_id)
    recording.happened(held, "issue_refused", after=str(issue), note=issue.last_error, by=GITHUB)
    settle_escalation(held, by=GITHUB)
