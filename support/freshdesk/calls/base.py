"""What every group of calls shares: one object, one page, a whole list, and refusals that are no trouble."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from ground.errors import Rejected
from support.freshdesk.answers import Answer
from support.freshdesk.budget import Cost
from support.freshdesk.downloads import Downloads
from support.freshdesk.shapes import Shape
from support.freshdesk.wire import ONE, Wire

PAGE_SIZE = 100
ALREADY = frozenset({404, 405})  # what a deletion says of what is deleted
ShapeT = TypeVar("ShapeT", bound=Shape)


@dataclass(frozen=True)
class Page(Generic[ShapeT]):
    """One page of a list, with the server's clock. `total` is what a search found on all pages together."""

    items: tuple[ShapeT, ...]
    at: datetime | None
    has_next: bool
    total: int | None = None


class Calls:
    """A group of calls on one connection."""

    def __init__(self, wire: Wire, downloads: Downloads) -> None:
        self._wire = wire
        self._downloads = downloads

    def _page(self, shape: type[ShapeT], path: str, *, page: int = 1, cost: Cost = ONE, **params: Any) -> Page[ShapeT]:
        answer = self._wire.get(path, said(page=page, per_page=PAGE_SIZE, **params), cost=cost, expect=list)
        return Page(rows(shape, answer), answer.at, answer.has_next_page)

    def _every(self, shape: type[ShapeT], path: str) -> Iterator[ShapeT]:
        number, more = 1, True
        while more:
            page = self._page(shape, path, page=number)
            yield from page.items
            number, more = number + 1, page.has_next


def one(shape: type[ShapeT], answer: Answer) -> ShapeT:
    return shape.read(answer.payload, seen_at=answer.at)


def rows(shape: type[ShapeT], answer: Answer) -> tuple[ShapeT, ...]:
    return tuple(shape.read(row, seen_at=answer.at) for row in answer.payload)


def unless_already(ask: Callable[[], Answer]) -> bool:
    try:
        ask()
    except Rejected as refusal:
        if refusal.status not in ALREADY:
            raise
        return False
    return True


def is_duplicate(refusal: Rejected) -> bool:
    return refusal.status in {400, 409} and any(error.get("code") == "duplicate_value" for error in refusal.errors)


def is_unknown_field(refusal: Rejected, name: str) -> bool:
    return refusal.status == 400 and any(error.get("field") == name for error in refusal.errors)


def with_includes(cost: Cost, include: Collection[str], *, each: int) -> Cost:
    return Cost(cost.credits + each * len(include), cost.sublimit)


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def said(**params: Any) -> Mapping[str, Any]:
    return {name: value for name, value in params.items() if value is not None}
