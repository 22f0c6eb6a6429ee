"""Questions whose SQL is put together once a process, and asked anew with the time of each look. Answers are never kept."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from support.policy import is_desk_staff
from support.queue.moments import Moment

MOST = 500
MARK = datetime(2777, 7, 7, 7, 7, 7, tzinfo=UTC)
"""Stands for now while a question is put together: no row holds a time so near it."""
NEAR = timedelta(days=1000)

Part = tuple[str, Sequence[Any]]


@dataclass(frozen=True)
class Prepared:
    """A question as the database reads it; a `timedelta` among its values is that time from now."""

    sql: str
    values: tuple[Any, ...]

    def at(self, now: datetime) -> list[Any]:
        """Its values at that time."""
        return [_time(now + value) if isinstance(value, timedelta) else value for value in self.values]


_known: dict[Hashable, Prepared] = {}


def ask(name: str, at: Moment, parts: Callable[[Moment], Sequence[Part]], *, of: Hashable = ()) -> list[Any]:
    """The value of each part, in one query. `name` and `of` say everything the parts depend on besides who looks, when, and the statuses."""
    known = _prepared((name, of, *_looker(at)), at, parts)
    return _answer(known.sql, known.at(at.now))


def together(parts: Sequence[Part]) -> list[Any]:
    """The value of each part, in one query that is asked once."""
    return _answer(_sql(parts), _values(parts))


def _answer(sql: str, values: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchone() or ())


def _prepared(key: Hashable, at: Moment, parts: Callable[[Moment], Sequence[Part]]) -> Prepared:
    known = _known.get(key)
    if known is None:
        if len(_known) >= MOST:
            _known.clear()  # another thread may do the same: what it took out is in its hands
        asked = parts(_marked(at))
        known = _known[key] = Prepared(_sql(asked), tuple(map(_from_now, _values(asked))))
    return known


def _looker(at: Moment) -> tuple[Hashable, ...]:
    """What decides which rows a moment means, time apart. What somebody outside the desk sees hangs on more, so that is never shared."""
    who = at.actor.user.pk if at.actor.user and is_desk_staff(at.actor) else object()
    return connection.vendor, who, tuple((code, status.group) for code, status in at.statuses.items())


def _marked(at: Moment) -> Moment:
    """The same look at the time that stands for now, with the kept views that are there."""
    marked = replace(at, now=MARK)
    if "saved" in at.__dict__:
        marked.__dict__["saved"] = at.saved
    return marked


def _sql(parts: Sequence[Part]) -> str:
    return "SELECT " + ", ".join(sql for sql, _params in parts)


def _values(parts: Sequence[Part]) -> list[Any]:
    return [each for _sql, params in parts for each in params]


def _from_now(value: Any) -> Any:
    """How far from now a time of the question is; what else it holds as it is."""
    if (at := _held(value)) is None:
        return value
    distance = (at if at.tzinfo else at.replace(tzinfo=UTC)) - MARK
    return distance if abs(distance) < NEAR else value


def _held(value: Any) -> datetime | None:
    """The time that a value is, also where the database takes times as text."""
    if isinstance(value, datetime):
        return value
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) and len(value) >= len("2777-07-07 07:07:07") else None
    except ValueError:
        return None


def _time(at: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)
