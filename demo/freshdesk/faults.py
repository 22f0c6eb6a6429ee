"""What can go wrong on request: each fault waits for the requests it is meant for, strikes so many times, and is gone."""

import math
import random
import re
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from demo.freshdesk.clock import Clock
from demo.freshdesk.exchange import Answer, Request

KINDS = {
    "drop": "does what was asked, then breaks off before answering",
    "late": "breaks off now and does what was asked so many seconds later",
    "error": "answers a 5xx and does nothing",
    "html": "answers the edge's HTML page, a 502, and does nothing",
    "throttle": "answers 429 with Retry-After and does nothing",
    "reset": "does what was asked, then breaks off in the middle of the answer's body",
    "storm": "answers 429 to everybody for so many seconds, and does nothing",
    "slow": "answers after so many seconds",
    "down": "breaks off at once and does nothing",
    "empty404": "answers 404 without a body",
}
HTML_PAGE = "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>"
THROTTLED = ({"code": "too_many_requests", "message": "You have exceeded the limit of requests per minute"}, None, HTML_PAGE)


@dataclass(frozen=True)
class Fault:
    """One thing that will go wrong. `path` is a regular expression below /api/v2/; `times` 0 means until cleared.

    With a `probability` below 1 it strikes only some of the requests it is meant for, by a seeded draw.
    """

    kind: str
    method: str = ""
    path: str = ".*"
    times: int = 1
    seconds: float = 0.0
    status: int = 503
    probability: float = 1.0

    @classmethod
    def read(cls, wish: Mapping[str, Any]) -> "Fault":
        """Raises ValueError for a fault we do not have."""
        if wish.get("kind") not in KINDS:
            raise ValueError(f"kind is one of {', '.join(KINDS)}")
        try:
            return cls(**wish)
        except TypeError as error:
            raise ValueError(str(error)) from error

    def is_meant_for(self, request: Request) -> bool:
        return self.method in {"", request.method} and re.fullmatch(self.path, request.path.removeprefix("/api/v2/")) is not None


class Faults:
    """Those that still wait."""

    def __init__(self, clock: Clock, *, seed: int = 0) -> None:
        self._clock = clock
        self._waiting: list[Fault] = []
        self._lock = threading.Lock()
        self._throttled = 0
        self._storm_ends = 0.0
        self._random = random.Random(seed)  # noqa: S311  chance, not secrets

    def seed(self, seed: int) -> None:
        """Draw from here on as this seed says."""
        self._random.seed(seed)

    def arm(self, kind: str, **wish: Any) -> None:
        with self._lock:
            self._waiting.append(Fault.read({"kind": kind, **wish}))

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()
            self._storm_ends = 0.0

    def listed(self) -> list[dict[str, Any]]:
        return [asdict(fault) for fault in self._waiting]

    def strike(self, request: Request) -> Fault | None:
        """The first fault meant for this request; one time less is left of it."""
        with self._lock:
            for place, fault in enumerate(self._waiting):
                if fault.is_meant_for(request) and self._random.random() < fault.probability:
                    self._wear(place, fault)
                    return fault
        return None

    def answer(self, fault: Fault) -> Answer | None:
        """What is said instead, for the kinds that say something."""
        match fault.kind:
            case "error":
                return Answer(fault.status, {"code": "internal_error", "message": "We're sorry, but something went wrong."})
            case "html":
                return Answer(502, HTML_PAGE, content_type="text/html")
            case "empty404":
                return Answer(404)
            case "throttle":
                return self.throttled(fault.seconds or 30)
            case "storm":
                self._storm_ends = self._clock.now().timestamp() + (fault.seconds or 30)
                return self.throttled(fault.seconds or 30)
        return None

    def storm_seconds(self) -> float:
        """How long everybody is still refused; 0 in fair weather."""
        return max(self._storm_ends - self._clock.now().timestamp(), 0.0)

    def throttled(self, seconds: float) -> Answer:
        """429, whose body nobody has documented: each time another."""
        self._throttled += 1
        body = THROTTLED[self._throttled % len(THROTTLED)]
        kind = "text/html" if isinstance(body, str) else "application/json"
        return Answer(429, body, {"retry-after": str(math.ceil(seconds))}, content_type=kind)

    def _wear(self, place: int, fault: Fault) -> None:
        match fault.times:
            case 0:
                return
            case 1:
                del self._waiting[place]
            case left:
                self._waiting[place] = replace(fault, times=left - 1)
