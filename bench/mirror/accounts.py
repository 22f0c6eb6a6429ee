"""Accounts as they are: most tickets have few words, some have many, and a few have more than fit on a page."""

import math
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from demo.freshdesk import Simulator
from demo.freshdesk.filling import fill

CONTACTS, COMPANIES = 500, 50
# Conversations of a ticket, and of how many in a thousand. Changes are spread over a hundred days.
WORDS: Mapping[int, int] = {0: 180, 1: 200, 2: 160, 3: 160, 4: 100, 5: 80, 6: 57, 12: 45, 40: 15, 130: 3}
WITH_FILES = 2  # tickets of so many conversations have a file
AGE = timedelta(hours=1)  # of the newest people in it: what is younger than a list's overlap would be read twice
PAGE, INCLUDED = 100, 10


def spread(tickets: int) -> dict[int, int]:
    """How many tickets have how many conversations."""
    shares = {each: tickets * share // 1000 for each, share in WORDS.items()}
    return {**shares, 0: shares[0] + tickets - sum(shares.values())}


def wishes(tickets: int) -> Iterator[dict[str, Any]]:
    """What to ask `filling` for, one after the other."""
    for place, (each, number) in enumerate(spread(tickets).items()):
        yield {
            "tickets": number,
            "conversations_each": each,
            "contacts": CONTACTS // len(WORDS),
            "companies": COMPANIES // len(WORDS),
            "attachments_each": int(each == WITH_FILES),
            "seed": place,
        }


def filled(tickets: int, *, limit: int = 400) -> Simulator:
    """An account of the plan Pro with so many tickets. Close its store."""
    simulator = Simulator(key="key")
    simulator.account.knobs.limit = limit
    simulator.account.clock.offset = -AGE
    for wish in wishes(tickets):
        fill(simulator, **wish)
    simulator.account.clock.offset = timedelta()
    return simulator


def floor(tickets: int, *, with_files: bool) -> int:
    """The fewest credits that could bring so many tickets here (fact sheet §11.6): route B with the files of descriptions, A without."""
    pages = math.ceil(tickets / PAGE)
    if with_files:
        more = sum(number * math.ceil(each / PAGE) for each, number in spread(tickets).items() if each >= INCLUDED)
        return pages + 2 * tickets + more
    return pages * 3 + sum(number * max(1, math.ceil(each / PAGE)) for each, number in spread(tickets).items())
