"""Conditions as data: a field, an operator and values. Pure: the same condition answers for one ticket's facts, and as a `Q` for all.

Values are keys as the ticket keeps them; ages are spans: `4h`, `3d`, `5wd` (working days, Monday to Friday).
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import JSONField, Lookup, Q

SPAN = re.compile(r"(\d{1,4})(h|d|wd)")
SATURDAY = 5


class Shape(StrEnum):
    """What can be asked of a field."""

    CHOICE = "choice"
    CODE = "code"
    NUMBER = "number"
    TEXT = "text"
    TAGS = "tags"
    FLAG = "flag"
    AGE = "age"


OPERATORS: Mapping[Shape, tuple[str, ...]] = {
    Shape.CHOICE: ("is", "is_not", "set", "not_set"),
    Shape.CODE: ("is", "is_not"),
    Shape.NUMBER: ("is", "is_not", "at_least", "at_most"),
    Shape.TEXT: ("contains", "contains_not"),
    Shape.TAGS: ("has", "has_not"),
    Shape.FLAG: ("yes", "no"),
    Shape.AGE: ("for_at_least", "for_less"),
}
WITHOUT_VALUE = frozenset({"set", "not_set", "yes", "no"})


@dataclass(frozen=True)
class Field:
    """One thing that may be asked of a ticket, and the column it stands in."""

    shape: Shape
    path: str


FIELDS: Mapping[str, Field] = {
    "community": Field(Shape.CHOICE, "community__slug"),
    "language": Field(Shape.CHOICE, "community__language"),
    "kind": Field(Shape.CHOICE, "kind"),
    "impact": Field(Shape.CHOICE, "impact"),
    "responsible": Field(Shape.CHOICE, "responsible"),
    "escalation": Field(Shape.CHOICE, "escalation"),
    "status": Field(Shape.CODE, "status"),
    "turn": Field(Shape.CHOICE, "status__group"),
    "priority": Field(Shape.NUMBER, "priority"),
    "assignee": Field(Shape.CHOICE, "assignee__email"),
    "assigned": Field(Shape.FLAG, "assignee"),
    "group": Field(Shape.CHOICE, "group__name"),
    "tags": Field(Shape.TAGS, "tags"),
    "subject": Field(Shape.TEXT, "subject"),
    "requester": Field(Shape.TEXT, "requester__email"),
    "confidential": Field(Shape.FLAG, "confidential"),
    "opened": Field(Shape.AGE, "created_at"),
    "waiting": Field(Shape.AGE, "waiting_since"),
    "quiet": Field(Shape.AGE, "last_message_at"),
}


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is true of one ticket."""

    community: str = ""
    language: str = ""
    kind: str = ""
    impact: str = ""
    responsible: str = ""
    escalation: str = ""
    status: int = 2
    turn: str = "open"
    priority: int = 1
    assignee: str = ""
    assigned: bool = False
    group: str = ""
    tags: tuple[str, ...] = ()
    subject: str = ""
    requester: str = ""
    confidential: bool = False
    opened: datetime | None = None
    waiting: datetime | None = None
    quiet: datetime | None = None


@dataclass(frozen=True)
class Condition:
    """One of a rule's conditions."""

    field: str
    operator: str
    values: tuple[str, ...] = ()

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> "Condition":
        return cls(field=raw["field"], operator=raw["operator"], values=tuple(raw.get("values") or ()))

    @property
    def shape(self) -> Shape:
        return FIELDS[self.field].shape

    def written(self) -> dict[str, Any]:
        return {"field": self.field, "operator": self.operator, "values": list(self.values)}


