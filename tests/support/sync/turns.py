"""What happens on either side, in one word each."""

from datetime import timedelta

from django.utils import timezone

from support import recording, sync
from support.recording.external_keys import content_hash
from support.states import MessageKind, SyncState
from support.sync import applying
from support.sync.directory import Directory, Spoken
from support.sync.outcomes import Outcome
from tests.support.factories import MessageFactory, TicketFactory


def waiting(**fields):
    """A ticket that somebody just opened here."""
    return TicketFactory(sync_state=SyncState.QUEUED, next_attempt_at=timezone.now(), **fields)


def saying(ticket, words, kind=MessageKind.REPLY, **fields):
    """A message that somebody just wrote here."""
    message = MessageFactory(
        ticket=ticket, kind=kind, body_text=words, sync_state=SyncState.QUEUED, next_attempt_at=timezone.now(), **fields
    )
    assert message.content_hash == content_hash(words)
    return message


def synced(freshdesk, **fields):
    ticket = waiting(**fields)
    assert sync.push_ticket(freshdesk, ticket.pk) == Outcome.PUSHED
    ticket.refresh_from_db()
    return ticket


def due(row):
    """As if the row's pause were over."""
    type(row).objects.filter(pk=row.pk).update(next_attempt_at=timezone.now())


def later(row, seconds):
    """As if the row had left so long ago, and its next look had come."""
    type(row).objects.filter(pk=row.pk).update(attempted_at=timezone.now() - timedelta(seconds=seconds), next_attempt_at=timezone.now())


def there(simulator):
    return simulator.store.tickets.find()


def said(simulator, **where):
    return [(row["body_text"], bool(row.get("private")), bool(row.get("incoming"))) for row in simulator.store.conversations.find()]


def taken(ticket, remote):
    """What an answer comes to on the ticket's row."""
    held = recording.locked(ticket.pk)
    applied = applying.apply(held, remote, Directory.read(Spoken.of([remote])))
    applying.save(held, applied)
    return applied
