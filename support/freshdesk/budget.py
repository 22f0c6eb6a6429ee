"""The account's credits as a rule: who may spend how many of them when. Pure; whoever keeps the ledger says what time it is.

Freshdesk counts a minute over everybody who calls an account, and does not say whether its window slides. The ledger holds
what was spent for a little longer than any minute of theirs, so that no sixty seconds ever see more than the limit.
"""

import bisect
import math
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Protocol, Self

from support.freshdesk.clock import Clock, RealClock
from support.freshdesk.headers import Credits

MINUTE = 60
KEPT = MINUTE + 3  # seconds a credit counts here: entries are cut to whole seconds, and a request is some time on its way
UNTOLD = 50.0  # credits a minute until Freshdesk has told its limit: the smallest plan's
LONGEST_BLOCK = 3600.0  # seconds: the oldest plans count by the hour, and nobody means more
LEAST_WAIT = 0.001
SMALLEST_CHANGE = 0.01  # figures arrive as float strings


class Lane(StrEnum):
    """Who waits for a call; the later in this list, the sooner it steps back."""

    PERSON = "person"
    WEBHOOK = "webhook"
    POLL = "poll"
    BACKFILL = "backfill"

    @property
    def share(self) -> float:
        """Up to which part of the account's limit this lane may go on spending."""
        return SHARES[self]


SHARES = {Lane.PERSON: 1.0, Lane.WEBHOOK: 0.9, Lane.POLL: 0.8, Lane.BACKFILL: 0.7}


class SubLimit(StrEnum):
    """Calls that a plan limits beside its credits."""

    TICKET_CREATE = "ticket_create"
    TICKET_UPDATE = "ticket_update"
    TICKETS_LIST = "tickets_list"
    CONTACTS_LIST = "contacts_list"


PLANS: tuple[tuple[int, Mapping[SubLimit, int]], ...] = tuple(
    (total, dict(zip(SubLimit, calls, strict=True)))
    for total, calls in (
        (200, (80, 80, 20, 20)),
        (400, (160, 160, 100, 100)),
        (700, (280, 280, 200, 200)),
        (1000, (400, 400, 300, 300)),
        (2000, (800, 800, 400, 400)),
    )
)


def sub_limits(total: float) -> Mapping[SubLimit, int]:
    """Calls a minute of each kind, by the account's credits a minute: the nearest lower plan's, none below the smallest that has any."""
    place = bisect.bisect_right([credits_ for credits_, _ in PLANS], total)
    return PLANS[place - 1][1] if place else {}


@dataclass(frozen=True)
class Cost:
    """What one call will take from the account."""

    credits: float = 1.0
    sublimit: SubLimit | None = None


@dataclass(frozen=True)
class Spent:
    """What was taken within one second, of one kind of call. Credits others spent are nobody's calls."""

    second: int
    credits: float
    sublimit: str = ""
    calls: int = 0


@dataclass(frozen=True)
class Ledger:
    """The account's last minute. `limit` is None until Freshdesk has told it."""

    limit: float | None = None
    spent: tuple[Spent, ...] = ()
    blocked_until: float = 0.0

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """What `as_json` wrote; an empty one from nothing."""
        return cls(
            limit=kept.get("limit"),
            spent=tuple(Spent(*each) for each in kept.get("spent", ())),
            blocked_until=kept.get("blocked_until", 0.0),
        )

    def as_json(self) -> dict[str, Any]:
        spent = [[each.second, each.credits, each.sublimit, each.calls] for each in self.spent]
        return {"limit": self.limit, "spent": spent, "blocked_until": self.blocked_until}

    def used(self, now: float) -> float:
        """Credits that may still be within a minute of Freshdesk's."""
        return sum(each.credits for each in self.spent if _counts(each, now))


def take(ledger: Ledger, cost: Cost, lane: Lane, now: float) -> tuple[Ledger, float]:
    """Reserve a call; the seconds to wait before asking again, 0 when it is reserved. What is not reserved leaves the ledger as it was."""
    ledger = _recent(ledger, now)
    wait = max(ledger.blocked_until - now, _until_credits(ledger, cost, lane, now), _until_calls(ledger, cost, lane, now))
    if wait > 0:
        return ledger, max(math.ceil(wait * 1000) / 1000, LEAST_WAIT)
    return _add(ledger, Spent(math.floor(now), cost.credits, cost.sublimit or "", 1)), 0.0