class Holds(Lookup[bool]):
    """Whether a list kept as JSON holds a word: SQLite has no `contains` for it, PostgreSQL has."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        sql, params = self.process_lhs(compiler, connection)
        return f"EXISTS (SELECT 1 FROM json_each({sql}) WHERE json_each.value = %s)", [*params, self.rhs]  # noqa: S608  a column that Django compiled, the value apart

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        sql, params = self.process_lhs(compiler, connection)
        return f"{sql} @> %s::jsonb", [*params, json.dumps([self.rhs])]


JSONField.register_lookup(Holds)


def holds(conditions: Sequence[Condition], facts: Facts, now: datetime, *, any_of: bool = False) -> bool:
    """Whether all of them hold, or any; without conditions every ticket fits."""
    answers = (_holds(each, getattr(facts, each.field), now) for each in conditions)
    return any(answers) or not conditions if any_of else all(answers)


def as_q(conditions: Sequence[Condition], now: datetime, *, any_of: bool = False) -> Q:
    """The same question to the database."""
    joined = Q()
    for each in conditions:
        joined = joined | _as_q(each, now) if any_of else joined & _as_q(each, now)
    return joined


def ago(now: datetime, span: str) -> datetime:
    """The moment that long before. Weekends do not count as working days."""
    number, unit = _read(span)
    if unit != "wd":
        return now - timedelta(**{{"h": "hours", "d": "days"}[unit]: number})
    moment = now
    while number:
        moment -= timedelta(days=1)
        number -= moment.weekday() < SATURDAY
    return moment


def is_span(text: str) -> bool:
    return SPAN.fullmatch(text) is not None


def ages(conditions: Iterable[Condition]) -> list[Condition]:
    return [each for each in conditions if each.shape == Shape.AGE]


def _read(span: str) -> tuple[int, str]:
    found = SPAN.fullmatch(span)
    if found is None:
        raise ValueError(span)
    return int(found[1]), found[2]


def _holds(condition: Condition, fact: Any, now: datetime) -> bool:
    return ANSWERS[condition.operator](fact, condition.values, now)


def _as_q(condition: Condition, now: datetime) -> Q:
    field = FIELDS[condition.field]
    if condition.field == "assigned":
        nobody = Q(assignee=None, assignee_label="")
        return nobody if condition.operator == "no" else ~nobody
    return QUESTIONS[condition.operator](field.path, condition.values, now)


def _any(parts: Iterable[Q]) -> Q:
    """One of them; of none, none."""
    joined = Q(pk__in=())
    for each in parts:
        joined |= each
    return joined


def _present(path: str) -> Q:
    """Neither null nor blank; the column of a related row is null where there is none."""
    return ~Q(**{path: ""}) & Q(**{f"{path}__isnull": False})


def _not(path: str, asked: Q) -> Q:
    """Not so, or nothing there to be so: beside another condition Django leaves it to us to say that null is no answer."""
    return Q(**{f"{path}__isnull": True}) | ~asked


def _lower(text: str) -> str:
    """Letters of English alone: databases disagree about the case of others."""
    return text.translate({code: code + 32 for code in range(65, 91)})


Answer = Callable[[Any, Sequence[str], datetime], bool]
ANSWERS: Mapping[str, Answer] = {
    "is": lambda fact, values, _now: str(fact) in values,
    "is_not": lambda fact, values, _now: str(fact) not in values,
    "set": lambda fact, _values, _now: bool(fact),
    "not_set": lambda fact, _values, _now: not fact,
    "at_least": lambda fact, values, _now: fact >= int(values[0]),
    "at_most": lambda fact, values, _now: fact <= int(values[0]),
    "contains": lambda fact, values, _now: any(_lower(value) in _lower(fact) for value in values),
    "contains_not": lambda fact, values, _now: not any(_lower(value) in _lower(fact) for value in values),
    "has": lambda fact, values, _now: any(value in fact for value in values),
    "has_not": lambda fact, values, _now: not any(value in fact for value in values),
    "yes": lambda fact, _values, _now: bool(fact),
    "no": lambda fact, _values, _now: not fact,
    "for_at_least": lambda fact, values, now: fact is not None and fact <= ago(now, values[0]),
    "for_less": lambda fact, values, now: fact is not None and fact > ago(now, values[0]),
}
Question = Callable[[str, Sequence[str], datetime], Q]
QUESTIONS: Mapping[str, Question] = {
    "is": lambda path, values, _now: Q(**{f"{path}__in": values}),
    "is_not": lambda path, values, _now: _not(path, Q(**{f"{path}__in": values})),
    "set": lambda path, _values, _now: _present(path),
    "not_set": lambda path, _values, _now: ~_present(path),
    "at_least": lambda path, values, _now: Q(**{f"{path}__gte": values[0]}),
    "at_most": lambda path, values, _now: Q(**{f"{path}__lte": values[0]}),
    "contains": lambda path, values, _now: _any(Q(**{f"{path}__icontains": value}) for value in values),
    "contains_not": lambda path, values, _now: _not(path, _any(Q(**{f"{path}__icontains": value}) for value in values)),
    "has": lambda path, values, _now: _any(Q(**{f"{path}__holds": value}) for value in values),
    "has_not": lambda path, values, _now: _not(path, _any(Q(**{f"{path}__holds": value}) for value in values)),
    "yes": lambda path, _values, _now: Q(**{path: True}),
    "no": lambda path, _values, _now: Q(**{path: False}),
    "for_at_least": lambda path, values, now: Q(**{f"{path}__lte": ago(now, values[0])}),
    "for_less": lambda path, values, now: Q(**{f"{path}__gt": ago(now, values[0])}),
}
