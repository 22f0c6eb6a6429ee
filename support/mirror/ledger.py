"""What the pages of the mirror show: how it stands, what waits, what needs a person, what came and went."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from ground.paging import Page, keyset
from support.models import (
    Attachment,
    Clash,
    CompanyLink,
    Message,
    SyncCursor,
    SyncEntry,
    SyncPass,
    Ticket,
    TicketPriority,
    TicketStatus,
    TicketType,
)
from support.queue import count_capped
from support.states import SyncState
from support.sync import account
from support.sync.account import Standing

MOST = 50
PASSES = 10
ALERTS = 5
LATELY = timedelta(days=7)
NEWEST_OF_TICKET = 10
ENTRIES = 50

WITHOUT = ("remote_raw", "body_html", "body_text", "ticket__remote_raw", "ticket__body_html", "ticket__body_text")
IS_DEAD = Q(next_attempt_at=None, given_up_at=None) & ~Q(last_error="")


@dataclass(frozen=True)
class Trouble:
    """One row that Freshdesk did not take, or did not confirm."""

    kind: str
    """Which of `KINDS`, for the addresses of its buttons."""
    row: Ticket | Message | Attachment | CompanyLink
    words: str
    ticket: Ticket | None
    is_dead: bool
    reason: str
    next_look: datetime | None


@dataclass(frozen=True)
class Chosen:
    """Which lines of the ledger the address asks for. Words nobody knows choose nothing."""

    direction: str = ""
    outcome: str = ""

    @classmethod
    def of(cls, direction: str, outcome: str) -> "Chosen":
        return cls(
            direction=direction if direction in SyncEntry.Direction.values else "",
            outcome=outcome if outcome in SyncEntry.Outcome.values else "",
        )


@dataclass(frozen=True)
class Overview:
    """How the mirror stands, above the lines of the ledger."""

    standing: Standing
    walked_at: datetime | None
    """When the last walk through Freshdesk's list ended well: what changed there later is not here yet."""
    counts: Mapping[str, int]
    troubles: Sequence[Trouble]
    clashes: Sequence[Clash]
    alerts: Sequence[SyncEntry]
    passes: Sequence[SyncPass]

    @property
    def words(self) -> int:
        return sum(self.counts[name] for name in ("statuses", "priorities", "types"))

    @property
    def queued(self) -> int:
        return self.counts["queued_tickets"] + self.counts["queued_messages"]

    @property
    def unknown(self) -> int:
        return self.counts["unknown_tickets"] + self.counts["unknown_messages"]

    @property
    def dead(self) -> int:
        return sum(self.counts[name] for name in ("dead_tickets", "dead_messages", "dead_files", "dead_companies"))

    @property
    def needs_nobody(self) -> bool:
        return not (self.troubles or self.clashes or self.alerts)


KINDS: Mapping[str, type[Ticket | Message | Attachment | CompanyLink]] = {
    "ticket": Ticket,
    "message": Message,
    "file": Attachment,
    "company": CompanyLink,
}


def overview() -> Overview:
    """Everything on top of the ledger page. The number of queries does not grow with the rows; what nobody waits for costs none."""
    counts = count_capped(_parts())
    passes = list(SyncPass.objects.all()[:PASSES])
    return Overview(
        standing=account.standing(),
        walked_at=_walked_at(passes),
        counts=counts,
        troubles=list(_troubles(counts)),
        clashes=list(Clash.objects.open().select_related("ticket").order_by("-met_at", "-pk")[:MOST]) if counts["clashes"] else [],
        alerts=list(_alerts().select_related("ticket").order_by("-at", "-pk")[:ALERTS]) if counts["alerts"] else [],
        passes=passes,
    )


def entries(chosen: Chosen, *, cursor: str = "") -> Page[SyncEntry]:
    """One page of what came and went, newest first."""
    return keyset(chosen_entries(chosen), order=("-at", "-pk"), cursor=cursor, size=ENTRIES)


def chosen_entries(chosen: Chosen) -> "QuerySet[SyncEntry]":
    """What came and went, as far as it is chosen."""
    found = SyncEntry.objects.select_related("ticket")
    if chosen.direction:
        found = found.filter(direction=chosen.direction)
    if chosen.outcome:
        found = found.filter(outcome=chosen.outcome)
    return found