def learn(ledger: Ledger, cost: Cost, told: Credits, now: float) -> Ledger:
    """Take in what an answer said: the limit, what the call really cost, and what others have spent."""
    limit = told.total if told.total and told.total >= 1 else ledger.limit
    ledger = replace(ledger, limit=limit)
    more = told.used - cost.credits
    if more > SMALLEST_CHANGE:
        ledger = _add(ledger, Spent(math.floor(now), more))
    elif more < -SMALLEST_CHANGE:
        ledger = _give_back(ledger, -more)
    if told.total is None or told.remaining is None:
        return ledger
    foreign = told.total - told.remaining - ledger.used(now)
    return _add(ledger, Spent(math.floor(now), foreign)) if foreign > SMALLEST_CHANGE else ledger


def block(ledger: Ledger, seconds: float, now: float) -> Ledger:
    """Freshdesk said Retry-After: every lane waits, and a shorter wait does not shorten a longer one."""
    return replace(ledger, blocked_until=max(ledger.blocked_until, now + min(seconds, LONGEST_BLOCK)))


class Budget(Protocol):
    """An account's budget, and who keeps an eye on whether it answers."""

    def take(self, cost: Cost, lane: Lane) -> float:
        """Reserve a call: 0 to go, else seconds to wait before asking again."""

    def learn(self, cost: Cost, told: Credits) -> None:
        """Freshdesk has answered a call that was reserved at `cost`."""

    def block(self, seconds: float) -> None:
        """Nobody calls for so many seconds."""

    def lost(self, reason: str) -> None:
        """Freshdesk does not answer, however often it is asked."""

    def refused(self, reason: str) -> None:
        """The key is not accepted."""


class OwnBudget:
    """The ledger of one client alone, in memory; threads may share it."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or RealClock()
        self._lock = threading.Lock()
        self.ledger = Ledger()

    def take(self, cost: Cost, lane: Lane) -> float:
        with self._lock:
            self.ledger, wait = take(self.ledger, cost, lane, self._clock.now())
        return wait

    def learn(self, cost: Cost, told: Credits) -> None:
        with self._lock:
            self.ledger = learn(self.ledger, cost, told, self._clock.now())

    def block(self, seconds: float) -> None:
        with self._lock:
            self.ledger = block(self.ledger, seconds, self._clock.now())

    def lost(self, reason: str) -> None:
        """Who calls is told by the error."""

    def refused(self, reason: str) -> None:
        """Who calls is told by the error."""


def _recent(ledger: Ledger, now: float) -> Ledger:
    return replace(ledger, spent=tuple(each for each in ledger.spent if _counts(each, now)))


def _counts(spent: Spent, now: float) -> bool:
    return spent.second + KEPT > now


def _until_credits(ledger: Ledger, cost: Cost, lane: Lane, now: float) -> float:
    ceiling = (ledger.limit or UNTOLD) * lane.share
    return _until_free([(each.second, each.credits) for each in ledger.spent], cost.credits, ceiling, now)


def _until_calls(ledger: Ledger, cost: Cost, lane: Lane, now: float) -> float:
    calls = sub_limits(ledger.limit or UNTOLD).get(cost.sublimit) if cost.sublimit else None
    if calls is None:
        return 0.0
    return _until_free([(each.second, each.calls) for each in ledger.spent if each.sublimit == cost.sublimit], 1, calls * lane.share, now)


def _until_free(entries: Iterable[tuple[int, float]], wanted: float, ceiling: float, now: float) -> float:
    """When enough of what was spent is forgotten. What would never fit goes when nothing else does: better late than never."""
    ordered = sorted(entries)
    used = sum(amount for _, amount in ordered)
    until = now
    for second, amount in ordered:
        if used + wanted <= ceiling + SMALLEST_CHANGE:
            break
        used -= amount
        until = second + KEPT
    return until - now


def _add(ledger: Ledger, new: Spent) -> Ledger:
    """Spent within the same second and of one kind is one entry: a busy minute stays a short list."""
    for place, each in enumerate(ledger.spent):
        if (each.second, each.sublimit) == (new.second, new.sublimit):
            more = replace(each, credits=each.credits + new.credits, calls=each.calls + new.calls)
            return replace(ledger, spent=(*ledger.spent[:place], more, *ledger.spent[place + 1 :]))
    return replace(ledger, spent=(*ledger.spent, new))


def _give_back(ledger: Ledger, credits_: float) -> Ledger:
    """From what is forgotten soonest, so that the minute is never thought emptier than it is."""
    left, spent = credits_, []
    for each in sorted(ledger.spent, key=lambda entry: entry.second):
        back = min(left, each.credits)
        left -= back
        spent.append(replace(each, credits=each.credits - back))
    return replace(ledger, spent=tuple(spent))
