"""The board: every application in earnest by its stage, who has to move now, and where work waits.

Only facts that stand on the application's own row are read, so that a thousand cards cost what ten do.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Min
from django.utils import timezone
from django_countries import countries

from ground.actors import Actor
from ground.paging import Page, keyset
from onboarding.access import DECIDE
from onboarding.board.rows import (
    Column,
    Filters,
    Holder,
    Rows,
    annotated,
    filtered,
    first_of_each,
    light,
    needed_reviews,
    newest_released,
)
from onboarding.models import Application, Letter
from onboarding.scoring import FlagKind
from onboarding.states import LetterState

CARDS = 15
PAGE = 50

__all__ = ["Board", "Card", "Column", "Filters", "Holder", "Stage", "Waiting", "board"]


@dataclass(frozen=True)
class Card:
    """One application on the board. `median` and `flags` are empty for who may not see them yet."""

    reference: str
    name: str
    country: str
    days: int
    reviews: int
    needed: int
    median: Decimal | None
    is_covered: bool
    flags: Sequence[str]
    holder: Holder
    outcome: str
    is_conflicted: bool


@dataclass(frozen=True)
class Stage:
    """One column with the cards that fit, and how many there are in all."""

    column: Column
    cards: Sequence[Card]
    count: int

    @property
    def is_cut(self) -> bool:
        return self.count > len(self.cards)


@dataclass(frozen=True)
class Waiting:
    """How much waits for whom, and since when the oldest of it does."""

    holder: Holder
    count: int
    days: int


@dataclass(frozen=True)
class Board:
    """Everything the page shows; `following` is the cursor of the next page where one stage is looked at alone."""

    stages: Sequence[Stage]
    waiting: Sequence[Waiting]
    failed_letters: int
    countries: Sequence[tuple[str, str]]
    page: Page[Application] | None = None


def board(actor: Actor, filters: Filters, *, cursor: str = "") -> Board:
    """The board of one person; with a stage chosen, that stage alone, page by page."""
    everything = annotated(actor, needed_reviews())
    rows = filtered(everything, filters, actor)
    totals = list(rows.order_by().values("column", "holder").annotate(count=Count("pk"), oldest=Min("since")))
    page = _page(rows, filters.stage, cursor) if filters.stage else None
    return Board(
        stages=_stages(rows, totals, page, filters),
        waiting=_waiting(totals),
        failed_letters=_failed_letters(actor),
        countries=_countries(everything),
        page=page,
    )


def cards(actor: Actor, filters: Filters) -> Iterator[Card]:
    """Every card of the board of one person, the longest in its stage first."""
    rows = filtered(annotated(actor, needed_reviews()), filters, actor)
    return map(_card, light(rows).order_by("state_since", "pk"))


def _page(rows: Rows, stage: str, cursor: str) -> Page[Application]:
    order = ["-state_since", "-pk"] if stage == Column.RELEASED else ["state_since", "pk"]
    return keyset(light(rows), order=order, cursor=cursor, size=PAGE)


def _stages(
    rows: Rows,
    totals: Sequence[Mapping[str, Any]],
    page: Page[Application] | None,
    filters: Filters,
) -> list[Stage]:
    """Every column, empty ones too; one chosen stage alone where there is a page."""
    found: Sequence[Any] = page.rows if page is not None else [*first_of_each(rows, CARDS), *newest_released(rows, CARDS)]
    cards: dict[str, list[Card]] = {}
    for row in found:
        cards.setdefault(row.column, []).append(_card(row))
    columns = [Column(filters.stage)] if filters.stage else list(Column)
    return [Stage(column, cards.get(column, []), sum(each["count"] for each in totals if each["column"] == column)) for column in columns]


def _card(row: Any) -> Card:
    flags = row.flags if row.shows_scores else []
    return Card(
        reference=row.reference,
        name=row.name or row.reference,
        country=row.country.name,
        days=_days(row.since),
        reviews=row.reviews_submitted,
        needed=row.needed,
        median=row.median if row.shows_scores else None,
        is_covered=FlagKind.COVERAGE not in flags,
        flags=[str(FlagKind(flag).label) for flag in flags if flag in FlagKind.values],
        holder=Holder(row.holder),
        outcome=str(row.get_outcome_display()) if row.outcome else "",
        is_conflicted=row.is_conflicted,
    )


def _waiting(totals: Sequence[Mapping[str, Any]]) -> list[Waiting]:
    """By who has to move, whoever keeps most waiting first."""
    found = []
    for holder in (Holder.LEAD, Holder.REVIEWERS, Holder.APPLICANT):
        own = [each for each in totals if each["holder"] == holder]
        if own:
            found.append(Waiting(holder, sum(each["count"] for each in own), _days(min(each["oldest"] for each in own))))
    return found


def _failed_letters(actor: Actor) -> int:
    """Letters that came back, for those who can send them again."""
    return Letter.objects.filter(state=LetterState.FAILED).count() if DECIDE.is_held_by(actor) else 0


def _countries(rows: Rows) -> list[tuple[str, str]]:
    codes = rows.order_by().exclude(country="").values_list("country", flat=True).distinct()
    return sorted(((code, str(countries.name(code) or code)) for code in codes), key=lambda pair: pair[1])


def _days(since: datetime) -> int:
    return max(0, (timezone.now() - since).days)
