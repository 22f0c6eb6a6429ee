"""Following one ticket: its rules run and people are told in the transaction that says so. Killed anywhere, it is as if it had not begun."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from support import recording
from support.automation import running
from support.following import people
from support.following.happened import read
from support.models import Ticket
from support.notices import telling
from support.recording import ringing
from support.states import SyncState

BATCH = 500


@transaction.atomic
def follow(ticket_pk: int) -> bool:
    """Bring rules and people up to date with one ticket; False when they are. One that waits for approval is followed once it has it."""
    ringing.answered(ticket_pk)
    ticket = recording.locked(ticket_pk)
    since, now = ticket.followed_version, timezone.now()
    if since >= ticket.version or ticket.sync_state == SyncState.AWAITING_APPROVAL:
        return False
    happened = read(ticket, since=since, now=now)
    if running.run(ticket, happened.occasions, now=now):
        ticket = recording.locked(ticket_pk)
        happened = read(ticket, since=since, now=now)
    people.begin_to_watch(ticket, happened)
    telling.tell(ticket, people.news(ticket, happened), now=now)
    Ticket.objects.filter(pk=ticket_pk).update(followed_version=ticket.version)
    return True


def due() -> list[int]:
    """Tickets that nobody has followed to their newest version, through the partial index; without those the desk does not have yet."""
    behind = Ticket.objects.filter(followed_version__lt=F("version")).exclude(sync_state=SyncState.AWAITING_APPROVAL)
    return list(behind.order_by("pk").values_list("pk", flat=True)[:BATCH])


def follow_due(*, rounds: int = 20) -> int:
    """Follow what is due here and now, until nothing is (commands, the story, tests); how many were."""
    done = 0
    for _ in range(rounds):
        found = due()
        if not found:
            break
        done += sum(follow(pk) for pk in found)
    return done
