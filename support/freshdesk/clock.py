"""Now, and waiting: together, so that a rehearsal can do both in its own time."""

import time
from typing import Protocol


class Clock(Protocol):
    """Time as the client lives in it."""

    def now(self) -> float:
        """Seconds since 1970."""

    def sleep(self, seconds: float) -> None:
        """Come back when so many seconds have passed."""


class RealClock:
    """Everybody's time."""

    def now(self) -> float:
        return time.time()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)
