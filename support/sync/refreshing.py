"""What changes rarely in Freshdesk, read again now and then: people, companies, groups, words, ready-made answers, ratings.

Each has its own cursor, and one that a plan does not have (403) stops nothing else (fact sheet §10.8).
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from django.utils import timezone

from ground import sanitising
from ground.errors import Rejected
from support import vocabulary
from support.freshdesk import Freshdesk
from support.freshdesk.client import Page
from support.freshdesk.shapes import Contact as RemoteContact
from support.freshdesk.shapes import SatisfactionRating as RemoteRating
from support.freshdesk.shapes import Shape, TicketField, moment
from support.models import CannedResponse, FreshdeskGroup, SatisfactionRating, SyncCursor, Ticket
from support.sync import companies, people

logger = logging.getLogger(__name__)
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
OVERLAP = timedelta(minutes=2)
LAST_PAGE = 500  # the documentation advises against more
NOT_FOR_US = frozenset({403, 404})
ShapeT = TypeVar("ShapeT", bound=Shape)


@dataclass(frozen=True)
class Stream:
    """One kind of thing to read again, and after how long."""

    read: Callable[[Freshdesk, SyncCursor], None]
    every: timedelta


def refresh(freshdesk: Freshdesk, *, everything: bool = False) -> None:
    """Read what is due. Raises Unavailable half-way; what was read is kept."""
    for name, stream in STREAMS.items():
        cursor, is_new = SyncCursor.objects.get_or_create(name=name)
        if is_new or everything or timezone.now() - cursor.updated_at >= stream.every:
            _read(freshdesk, name, stream, cursor)


def _read(freshdesk: Freshdesk, name: str, stream: Stream, cursor: SyncCursor) -> None:
    try:
        stream.read(freshdesk, cursor)
    except Rejected as refusal:
        if refusal.status not in NOT_FOR_US:
            raise
        logger.info("Freshdesk does not show us %s: %s", name, refusal)
    cursor.save(update_fields=["value", "updated_at"])


def _contacts(freshdesk: Freshdesk, cursor: SyncCursor) -> None:
    for page in _since(cursor, lambda since, number: freshdesk.contacts(updated_since=since, page=number)):
        people.take_in(page.items)


def _deleted_contacts(freshdesk: Freshdesk, cursor: SyncCursor) -> None:
    """Whom the plain list leaves out, so that nobody writes to them."""

    def deleted(since: datetime, number: int) -> Page[RemoteContact]:
        return freshdesk.contacts(updated_since=since, page=number, state="deleted")

    for page in _since(cursor, deleted):
        people.take_in(page.items)


def _companies(freshdesk: Freshdesk, cursor: SyncCursor) -> None:
    for page in _since(cursor, lambda since, number: freshdesk.companies(updated_since=since, page=number)):
        companies.take_in(page.items)


def _agents(freshdesk: Freshdesk, _cursor: SyncCursor) -> None:
    people.refresh_agents(freshdesk)


def groups(freshdesk: Freshdesk, _cursor: SyncCursor | None = None) -> None:
    """Every group, by its name of today."""
    rows = [FreshdeskGroup(freshdesk_id=each.id, name=each.name[:200], remote_raw=dict(each.raw)) for each in freshdesk.groups() if each.id]
    FreshdeskGroup.objects.bulk_create(rows, update_conflicts=True, unique_fields=["freshdesk_id"], update_fields=["name", "remote_raw"])


def words(freshdesk: Freshdesk, _cursor: SyncCursor | None = None) -> None:
    """The form's statuses, priorities and types: those we do not know are taken in for an operator to explain."""
    fields = {field.name: field for field in freshdesk.ticket_fields()}
    for code, word in _options(fields, "status").items():
        if code.isdecimal():
            vocabulary.learn(int(code), word=word)
    vocabulary.meet_priorities({int(code): word for code, word in _options(fields, "priority").items() if code.isdecimal()})
    vocabulary.offer_types(_options(fields, "ticket_type"))


