"""The account's budget: so many credits a minute, told in headers as float strings, and calls a minute of four kinds besides."""

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import takewhile

from demo.freshdesk.account import Account
from demo.freshdesk.exchange import Answer
from demo.freshdesk.knobs import Knobs

WINDOW = 60.0
OWN_LIMITS: Mapping[str, Callable[[Knobs], int]] = {
    "POST tickets": lambda knobs: knobs.ticket_creates,
    "PUT tickets/<ticket_id>": lambda knobs: knobs.ticket_updates,
    "GET tickets": lambda knobs: knobs.ticket_lists,
    "GET contacts": lambda knobs: knobs.contact_lists,
}


class Budget:
    """A window of a minute, fixed or sliding. Refused requests count too. What was spent is written down, by the account's clock."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._lock = threading.Lock()
        self._window_began = 0.0
        self.used = 0.0
        self.used_ever = 0.0
        self.calls: Counter[str] = Counter()  # of this window, by route
        self.log: list[tuple[float, float, str]] = []  # moment, credits, route
        self.spent_on: dict[str, float] = defaultdict(float)

    def seconds_until_more(self, route: str = "") -> float:
        """0 while there is some left, of the whole and of what this route has of its own."""
        with self._lock:
            now = self._account.clock.now().timestamp()
            self._refill(now)
            if self.used < self._account.knobs.limit and not self._is_worn(route):
                return 0.0
            return max(self._window_began + WINDOW - now, 1.0)

    def spend(self, answer: Answer, route: str = "") -> Mapping[str, str]:
        """Count an answer and tell it."""
        with self._lock:
            self._write_down(answer.credits, route)
            left = max(self._account.knobs.limit - self.used, 0)
        figures = {"total": self._account.knobs.limit, "remaining": left, "used-currentrequest": answer.credits}
        match self._account.knobs.rate_headers:
            case "missing":
                return {}
            case "int":
                return {f"x-ratelimit-{name}": str(int(figure)) for name, figure in figures.items()}
        return {
            f"x-ratelimit-{name}": str(int(figure) if name == "used-currentrequest" else float(figure)) for name, figure in figures.items()
        }

    def most_in_a_minute(self) -> float:
        """The highest sum of credits in any 60 seconds."""
        return _highest((moment, spent) for moment, spent, _ in self.log)

    def most_calls_in_a_minute(self, route: str) -> float:
        """The highest number of calls of a route, as "GET tickets", in any 60 seconds."""
        return _highest((moment, 1.0) for moment, _, called in self.log if called == route)

    def _refill(self, now: float) -> None:
        if self._account.knobs.window == "sliding":
            self._look_back(now)
        elif now - self._window_began >= WINDOW:
            self._window_began, self.used = now, 0.0
            self.calls.clear()

    def _look_back(self, now: float) -> None:
        """The window is whatever was counted in the last minute, and more is free when its oldest entry leaves it."""
        recent = list(takewhile(lambda entry: entry[0] > now - WINDOW, reversed(self.log)))
        self._window_began = recent[-1][0] if recent else now
        self.used = sum(spent for _, spent, _ in recent)
        self.calls = Counter(route for _, _, route in recent)

    def _is_worn(self, route: str) -> bool:
        limit = OWN_LIMITS[route](self._account.knobs) if route in OWN_LIMITS else 0
        return bool(limit) and self.calls[route] >= limit

    def _write_down(self, spent: float, route: str) -> None:
        self.used += spent
        self.used_ever += spent
        self.calls[route] += 1
        self.spent_on[route] += spent
        self.log.append((self._account.clock.now().timestamp(), spent, route))


def _highest(entries: Iterable[tuple[float, float]]) -> float:
    kept = sorted(entries)
    highest, within, oldest = 0.0, 0.0, 0
    for moment, spent in kept:
        within += spent
        while kept[oldest][0] <= moment - WINDOW:
            within -= kept[oldest][1]
            oldest += 1
        highest = max(highest, within)
    return highest
