"""How often somebody may do something within a time: counted in the cache, for who has no account too.

A window is fixed, not sliding: what is counted in it is forgotten when it ends. Counting is not exact under a storm of requests
to a cache of files; a limit is a dam, not a lock.
"""

import hashlib
from dataclasses import dataclass

from django.core.cache import cache
from django.utils import timezone


@dataclass(frozen=True)
class Limit:
    """At most `most` times within `seconds`; `name` keeps one limit's counts apart from another's."""

    name: str
    most: int
    seconds: int


class TooMany(Exception):
    """More than the limit allows; it may be tried again after so many `seconds`."""

    def __init__(self, limit: Limit, seconds: int) -> None:
        super().__init__(f"{limit.name}: more than {limit.most} within {limit.seconds} s")
        self.seconds = seconds


def allows(limit: Limit, who: str) -> bool:
    """Count one more; whether it is within the limit. `who` is kept as a hash."""
    key = f"rate:{limit.name}:{hashlib.sha256(who.encode()).hexdigest()}:{_now() // limit.seconds}"
    cache.add(key, 0, limit.seconds)
    try:
        return cache.incr(key) <= limit.most
    except ValueError:  # forgotten between the two
        return True


def count(limit: Limit, who: str) -> None:
    """Count one more. Raises `TooMany` beyond the limit."""
    if not allows(limit, who):
        raise TooMany(limit, limit.seconds - _now() % limit.seconds)


def _now() -> int:
    return int(timezone.now().timestamp())
