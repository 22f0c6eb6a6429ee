"""What this process remembers of a deployer behind HTTP: tagged answers, and what it can do. Losing it costs a call."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

MOST = 500


class Memory:
    """Values by key, the newest few hundred, each for as long as it was kept for."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._kept: OrderedDict[tuple[str, ...], tuple[float, Any]] = OrderedDict()

    def get(self, *key: str) -> Any:
        """What was kept, or None."""
        with self._lock:
            until, value = self._kept.get(key, (0.0, None))
        return value if until > self._clock() else None

    def keep(self, *key: str, value: Any, seconds: float) -> None:
        """Keep it; the oldest goes when there are too many."""
        with self._lock:
            self._kept.pop(key, None)
            self._kept[key] = (self._clock() + seconds, value)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
