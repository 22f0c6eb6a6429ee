"""Tickets of Freshdesk's, fetched whole and written down here: a webhook, a walk or a person asked for them."""

import time
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from ground.errors import Rejected, Unavailable
from support import vocabulary
from support.freshdesk import Freshdesk
from support.freshdesk.client import WholeTicket
from support.freshdesk.shapes import Ticket as RemoteTicket
from support.models import FreshdeskGroup, Ticket, TicketStatus, TicketType
from support.recording.external_keys import PREFIX
from support.sync import companies, ledger, people, refreshing
from support.sync.directory import Spoken
from support.sync.disappearing import disappear
from support.sync.writing import Fetched, Pulled, write

BATCH = 100  # tickets written at once: a page of the list
LONGEST = 30.0  # seconds after which a batch is written however small: what a crash may cost, and what holds a walk's lease
NOT_THERE = frozenset({404, 405})
WITHHELD = 403
SAME_ATTEMPT = timedelta(hours=1)


def pull_ticket(freshdesk: Freshdesk, freshdesk_id: int) -> Pulled:
    """Fetch, then lock, then apply what is newer. Raises Unavailable."""
    found = _fetch(freshdesk, freshdesk_id)
    if isinstance(found, Pulled):
        return found
    return next(iter(take_in(freshdesk, [found])), Pulled.UNCHANGED)


def pull_many(freshdesk: Freshdesk, numbers: Iterable[int]) -> Iterable[list[Pulled]]:
    """In batches, each written down as soon as it is fetched. Raises Unavailable half-way; what was fetched before is written."""
    batch: list[Fetched] = []
    outcomes: list[Pulled] = []
    began = time.monotonic()
    for number in dict.fromkeys(numbers):
        try:
            found = _fetch(freshdesk, number)
        except Unavailable:
            yield [*outcomes, *take_in(freshdesk, batch)]
            raise
        if isinstance(found, Fetched):
            batch.append(found)
        else:
            outcomes.append(found)
        if len(batch) == BATCH or time.monotonic() - began > LONGEST:
            yield [*outcomes, *take_in(freshdesk, batch)]
            batch, outcomes, began = [], [], time.monotonic()
    if batch or outcomes:
        yield [*outcomes, *take_in(freshdesk, batch)]


def pull_listed(freshdesk: Freshdesk, rows: Iterable[RemoteTicket], *, at: datetime | None, asked_at: datetime) -> Iterable[list[Pulled]]:
    """Tickets whose descriptions a list has told already: only their conversations are asked for."""
    batch: list[Fetched] = []
    for row in rows:
        try:
            conversations = tuple(freshdesk.conversations(row.id or 0))
        except Unavailable:
            yield take_in(freshdesk, batch)
            raise
        except Rejected as refusal:
            _pass_over(refusal)
            continue
        batch.append(Fetched(WholeTicket(row, conversations, at), asked_at))
        if len(batch) == BATCH:
            yield take_in(freshdesk, batch)
            batch = []
    yield take_in(freshdesk, batch)


def take_in(freshdesk: Freshdesk, batch: list[Fetched]) -> list[Pulled]:
    """Meet everybody the batch speaks of, before any row is locked; then write it down."""
    if not batch:
        return []
    meet(freshdesk, Spoken.of([each.ticket for each in batch], [row for each in batch for row in each.whole.conversations]))
    return write([each for each in batch if not _is_double(freshdesk, each)])


def meet(freshdesk: Freshdesk, spoken: Spoken) -> None:
    """Everybody, every company, group and word that is new to us. Costs credits only for those."""
    people.ours(freshdesk)
    people.meet(freshdesk, spoken.people)
    companies.meet(freshdesk, spoken.companies)
    if spoken.groups - set(FreshdeskGroup.objects.values_list("freshdesk_id", flat=True)):
        refreshing.groups(freshdesk)
    _meet_words(freshdesk, spoken)


def _meet_words(freshdesk: Freshdesk, spoken: Spoken) -> None:
    known_types = {word.casefold() for word in TicketType.objects.values_list("word", flat=True)}
    new_types = [word for word in spoken.types if word.casefold() not in known_types]
    if new_types or spoken.statuses - set(TicketStatus.objects.values_list("code", flat=True)):
        refreshing.words(freshdesk)
        vocabulary.meet_types(new_types)
        for code in spoken.statuses:
            vocabulary.learn(code)


def _fetch(freshdesk: Freshdesk, number: int) -> Fetched | Pulled:
    asked_at = timezone.now()
    try:
        return Fetched(freshdesk.ticket_with_conversations(number), asked_at)
    except Rejected as refusal:
        _pass_over(refusal)
        if refusal.status == WITHHELD:
            return Pulled.UNCHANGED
    return _archived(freshdesk, number) or disappear(number)


def _pass_over(refusal: Rejected) -> None:
    """One ticket that is not there, or not for us, stops no other; whatever else is refused does."""
    if refusal.status == WITHHELD:
        ledger.alert("Freshdesk lists tickets that it does not show us: look what the key's agent may see.")
    elif refusal.status not in NOT_THERE:
        raise refusal


def _archived(freshdesk: Freshdesk, number: int) -> Fetched | None:
    """A ticket that was closed for long enough answers elsewhere, and can be read only (fact sheet §3.5). Asked for tickets of ours alone."""
    if not Ticket.objects.filter(freshdesk_id=number).exists():
        return None
    asked_at = timezone.now()
    try:
        ticket = freshdesk.archived_ticket(number)
        return Fetched(WholeTicket(ticket, tuple(freshdesk.archived_conversations(number)), ticket.seen_at), asked_at)
    except Rejected as refusal:
        if refusal.status not in {*NOT_THERE, WITHHELD}:
            raise
        return None


def _is_double(freshdesk: Freshdesk, fetched: Fetched) -> bool:
    """A second ticket with our key was carried out after we had given it up for lost: it goes, unless somebody has worked in it."""
    remote = fetched.ticket
    keys = [tag.removeprefix(PREFIX) for tag in remote.tags if tag.startswith(PREFIX)]
    if not keys or remote.deleted or fetched.whole.conversations:
        return False
    ours = Ticket.objects.filter(external_key__in=keys, freshdesk_id__isnull=False).exclude(freshdesk_id=remote.id).first()
    if ours is None or not _is_same_attempt(ours, remote):
        return False
    freshdesk.delete_ticket(remote.id or 0)
    ledger.went(ledger.What.TICKET, ledger.Outcome.DOUBLE, ticket=ours, number=remote.id, note=f"#{remote.id} doubled #{ours.freshdesk_id}")
    return True


def _is_same_attempt(ours: Ticket, remote: RemoteTicket) -> bool:
    """Not one that an agent copied later, tags and all."""
    if remote.created_at is None:
        return False
    is_near = abs(remote.created_at - ours.created_at) < SAME_ATTEMPT
    return is_near and str(ours.remote_raw.get("requester_id")) == str(remote.requester_id)
