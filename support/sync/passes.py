"""One whole pass of the mirror, counted: out with what is due, in with what changed, until nothing is due now."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime

from django.utils import timezone

from ground.errors import OutsideError
from ground.outbox import Waiting
from support.freshdesk import Freshdesk
from support.models import Attachment, Clash, CompanyLink, Message, SyncPass, Ticket
from support.states import SyncState
from support.sync import carrying, companies, refreshing, walking
from support.sync.outcomes import Outcome
from support.sync.pushing import push_message, push_ticket
from support.sync.walking import Walked, pull_changes
from support.sync.writing import Pulled

ROUNDS = 20
Push = Callable[[Freshdesk, int], Outcome]
PUSHES: tuple[tuple[type[Waiting], Push], ...] = (
    (CompanyLink, companies.push_company),
    (Ticket, push_ticket),
    (Message, push_message),
    (Attachment, carrying.fetch_file),
)
CROSSED = frozenset({Outcome.PUSHED, Outcome.PULLED})


@dataclass
class Tally:
    """What a pass came to. `conflicts`, `unknown` and `dead` count what stands so at its end."""

    pushed: int = 0
    pulled: int = 0
    created: int = 0
    updated: int = 0
    conflicts: int = 0
    unknown: int = 0
    dead: int = 0
    credits: int = 0
    seconds: float = 0.0

    def count(self, walked: Walked) -> int:
        """Whether another round is worth it: by what was news."""
        self.pulled += walked.pulled
        self.created += walked.counts[Pulled.CREATED]
        self.updated += walked.counts[Pulled.UPDATED] + walked.counts[Pulled.GONE]
        return walked.news

    def as_dict(self) -> dict[str, int | float]:
        return asdict(self)


@dataclass(frozen=True)
class Tellers:
    """Who hears how far a pass is: tickets taken in and up to which change, rows sent of how many."""

    pulled: Callable[[int, datetime], None] | None = None
    pushed: Callable[[int, int], None] | None = None


def run_pass(freshdesk: Freshdesk, *, full: bool = False, tell: Tellers | None = None) -> Tally:
    """Push and pull until nothing is due now; a full pass reads every ticket again. Raises Unavailable when Freshdesk is away."""
    began, tally, tell = time.monotonic(), Tally(), tell or Tellers()
    kind = SyncPass.Kind.FULL if full else SyncPass.Kind.IMPORT if walking.is_first() else SyncPass.Kind.WHOLE
    with recorded(kind, freshdesk, tally):
        companies.link_missing_communities()
        refreshing.refresh(freshdesk, everything=full)
        for number in range(ROUNDS):
            pushed = _push_due(freshdesk, tell)
            tally.pushed += pushed
            news = tally.count(pull_changes(freshdesk, from_beginning=full and number == 0, tell=tell.pulled, wait=True))
            if not pushed and not news:
                break
        _count_what_stands(tally)
    tally.credits = round(freshdesk.credits_used)
    tally.seconds = round(time.monotonic() - began, 3)
    return tally


def poll(freshdesk: Freshdesk) -> Tally:
    """What the scheduler asks for every minute: what changed there, whoever writes here."""
    tally = Tally()
    kind = SyncPass.Kind.IMPORT if walking.is_first() else SyncPass.Kind.POLL
    with recorded(kind, freshdesk, tally):
        companies.link_missing_communities()
        refreshing.refresh(freshdesk)
        tally.count(pull_changes(freshdesk))
    return tally


@contextmanager
def recorded(kind: str, freshdesk: Freshdesk, tally: Tally) -> Iterator[None]:
    """A line of the ledger for a pass: when, how far, at what cost, and what ended it early."""
    row = SyncPass.objects.create(kind=kind, began_at=timezone.now())
    try:
        yield
    except OutsideError as error:
        row.error = str(error)[:2000]
        raise
    finally:
        row.pushed, row.pulled, row.created, row.updated = tally.pushed, tally.pulled, tally.created, tally.updated
        row.credits, row.ended_at = freshdesk.credits_used, timezone.now()
        row.save()


def _push_due(freshdesk: Freshdesk, tell: Tellers) -> int:
    due = [(push, pk) for model, push in PUSHES for pk in _due(model)]
    crossed = 0
    for done, (push, pk) in enumerate(due, start=1):
        crossed += push(freshdesk, pk) in CROSSED
        if tell.pushed:
            tell.pushed(done, len(due))
    return crossed


def _due(model: type[Waiting]) -> list[int]:
    due = model._base_manager.filter(next_attempt_at__lte=timezone.now())
    return list(due.order_by("next_attempt_at", "pk").values_list("pk", flat=True))


def _count_what_stands(tally: Tally) -> None:
    tally.conflicts = Clash.objects.open().values("ticket").distinct().count()
    tally.unknown = sum(model.objects.filter(sync_state=SyncState.UNKNOWN).count() for model in (Ticket, Message))
    tally.dead = sum(model.objects.filter(sync_state=SyncState.DEAD).count() for model in (Ticket, Message))