def entries_of(ticket: Ticket) -> list[SyncEntry]:
    """What came and went for one ticket lately."""
    return list(ticket.sync_entries.order_by("-at", "-pk")[:NEWEST_OF_TICKET])


def page_in_freshdesk(ticket: Ticket) -> str:
    """The address of the ticket's page there; empty where there is none."""
    return f"{settings.FRESHDESK_URL}/a/tickets/{ticket.freshdesk_id}" if settings.FRESHDESK_URL and ticket.freshdesk_id else ""


def _parts() -> "dict[str, QuerySet]":
    """What is counted; messages and files only through indexes that hold little."""
    due = Message.objects.filter(next_attempt_at__isnull=False)
    return {
        "queued_tickets": Ticket.objects.filter(sync_state=SyncState.QUEUED),
        "queued_messages": due.filter(sync_state=SyncState.QUEUED),
        "unknown_tickets": Ticket.objects.filter(sync_state=SyncState.UNKNOWN),
        "unknown_messages": due.filter(sync_state=SyncState.UNKNOWN),
        "dead_tickets": Ticket.objects.filter(sync_state=SyncState.DEAD),
        "dead_messages": Message.objects.filter(sync_state=SyncState.DEAD),
        "files": Attachment.objects.filter(next_attempt_at__isnull=False),
        "dead_files": Attachment.objects.filter(IS_DEAD),
        "companies": CompanyLink.objects.filter(next_attempt_at__isnull=False),
        "dead_companies": CompanyLink.objects.filter(IS_DEAD),
        "unmatched": CompanyLink.objects.filter(community=None, ignored=False),
        "clashes": Clash.objects.open(),
        "alerts": _alerts(),
        "statuses": TicketStatus.objects.filter(is_learned=True),
        "priorities": TicketPriority.objects.filter(is_learned=True),
        "types": TicketType.objects.filter(kind=""),
    }


def _alerts() -> "QuerySet[SyncEntry]":
    return SyncEntry.objects.filter(outcome=SyncEntry.Outcome.ALERT, at__gte=timezone.now() - LATELY)


def _walked_at(passes: Sequence[SyncPass]) -> datetime | None:
    """The newest pass that ended well; where only failures are left in sight, when the cursor last moved."""
    good = next((each.ended_at for each in passes if each.ended_at and not each.error and each.kind != SyncPass.Kind.RECONCILE), None)
    return good or SyncCursor.objects.filter(pk="tickets").values_list("updated_at", flat=True).first()


def _troubles(counts: Mapping[str, int]) -> Iterator[Trouble]:
    """Dead before uncertain, newest first."""
    for state in (SyncState.DEAD, SyncState.UNKNOWN):
        if counts[f"{state}_tickets"]:
            yield from map(_ticket, Ticket.objects.filter(sync_state=state).for_list().order_by("-updated_at", "-pk")[:MOST])
        if counts[f"{state}_messages"]:
            yield from map(_message, _messages(state).order_by("-created_at", "-pk")[:MOST])
    if counts["dead_files"]:
        yield from map(_file, Attachment.objects.filter(IS_DEAD).select_related("ticket").order_by("-pk")[:MOST])
    if counts["dead_companies"]:
        yield from map(
            _company, CompanyLink.objects.filter(IS_DEAD).select_related("community").defer("remote_raw").order_by("name")[:MOST]
        )


def _messages(state: SyncState) -> "QuerySet[Message]":
    found = Message.objects.filter(sync_state=state).select_related("ticket").defer(*WITHOUT)
    return found if state == SyncState.DEAD else found.filter(next_attempt_at__isnull=False)


def _ticket(row: Ticket) -> Trouble:
    return Trouble("ticket", row, row.subject, row, row.sync_state == SyncState.DEAD, row.last_error, row.next_attempt_at)


def _message(row: Message) -> Trouble:
    words = f"{row.get_kind_display()}: {row.ticket.subject}"
    return Trouble("message", row, words, row.ticket, row.sync_state == SyncState.DEAD, row.last_error, row.next_attempt_at)


def _file(row: Attachment) -> Trouble:
    return Trouble("file", row, row.name, row.ticket, True, row.last_error, None)


def _company(row: CompanyLink) -> Trouble:
    return Trouble("company", row, row.name, None, True, row.last_error, None)
