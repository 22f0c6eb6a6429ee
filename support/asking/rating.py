"""A requester says how they were helped: once, and for a week they may change their mind. Freshdesk is told."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from ground.actors import Actor
from ground.states import WrongState
from support import recording, sync, tasks
from support.models import SatisfactionRating, Ticket
from support.states import Face

CHANGEABLE = timedelta(days=7)


@transaction.atomic
def rate(ticket: Ticket, *, face: Face, feedback: str, by: Actor) -> SatisfactionRating:
    """Keep what they say. Raises `WrongState` for a ticket that is not solved, or an answer that stands longer than a week."""
    held = recording.locked(ticket.pk)
    before = current(held)
    if not may_rate(held, before):
        raise WrongState("this ticket cannot be rated now")
    if before is not None and (before.rating, before.feedback) == (face, feedback):
        return before
    rating = _write(held, before, face=face, feedback=feedback)
    _record(held, rating, by=by)
    if sync.is_connected():
        rating.wait_for_outside(tasks.push_rating)
    return rating


def current(ticket: Ticket) -> SatisfactionRating | None:
    """What its requester said here last."""
    return SatisfactionRating.objects.filter(ticket=ticket, is_ours=True, is_current=True).first()


def may_rate(ticket: Ticket, before: SatisfactionRating | None) -> bool:
    """Whether it is solved, where it was merged the ticket it is answered in, and nothing was said of it yet, or so lately that it may still change."""
    if before is not None:
        return timezone.now() - before.created_at < CHANGEABLE
    return ticket.told_status.is_over


def _write(ticket: Ticket, before: SatisfactionRating | None, *, face: Face, feedback: str) -> SatisfactionRating:
    """What Freshdesk may have cannot be changed there: it is kept, counts no more, and the new words follow as another rating."""
    if before is not None and before.freshdesk_id is None and before.attempted_at is None:
        before.rating, before.feedback = face, feedback
        before.save(update_fields=["rating", "feedback"])
        return before
    created_at = timezone.now()
    if before is not None:
        created_at = before.created_at
        SatisfactionRating.objects.filter(pk=before.pk).update(is_current=False)
    return SatisfactionRating.objects.create(
        ticket=ticket, ticket_freshdesk_id=ticket.freshdesk_id, rating=face, feedback=feedback, created_at=created_at, is_ours=True
    )


def _record(ticket: Ticket, rating: SatisfactionRating, *, by: Actor) -> None:
    """A step of the version, so that whoever follows the ticket hears of it; whose turn it is stays."""
    ticket.version += 1
    ticket.satisfaction, ticket.updated_at = rating.rating, timezone.now()
    ticket.save(update_fields=["version", "satisfaction", "updated_at"])
    recording.happened(ticket, "rated", after=str(rating.rating), note=rating.feedback, by=by)
