"""How many tickets each view holds: all of them in one query that never counts further than a thousand."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from support.models import Ticket
from support.queue.moments import Moment
from support.queue.prepared import Part, ask, together
from support.queue.views import VIEWS, View, kept

CAP = 1000


def counts(at: Moment, **also: "Callable[[], QuerySet[Any]]") -> dict[str, int]:
    """How many tickets each view holds, the kept ones too, and rows of what else of this person's the page counts, in one query.

    Views that search for words are not counted.
    """
    views = list(_views(at))

    def parts(then: Moment) -> list[Part]:
        here = Ticket.objects.visible_to(then.actor).here()
        return [counted(here.filter(view.rows(then))) for view in views] + [counted(rows()) for rows in also.values()]

    of = (*also, *((view.key, json.dumps(view.saved.filters, sort_keys=True), view.saved.sort) for view in views if view.saved))
    return dict(zip([*(view.key for view in views), *also], ask("counts", at, parts, of=of), strict=True))


def _views(at: Moment) -> Iterator[View]:
    yield from VIEWS.values()
    yield from (view for view in map(kept, at.saved.values()) if not view.words)


def count_capped(parts: "Mapping[str, QuerySet[Any]]") -> dict[str, int]:
    """How many rows each part holds, in one query that counts no further than the cap and one."""
    return dict(zip(parts, together([counted(rows) for rows in parts.values()]), strict=True))


def counted(found: "QuerySet[Any]") -> Part:
    """How many, no further than the cap and one."""
    try:
        sql, params = found.order_by().values("pk")[: CAP + 1].query.sql_with_params()
    except EmptyResultSet:
        return "0", ()
    return f"(SELECT COUNT(*) FROM ({sql}) capped)", params  # noqa: S608  SQL that Django compiled, values apart


def first(found: "QuerySet[Any]") -> Part:
    """What a query of one column finds first; None without."""
    try:
        sql, params = found[:1].query.sql_with_params()
    except EmptyResultSet:
        return "NULL", ()
    return f"({sql})", params
