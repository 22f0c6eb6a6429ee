"""Paging that costs the same on page one and page one thousand: by key, never by offset."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Field, Model, Q, QuerySet
from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request

from ground import documents

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of rows; `next` is the cursor of the following page, empty on the last one."""

    rows: Sequence[Row]
    next: str

    def __bool__(self) -> bool:
        return bool(self.rows)


def keyset(rows: "QuerySet[Row]", *, order: Sequence[str], cursor: str = "", size: int = 50) -> Page[Row]:
    """The page after that cursor, ordered by fields that together are unique and never null (`-` for descending).

    A cursor that nobody gave out is the first page.
    """
    ordered = rows.order_by(*order)
    after = _decode(cursor, [_field(rows.model, name) for name in order])
    if after:
        ordered = ordered.filter(_after(order, after))
    found = list(ordered[: size + 1])
    return Page(rows=found[:size], next=_encode([_value(found[size - 1], name) for name in order]) if len(found) > size else "")


def cursor_of(row: Model, order: Sequence[str]) -> str:
    """The cursor of what follows this row; empty where a column of the order is empty."""
    values = [_value(row, name) for name in order]
    return "" if None in values else _encode(values)


def split(rows: "QuerySet[Row]", *, order: Sequence[str], cursor: str) -> "tuple[QuerySet[Row], QuerySet[Row]]":
    """The rows before that cursor, nearest first, and those after it. A cursor that nobody gave out stands before all of them."""
    held = _decode(cursor, [_field(rows.model, name) for name in order])
    back = [name[1:] if name.startswith("-") else f"-{name}" for name in order]
    if not held:
        return rows.none(), rows.order_by(*order)
    return rows.filter(_after(back, held)).order_by(*back), rows.filter(_after(order, held)).order_by(*order)


def _after(order: Sequence[str], values: Sequence[Any]) -> Q:
    """`(a, b) > (x, y)` spelled out, each field in its own direction."""
    condition, equal = Q(), Q()
    for name, value in zip(order, values, strict=True):
        field, comparison = (name[1:], "lt") if name.startswith("-") else (name, "gt")
        condition |= equal & Q(**{f"{field}__{comparison}": value})
        equal &= Q(**{field: value})
    return condition


def _value(row: Model, name: str) -> Any:
    value: Any = row
    for part in name.lstrip("-").split("__"):
        value = getattr(value, part)
    return value


def _encode(values: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(values, cls=_Exact).encode()).decode().rstrip("=")


def _decode(cursor: str, fields: Sequence[Field]) -> list[Any]:
    try:
        values = documents.read(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return [_held(field, value) for field, value in zip(fields, values, strict=True)] if isinstance(values, list) else []
    except (ValueError, binascii.Error):
        return []


def _field(model: type[Model], name: str) -> Field:
    """The field of that ordering, also behind relations (`community__name`)."""
    first, _joint, rest = name.lstrip("-").partition("__")
    if rest:
        return _field(model._meta.get_field(first).related_model, rest)  # type: ignore[arg-type]  # a relation has one
    return model._meta.pk if first == "pk" else model._meta.get_field(first)  # type: ignore[return-value]  # rows are ordered by columns


def _held(field: Field, value: Any) -> Any:
    """That value as the field holds it. Raises `ValueError` for what no row could have there."""
    if not isinstance(value, str | int | float) or "\0" in str(value):
        raise ValueError(value)
    str(value).encode()
    try:
        held = field.to_python(value)
        return held.astimezone(UTC) if isinstance(held, datetime) else held
    except (ValidationError, TypeError, OverflowError) as error:
        raise ValueError(value) from error


class _Exact(DjangoJSONEncoder):
    """Times with all their microseconds."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if hasattr(o, "isoformat") else super().default(o)


class ApiPagination(CursorPagination):
    """Cursor pages of the API: `next`, `results`, `page_size` up to 200."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering: str | tuple[str, ...] = "-pk"

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        self.model = queryset.model
        return super().paginate_queryset(queryset, request, view)

    def decode_cursor(self, request: Request) -> Cursor | None:
        """What the caller sent is asked for only if a row could stand there."""
        cursor = super().decode_cursor(request)
        if cursor is not None and cursor.position is not None:
            try:
                _held(_field(self.model, self.ordering[0]), cursor.position)
            except ValueError as error:
                raise NotFound(self.invalid_cursor_message) from error
        return cursor
