"""Paging that costs the same on page one and page one thousand: by key, never by offset."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, Q, QuerySet
from rest_framework.pagination import CursorPagination

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
    after = _decode(cursor, len(order))
    if after:
        ordered = ordered.filter(_after(order, after))
    found = list(ordered[: size + 1])
    return Page(rows=found[:size], next=_encode([_value(found[size - 1], name) for name in order]) if len(found) > size else "")


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


def _decode(cursor: str, length: int) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error):
        return []
    return (
        values
        if isinstance(values, list) and len(values) == length and all(isinstance(value, str | int | float) for value in values)
        else []
    )


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
