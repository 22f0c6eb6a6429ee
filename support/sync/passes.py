"""One whole pass of the mirror, counted: out with what is due, in with what changed, until nothing is due now."""

import time
from dataclasses import asdict, dataclass

from django.utils import timezone

from ground.outbox import Waiting
from support.freshdesk import Freshdesk
from support.models import CompanyLink, Message, Ticket
from support.states import SyncState
from support.sync import companies, people
from support.sync.outcomes import Outcome
from support.sync.pulling import Pulled
from support.sync.pushing import push_ticket
from support.sync.sending import push_message
from support.sync.walking import Walked, pull_changes

ROUNDS = 20
PUSHES = ((CompanyLink, companies.push_company), (Ticket, push_ticket), (Message, push_message))


@dataclass
class Tally:
    """What a pass came to. `conflicts`, `unknown` and `dead` count the rows that stand so at its end."""

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
        self.pulled += walked.pulled
        self.created += walked.counts[Pulled.CREATED]
        self.updated += walked.counts[Pulled.UPDATED] + walked.counts[Pulled.GONE]
        return walked.pulled

    def as_dict(self) -> dict[str, int | float]:
        return asdict(self)


def run_pass(freshdesk: Freshdesk, *, full: bool = False) -> Tally:
    """Push and pull until nothing is due now; a full pass reads every ticket again. Raises Unavailable when Freshdesk is away."""
    began, tally = time.monotonic(), Tally()
    people.refresh_agents(freshdesk)
    companies.link_missing_communities()
    for number in range(ROUNDS):
        pushed = _push_due(freshdesk)
        tally.pushed += pushed
        pulled = tally.count(pull_changes(freshdesk, from_beginning=full and number == 0))
        if not pushed and not pulled:
            break
    _count_what_stands(tally)
    tally.credits = round(freshdesk.credits_used)
    tally.seconds = round(time.monotonic() - began, 3)
    return tally


def _push_due(freshdesk: Freshdesk) -> int:
    return sum(push(freshdesk, pk) == Outcome.PUSHED for model, push in PUSHES for pk in _due(model))


def _due(model: type[Waiting]) -> list[int]:
    due = model._base_manager.filter(next_attempt_at__lte=timezone.now())
    return list(due.order_by("next_attempt_at", "pk").values_list("pk", flat=True))


def _count_what_stands(tally: Tally) -> None:
    tally.conflicts = Ticket.objects.filter(sync_state=SyncState.CONFLICT).count()
    tally.unknown = sum(model.objects.filter(sync_state=SyncState.UNKNOWN).count() for model in (Ticket, Message))
    tally.dead = sum(model.objects.filter(sync_state=SyncState.DEAD).count() for model in (Ticket, Message))