def _canned_responses(freshdesk: Freshdesk, _cursor: SyncCursor) -> None:
    rows = [
        CannedResponse(
            freshdesk_id=each.id,
            title=each.title[:255],
            folder=folder.name[:255],
            body_html=sanitising.clean_html(each.content_html or each.content),
            remote_updated_at=each.updated_at,
            remote_raw=dict(each.raw),
        )
        for folder in freshdesk.canned_response_folders()
        if folder.id and not folder.personal
        for each in freshdesk.canned_responses(folder.id)
        if each.id
    ]
    CannedResponse.objects.bulk_create(
        {row.freshdesk_id: row for row in rows}.values(),
        update_conflicts=True,
        unique_fields=["freshdesk_id"],
        update_fields=["title", "folder", "body_html", "remote_updated_at", "remote_raw"],
    )
    CannedResponse.objects.exclude(freshdesk_id__in=[row.freshdesk_id for row in rows]).delete()


def _ratings(freshdesk: Freshdesk, cursor: SyncCursor) -> None:
    for page in _since(cursor, lambda since, number: freshdesk.satisfaction_ratings(created_since=since, page=number)):
        _take_ratings(page.items)


def _take_ratings(found: tuple[RemoteRating, ...]) -> None:
    tickets = dict(Ticket.objects.filter(freshdesk_id__in=[each.ticket_id for each in found]).values_list("freshdesk_id", "pk"))
    rows = [
        SatisfactionRating(
            freshdesk_id=each.id,
            ticket_id=tickets.get(each.ticket_id),
            ticket_freshdesk_id=each.ticket_id,
            rating=_score(each),
            feedback=each.feedback,
            created_at=each.created_at or timezone.now(),
            remote_raw=dict(each.raw),
        )
        for each in found
        if each.id
    ]
    SatisfactionRating.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["freshdesk_id"], update_fields=["ticket", "rating", "feedback", "remote_raw"]
    )
    _show_on_tickets(tickets.values())


def _show_on_tickets(keys: Iterable[int]) -> None:
    """Each of these tickets shows what its requester said last."""
    rated = SatisfactionRating.objects.filter(ticket__in=list(keys), is_current=True).exclude(rating=None).order_by("created_at", "pk")
    for key, said in dict(rated.values_list("ticket", "rating")).items():
        Ticket.objects.filter(pk=key).exclude(satisfaction=said).update(satisfaction=said)


def _score(rating: RemoteRating) -> int | None:
    """The answer to the default question; other questions stay in the raw row."""
    value = rating.ratings.get("default_question")
    return value if isinstance(value, int) else None


def _options(fields: Mapping[str, TicketField], name: str) -> Mapping[str, str]:
    return fields[name].options() if name in fields else {}


def _since(cursor: SyncCursor, ask: Callable[[datetime, int], Page[ShapeT]]) -> Iterator[Page[ShapeT]]:
    """Every page of what changed; the cursor moves when the last one was taken in, to the server's clock before the first."""
    since, number, began = moment(cursor.value.get("since", "")) or BEGINNING, 1, None
    while number <= LAST_PAGE:
        page = ask(since - OVERLAP if since > BEGINNING else since, number)
        began = began or page.at
        yield page
        if not page.has_next:
            break
        number += 1
    newest = min(began or timezone.now(), timezone.now() + OVERLAP)
    cursor.value = {**cursor.value, "since": newest.isoformat()}


EACH_PASS, DAILY = timedelta(0), timedelta(days=1)
STREAMS: Mapping[str, Stream] = {
    "agents": Stream(_agents, DAILY),
    "groups": Stream(groups, DAILY),
    "words": Stream(words, DAILY),
    "companies": Stream(_companies, EACH_PASS),
    "contacts": Stream(_contacts, EACH_PASS),
    "deleted contacts": Stream(_deleted_contacts, DAILY),
    "canned responses": Stream(_canned_responses, DAILY),
    "ratings": Stream(_ratings, timedelta(hours=1)),
}
