"""Questions about editions whose SQL is put together once for everybody of the same sight in the same frame (docs/adr/0067).

The ORM writes them, with `visible_to` in them as ever; only the values that differ from page to page are filled in when one is asked.
Answers are never kept.
"""

import zlib
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from knowledgebase.filling import Frame
from knowledgebase.models import Edition, EditionQuerySet
from knowledgebase.models.editions import sight_of

MOST = 500
NUMBERS: dict[int, str] = {}  # what stands for a number, and for which

Write = Callable[[EditionQuerySet], Sequence[Any]]


@dataclass(frozen=True)
class Mark:
    """A value of a question that is known when it is asked."""

    name: str


@dataclass(frozen=True)
class Question:
    """SQL and its values, marks among them."""

    sql: str
    values: tuple[Any, ...]

    def values_with(self, known: Mapping[str, Any]) -> list[Any]:
        return [known[value.name] if isinstance(value, Mark) else value for value in self.values]


_known: dict[Hashable, Question] = {}


def text(name: str) -> str:
    """Stands for a text of that name while a question is put together: no row holds it."""
    return f"\x00{name}"


def number(name: str) -> int:
    """Stands for a number of that name: no row has such a key."""
    standing = -(10**9) - zlib.crc32(name.encode()) % 10**9
    NUMBERS[standing] = name
    return standing


def prepared(name: str, frame: Frame, write: Write, *, of: Hashable = ()) -> Question:
    """The question of that name for who reads in that frame.

    `write` gives its parts, from what this reader finds there; beside that they hang on `of` alone.
    """
    key = (name, of, connection.vendor, sight_of(frame.actor), frame.community.pk if frame.community else None)
    question = _known.get(key)
    if question is None:
        if len(_known) >= MOST:
            _known.clear()  # another thread may do the same: what it took out is in its hands
        question = _known[key] = _put_together(write(Edition.objects.visible_to(frame.actor).readable_in(frame.community)))
    return question


def _put_together(parts: Sequence[Any]) -> Question:
    """One part as it is; several one after the other."""
    asked = [part.query.sql_with_params() for part in parts]
    sqls = [sql for sql, _params in asked]
    values = tuple(_marked(value) for _sql, params in asked for value in params)
    if len(sqls) == 1:
        return Question(sqls[0], values)
    return Question(" UNION ALL ".join(f"SELECT * FROM ({sql}) AS part{place}" for place, sql in enumerate(sqls)), values)  # noqa: S608  the ORM's SQL, values apart


def _marked(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("\x00"):
        return Mark(value[1:])
    return Mark(NUMBERS[value]) if isinstance(value, int) and value in NUMBERS else value
