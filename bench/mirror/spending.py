"""What a first import costs against the least it could, what a pass costs when nothing changed, and the busiest minute."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import time_machine
from django.test.utils import override_settings

from bench.mirror import accounts
from bench.table import Figure
from demo.freshdesk import Simulator
from demo.freshdesk.exchange import Request
from demo.freshdesk.transport import SimulatorClock, SimulatorTransport
from support import sync
from support.freshdesk import Freshdesk
from support.freshdesk.budget import Lane
from support.models import SyncCursor, Ticket
from support.sync.passes import run_pass
from tests import database

TICKETS, TICKETS_OF_MANY = 10_000, 2_000
MOST_OF_THE_FLOOR = 1.05
MOST_OF_A_QUIET_PASS = 8
LIMIT = 400  # of the plan Pro
MINUTES_BETWEEN = 5


@dataclass(frozen=True)
class Cost:
    """Credits of a first import, and of the passes after it that met nothing new."""

    first: float
    quiet: tuple[float, ...]
    floor: int
    busiest_minute: float


def figures() -> Iterator[Figure]:
    for name, with_files in (("with", True), ("without", False)):
        database.restore()
        cost = of_an_import(TICKETS, with_files=with_files)
        route = "B" if with_files else "A"
        yield Figure(
            f"first import, {TICKETS:,} tickets {name} files, of floor {route}", cost.first / cost.floor, MOST_OF_THE_FLOOR, "times"
        )
        yield Figure(f"a pass with nothing changed, {name} files", max(cost.quiet), MOST_OF_A_QUIET_PASS, "credits")
    database.restore()
    yield Figure("the busiest minute of an import with others at work", busiest_minute(TICKETS_OF_MANY), LIMIT, "credits")
    database.restore()


def of_an_import(tickets: int, *, with_files: bool) -> Cost:
    """Every credit the account counts, people, companies and words included. Raises SystemExit when not all came."""
    with connected(tickets, with_files=with_files) as simulator:
        first = _spent(simulator, partial(_pass, Lane.BACKFILL))
        _expect(tickets)
        quiet = tuple(_spent(simulator, partial(_pass_later, simulator, minutes)) for minutes in (MINUTES_BETWEEN, 2 * MINUTES_BETWEEN))
        return Cost(first, quiet, accounts.floor(tickets, with_files=with_files), simulator.budget.most_in_a_minute())


def busiest_minute(tickets: int) -> float:
    """The most credits of any sixty seconds while an import runs and people, webhooks and the poll call at the same time."""
    with connected(tickets, with_files=True) as simulator, ExitStack() as stack:
        lanes = {lane: stack.enter_context(sync.open_freshdesk(lane=lane, patience=sync.WHOLE_WINDOW)) for lane in Lane}
        simulator.before_answer.append(_others(lanes))
        _pass(Lane.BACKFILL)
        _expect(tickets)
        return simulator.budget.most_in_a_minute()


@contextmanager
def connected(tickets: int, *, with_files: bool) -> Iterator[Simulator]:
    """A desk that has imported nothing yet, beside an account of so many tickets."""
    simulator = accounts.filled(tickets, limit=LIMIT)
    outside = {"FRESHDESK_TRANSPORT": SimulatorTransport(simulator), "FRESHDESK_CLOCK": SimulatorClock(simulator)}
    with override_settings(
        FRESHDESK_URL="http://acme.freshdesk.test", FRESHDESK_API_KEY="key", FRESHDESK_TICKET_FILES=with_files, **outside
    ):
        yield simulator
    simulator.store.close()


def _pass(lane: Lane) -> None:
    with sync.open_freshdesk(lane=lane, patience=sync.WHOLE_WINDOW) as freshdesk:
        run_pass(freshdesk)


def _pass_later(simulator: Simulator, minutes: int) -> None:
    """Both clocks have moved on, ours as far as the account's had run ahead while the import waited."""
    simulator.account.clock.advance(minutes * 60)
    began_at = simulator.account.clock.now()
    with time_machine.travel(began_at, tick=True):
        before = simulator.account.clock.offset
        simulator.account.clock.offset = timedelta()
        try:
            _pass(Lane.POLL)
        finally:
            simulator.account.clock.offset += before


def _spent(simulator: Simulator, act: Callable[[], None]) -> float:
    before = simulator.budget.used_ever
    act()
    return simulator.budget.used_ever - before


def _others(lanes: dict[Lane, Freshdesk]) -> Callable[[Request], None]:
    """At every third call of the import somebody else calls: now the person who opens a ticket, now the webhook, now the poll."""
    turns = itertools.count()
    acts: tuple[Callable[[], object], ...] = (
        lambda: lanes[Lane.PERSON].ticket(1),
        lambda: lanes[Lane.WEBHOOK].ticket_with_conversations(2),
        lambda: lanes[Lane.PERSON].conversations(3),
        lambda: lanes[Lane.POLL].tickets(updated_since=datetime.now(UTC)),
    )

    def call(_request: Request) -> None:
        turn = next(turns)
        if turn % 3 == 0:
            acts[turn // 3 % len(acts)]()

    return call


def _expect(tickets: int) -> None:
    came = Ticket.objects.exclude(freshdesk_id=None).count()
    if came != tickets or not SyncCursor.objects.filter(name="tickets", value__has_key="whole_at").exists():
        raise SystemExit(f"{came} of {tickets} tickets came")
