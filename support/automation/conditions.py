"""Conditions as data: a field, an operator and values. Pure: the same condition answers for one ticket's facts, and as a `Q` for all.

Values are keys as the ticket keeps them; ages are spans: `4h`, `3d`, `5wd` (working days of the calendar by which the ticket's
community is served).
"""

import json
import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import JSONField, Lookup, Q

from support.clocks import OFFICE_HOURS, WorkingCalendar

SPAN = re.compile(r"(\d{1,4})(h|d|wd)")
ONE_DAY = timedelta(days=1)
FAR = 400  # days off in a row, after which every day counts


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
Served = Sequence[tuple[Q, WorkingCalendar]]
"""Calendars, each with the question for the tickets of those who are served by it."""
EVERYBODY: Served = ((Q(), OFFICE_HOURS),)
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
    calendar: WorkingCalendar = OFFICE_HOURS


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
    answers = (_holds(each, facts, now) for each in conditions)
    return any(answers) or not conditions if any_of else all(answers)


def as_q(conditions: Sequence[Condition], now: datetime, *, any_of: bool = False, served: Served = EVERYBODY) -> Q:
    """The same question to the database. `served` says which tickets go by which calendar."""
    joined = Q()
    for each in conditions:
        joined = joined | _as_q(each, now, served) if any_of else joined & _as_q(each, now, served)
    return joined


def ago(now: datetime, span: str, calendar: WorkingCalendar = OFFICE_HOURS) -> datetime:
    """The moment that long before. Of working days neither the days off count nor the hours of one that is today."""
    number, unit = _read(span)
    if unit != "wd" or not number:
        return now - _fixed(number, unit)
    return _moved(now, -number, calendar)


def later(start: datetime, span: str, calendar: WorkingCalendar = OFFICE_HOURS) -> datetime:
    """The first moment that is that long after: from then on `start` is not after `ago` of it."""
    number, unit = _read(span)
    if unit != "wd" or not number:
        return start + _fixed(number, unit)
    return _moved(start, number, calendar)


def is_span(text: str) -> bool:
    return SPAN.fullmatch(text) is not None


def ages(conditions: Iterable[Condition]) -> list[Condition]:
    return [each for each in conditions if each.shape == Shape.AGE]


def _read(span: str) -> tuple[int, str]:
    found = SPAN.fullmatch(span)
    if found is None:
        raise ValueError(span)
    return int(found[1]), found[2]


def _fixed(number: int, unit: str) -> timedelta:
    return timedelta(hours=number) if unit == "h" else timedelta(days=number)


def _moved(moment: datetime, days: int, calendar: WorkingCalendar) -> datetime:
    """The same time of day so many working days on, or back. A day off is the midnight before the next working day, or after the last."""
    local, step = moment.astimezone(calendar.tz), ONE_DAY if days > 0 else -ONE_DAY
    day, at = local.date(), local.time()
    if not calendar.windows_on(day):
        at = time(0)
        day = _next(day, ONE_DAY, calendar) if days > 0 else day
    goes_on_at_midnight = days > 0 and at == time(0)
    for _ in range(abs(days) - goes_on_at_midnight):
        day = _next(day, step, calendar)
    if goes_on_at_midnight:
        day += ONE_DAY
    return datetime.combine(day, at, calendar.tz).astimezone(moment.tzinfo)


def _next(day: date, step: timedelta, calendar: WorkingCalendar) -> date:
    """The nearest working day in that direction."""
    days = (day + step * number for number in range(1, FAR))
    return next((each for each in days if calendar.windows_on(each)), day + step)


def _holds(condition: Condition, facts: Facts, now: datetime) -> bool:
    fact = getattr(facts, condition.field)
    if condition.shape == Shape.AGE:
        return fact is not None and COMPARED[condition.operator](fact, ago(now, condition.values[0], facts.calendar))
    return ANSWERS[condition.operator](fact, condition.values)


def _as_q(condition: Condition, now: datetime, served: Served) -> Q:
    field = FIELDS[condition.field]
    if condition.field == "assigned":
        nobody = Q(assignee=None, assignee_label="")
        return nobody if condition.operator == "no" else ~nobody
    if condition.shape == Shape.AGE:
        return _of_age(condition, now, served)
    return QUESTIONS[condition.operator](field.path, condition.values)


def _of_age(condition: Condition, now: datetime, served: Served) -> Q:
    """By each calendar what is asked of those who go by it; hours and days are everybody's."""
    path, span = f"{FIELDS[condition.field].path}__{BOUNDS[condition.operator]}", condition.values[0]
    if not span.endswith("wd"):
        return Q(**{path: ago(now, span)})
    return _any(tickets & Q(**{path: ago(now, span, calendar)}) for tickets, calendar in served)


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


Answer = Callable[[Any, Sequence[str]], bool]
ANSWERS: Mapping[str, Answer] = {
    "is": lambda fact, values: str(fact) in values,
    "is_not": lambda fact, values: str(fact) not in values,
    "set": lambda fact, _values: bool(fact),
    "not_set": lambda fact, _values: not fact,
    "at_least": lambda fact, values: fact >= int(values[0]),
    "at_most": lambda fact, values: fact <= int(values[0]),
    "contains": lambda fact, values: any(_lower(value) in _lower(fact) for value in values),
    "contains_not": lambda fact, values: not any(_lower(value) in _lower(fact) for value in values),
    "has": lambda fact, values: any(value in fact for value in values),
    "has_not": lambda fact, values: not any(value in fact for value in values),
    "yes": lambda fact, _values: bool(fact),
    "no": lambda fact, _values: not fact,
}
Question = Callable[[str, Sequence[str]], Q]
QUESTIONS: Mapping[str, Question] = {
    "is": lambda path, values: Q(**{f"{path}__in": values}),
    "is_not": lambda path, values: _not(path, Q(**{f"{path}__in": values})),
    "set": lambda path, _values: _present(path),
    "not_set": lambda path, _values: ~_present(path),
    "at_least": lambda path, values: Q(**{f"{path}__gte": values[0]}),
    "at_most": lambda path, values: Q(**{f"{path}__lte": values[0]}),
    "contains": lambda path, values: _any(Q(**{f"{path}__icontains": value}) for value in values),
    "contains_not": lambda path, values: _not(path, _any(Q(**{f"{path}__icontains": value}) for value in values)),
    "has": lambda path, values: _any(Q(**{f"{path}__holds": value}) for value in values),
    "has_not": lambda path, values: _not(path, _any(Q(**{f"{path}__holds": value}) for value in values)),
    "yes": lambda path, _values: Q(**{path: True}),
    "no": lambda path, _values: Q(**{path: False}),
}
COMPARED: Mapping[str, Callable[[datetime, datetime], bool]] = {"for_at_least": operator.le, "for_less": operator.gt}
BOUNDS: Mapping[str, str] = {"for_at_least": "lte", "for_less": "gt"}
