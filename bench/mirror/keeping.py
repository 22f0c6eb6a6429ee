"""`python -m bench.mirror.keeping`: tickets a second written into the configured, empty database, by the size of a batch, as JSON."""

import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.core.management import call_command  # noqa: E402  Django first
from django.test.utils import override_settings  # noqa: E402  Django first
from django.utils import timezone  # noqa: E402  Django first

from demo.freshdesk import Simulator  # noqa: E402  Django first
from demo.freshdesk.filling import fill  # noqa: E402  Django first
from demo.freshdesk.transport import SimulatorClock, SimulatorTransport  # noqa: E402  Django first
from support.freshdesk import Freshdesk  # noqa: E402  Django first
from support.models import Ticket  # noqa: E402  Django first
from support.sync import connection, pulling, refreshing  # noqa: E402  Django first
from support.sync.writing import Fetched  # noqa: E402  Django first

ROUNDS, TICKETS_A_ROUND, WORDS_EACH = 3, 500, 3
BATCHES = (pulling.BATCH, 100)
NO_LIMIT = 10_000_000


def main() -> None:
    call_command("migrate", interactive=False, verbosity=0)
    best = dict.fromkeys(BATCHES, 0.0)
    with _freshdesk(ROUNDS * len(BATCHES) * TICKETS_A_ROUND) as freshdesk:
        refreshing.refresh(freshdesk)
        numbers = iter(range(1, ROUNDS * len(BATCHES) * TICKETS_A_ROUND + 1))
        for size in BATCHES * ROUNDS:
            fetched = [_fetched(freshdesk, next(numbers)) for _ in range(TICKETS_A_ROUND)]
            best[size] = max(best[size], _rate(freshdesk, fetched, size))
    if Ticket.objects.count() != ROUNDS * len(BATCHES) * TICKETS_A_ROUND:
        raise SystemExit("not every ticket was written")
    json.dump(best, sys.stdout)


@contextmanager
def _freshdesk(tickets: int) -> Iterator[Freshdesk]:
    simulator = Simulator(key="key")
    simulator.account.knobs.limit = NO_LIMIT
    fill(simulator, tickets=tickets, conversations_each=WORDS_EACH, contacts=500, companies=50)
    outside = {"FRESHDESK_TRANSPORT": SimulatorTransport(simulator), "FRESHDESK_CLOCK": SimulatorClock(simulator)}
    with (
        override_settings(FRESHDESK_URL="http://acme.freshdesk.test", FRESHDESK_API_KEY="key", **outside),
        connection.open_freshdesk() as desk,
    ):
        yield desk
    simulator.store.close()


def _fetched(freshdesk: Freshdesk, number: int) -> Fetched:
    asked_at = timezone.now()
    return Fetched(freshdesk.ticket_with_conversations(number), asked_at)


def _rate(freshdesk: Freshdesk, fetched: Sequence[Fetched], size: int) -> float:
    """As the walk does with what it has fetched: everybody is met, who is known already, and the batch is written in one transaction."""
    used, began = freshdesk.credits_used, time.monotonic()
    for start in range(0, len(fetched), size):
        pulling.take_in(freshdesk, list(fetched[start : start + size]))
    took = time.monotonic() - began
    if freshdesk.credits_used != used:
        raise SystemExit("writing asked Freshdesk for something")
    return len(fetched) / took


if __name__ == "__main__":
    main()
