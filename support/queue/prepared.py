"""Questions whose SQL is put together once a process, and asked anew with the time of each look. Answers are never kept."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler

from ground.actors import Actor
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


@dataclass(frozen=True)
class PreparedRows:
    """A question whose answers are rows, with how Django reads them; `names` stand at the places of values that differ from look to look."""

    compiler: SQLCompiler
    sql: str
    values: tuple[Any, ...]
    names: Mapping[int, str]

    def asked(self, known: Mapping[str, str]) -> list[Any]:
        values = [known[self.names[place]] if place in self.names else value for place, value in enumerate(self.values)]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, values)
            found = cursor.fetchall()
        return list(ModelIterable(_Reading(self.compiler, found)))  # type: ignore[arg-type]  # as much of a QuerySet as it reads


class _Reading:
    """In place of a QuerySet and its query: rows that are here already, which Django makes its objects of."""

    _known_related_objects: Mapping[Any, Any] = {}
    _fetch_mode = None

    def __init__(self, compiler: SQLCompiler, found: Sequence[Any]) -> None:
        self.query, self.db = self, connection.alias
        self.compiler = copy(compiler)  # each thread reads with its own connection
        self.compiler.connection = connection
        self.compiler.execute_sql = lambda **_how: [found]  # type: ignore[assignment,method-assign]

    def get_compiler(self, **_using: object) -> SQLCompiler:
        return self.compiler


_known: dict[Hashable, Prepared] = {}
_known_rows: dict[Hashable, PreparedRows] = {}


def ask(name: str, at: Moment, parts: Callable[[Moment], Sequence[Part]], *, of: Hashable = ()) -> list[Any]:
    """The value of each part, in one query. `name` and `of` say everything the parts depend on besides who looks, when, and the statuses."""
    known = _prepared((name, of, *_looker(at)), at, parts)
    return _answer(known.sql, known.at(at.now))


def rows(name: str, actor: Actor, write: Callable[..., QuerySet[Any]], *, of: Hashable = (), **values: str) -> list[Any]:
    """The rows of a question that hangs on `name`, `of` and the person of the desk alone, with texts that differ from look to look filled in.

    Whoever is not of the desk is asked for anew: what they see hangs on more.
    """
    if actor.user is None or not is_desk_staff(actor):
        return list(write(**values))
    key = (connection.vendor, actor.user.pk, name, of)
    known = _known_rows.get(key)
    if known is None:
        if len(_known_rows) >= MOST:
            _known_rows.clear()
        known = _known_rows[key] = _put_together(write(**{each: _standing(each) for each in values}), values)
    return known.asked(values)


def _put_together(asked: QuerySet[Any], names: Mapping[str, str]) -> PreparedRows:
    compiler = asked.query.get_compiler(connection.alias)
    sql, params = compiler.as_sql()
    standing = {_standing(name): name for name in names}
    places = {place: standing[value] for place, value in enumerate(params) if isinstance(value, str) and value in standing}
    return PreparedRows(compiler, sql, tuple(params), places)


def _standing(name: str) -> str:
    """Stands for a text of that name while a question is put together: no row holds it."""
    return f"\x00{name}"


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
