"""Asking requesters by mail how they were helped, where Freshdesk does not, and the link by which they say it without signing in."""

from datetime import timedelta

from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from support import emails, sync
from support.models import Survey, Ticket
from support.states import SyncState

ASKED_AFTER = timedelta(hours=1)
"""A ticket that is opened again at once was not solved."""
ASKED_WITHIN = timedelta(days=3)
LINK_LIVES = timedelta(days=60)
ENOUGH = 500


def ask() -> int:
    """Ask about what was solved lately, once for each ticket; when connected, Freshdesk asks. How many were asked."""
    if sync.is_connected():
        return 0
    return sum(_ask(ticket) for ticket in due()[:ENOUGH])


def due() -> QuerySet[Ticket]:
    """Solved lately for itself, nobody was asked about it, and there is somebody to ask."""
    now = timezone.now()
    solved = Ticket.objects.filter(
        merged_into=None, solved_at__gte=now - ASKED_WITHIN, solved_at__lte=now - ASKED_AFTER, survey=None, satisfaction=None
    )
    with_somebody = solved.exclude(requester=None).exclude(requester__email="").exclude(sync_state=SyncState.AWAITING_APPROVAL)
    return with_somebody.select_related("requester__user", "community").order_by("solved_at")


@transaction.atomic
def _ask(ticket: Ticket) -> bool:
    _survey, is_new = Survey.objects.get_or_create(ticket=ticket, defaults={"asked_at": timezone.now()})
    if is_new and ticket.requester:
        emails.survey.queue(to=ticket.requester.email, language=emails.language_of(ticket), ticket_id=ticket.pk)
    return is_new


def ticket_of(token: str) -> Ticket | None:
    """The ticket that a link from a mail of ours speaks of; None for a link that is not ours, or too old."""
    try:
        key = signing.loads(token, salt=emails.SURVEY_SALT, max_age=LINK_LIVES)
    except signing.BadSignature:
        return None
    return Ticket.objects.select_related("status", "community", "requester__user").filter(pk=key).first()
