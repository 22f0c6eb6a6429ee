"""The parts of a report: each a plot where one helps, and its numbers, each with the address of the tickets behind it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ground.exports import Column, Sheet
from ground.plots import Bar, Line, Plot, bars, funnel, lines
from support.models import Suggested
from support.reports.choosing import NONE
from support.reports.numbers import Numbers, Shares, Spent
from support.states import ClockKind, Kind

Behind = Callable[..., str]


@dataclass(frozen=True)
class Cell:
    """A number and, where tickets stand behind it, where they are listed."""

    value: int | str
    url: str = ""
    unit: str = ""

    def __str__(self) -> str:
        return f"{self.value} {self.unit}" if self.unit else str(self.value)


@dataclass(frozen=True)
class Part:
    """One question and its answer."""

    key: str
    title: str
    description: str
    headings: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell]]]
    plot: Plot | None = None
    empty: str = ""

    @property
    def sheet(self) -> Sheet[Any]:
        """Its numbers as a file."""
        columns: list[Column[Any]] = [Column("of", self.headings[0], lambda row: row[0])]
        columns += [Column(str(place), heading, _value(place)) for place, heading in enumerate(self.headings[1:])]
        return Sheet(f"report-{self.key}", columns, self.rows)


def parts_of(numbers: Numbers, behind: Behind, *, is_staff: bool) -> Iterator[Part]:
    """Every part; what compares communities, and counts time, is for staff."""
    yield volume(numbers, behind)
    yield backlog(numbers, behind)
    yield responsiveness(numbers, behind)
    if is_staff and numbers.chosen.community is None:
        yield communities(numbers, behind)
    yield kinds(numbers, behind)
    yield satisfaction(numbers, behind)
    yield deflection(numbers)
    yield articles(numbers)
    if is_staff:
        yield budget(numbers, behind)


def volume(numbers: Numbers, behind: Behind) -> Part:
    title, description = _("Opened and solved"), _("How many tickets came in each step of this time, and how many were solved.")
    places = numbers.chosen.places
    opened = [numbers.opened_by_step.get(place, 0) for place in places]
    solved = [numbers.solved_by_step.get(place, 0) for place in places]
    words = [_day(place) for place in places]
    plot = lines(
        "volume", title=title, description=description, places=words, series=[Line(_("Opened"), opened), Line(_("Solved"), solved)]
    )
    rows = [
        (word, [Cell(came, behind("opened", place)), Cell(went, behind("solved", place))])
        for word, place, came, went in zip(words, places, opened, solved, strict=True)
    ]
    total = (_("Together"), [Cell(sum(opened), behind("opened")), Cell(sum(solved), behind("solved"))])
    is_empty = not any((*opened, *solved))
    return Part(
        "volume",
        title,
        description,
        [_("From"), _("Opened"), _("Solved")],
        [] if is_empty else [*rows, total],
        plot,
        _("No ticket was opened or solved in this time."),
    )


def backlog(numbers: Numbers, behind: Behind) -> Part:
    title, description = _("Backlog"), _("How many tickets were open at the end of each step, whoever had the next move.")
    held = numbers.backlog_by_step
    words = [_day(place) for place in held]
    plot = lines("backlog", title=title, description=description, places=words, series=[Line(_("Open"), list(held.values()))])
    rows = [(word, [Cell(number, behind("left", place))]) for word, (place, number) in zip(words, held.items(), strict=True)]
    return Part(
        "backlog",
        title,
        description,
        [_("Step from"), _("Open at its end")],
        rows if any(held.values()) else [],
        plot,
        _("Nothing was left open."),
    )


def responsiveness(numbers: Numbers, behind: Behind) -> Part:
    title = _("Answers against objectives")
    description = _(
        "How often each clock ended in time, and the working time used: half of all needed no more than the median, nine in ten no more than "
        "the last column. Each answer counts, so that a ticket may be behind several."
    )
    rows, shown = [], []
    for clock in ClockKind:
        standing = numbers.standings[clock]
        if standing.ended:
            shown.append(
                Bar(str(clock.label), [standing.share], _("%(met)s of %(ended)s") % {"met": standing.met, "ended": standing.ended})
            )
            cells = [
                Cell(standing.share, unit="%"),
                Cell(standing.met, behind(f"met-{clock}")),
                Cell(standing.missed, behind(f"missed-{clock}")),
                Cell(_duration(standing.median)),
                Cell(_duration(standing.ninetieth)),
            ]
            rows.append((str(clock.label), cells))
    plot = bars("responsiveness", title=title, description=description, rows=shown, series=[_("In time, of a hundred")], digits=0)
    headings = [_("Clock"), _("In time"), _("Met"), _("Missed"), _("Median"), _("Nine in ten within")]
    return Part("responsiveness", title, description, headings, rows, plot, _("No clock ended in this time."))


def communities(numbers: Numbers, behind: Behind) -> Part:
    found = numbers.by_community.items()
    rows = [(name or _("No community"), _shares(shares, behind, community=slug or NONE)) for (slug, name), shares in found]
    if not any(slug for slug, _name in numbers.by_community):
        rows = []
    return Part(
        "communities",
        _("By community"),
        _("The communities that opened the most tickets in this time."),
        [_("Community"), *_share_headings()],
        rows,
        empty=_("No community opened a ticket in this time."),
    )


def kinds(numbers: Numbers, behind: Behind) -> Part:
    words = {**{str(kind): str(kind.label) for kind in Kind}, "": _("Not decided")}
    rows = [(word, _shares(numbers.by_kind[kind], behind, kind=kind or NONE)) for kind, word in words.items() if kind in numbers.by_kind]
    plot = bars(
        "kinds",
        title=_("By kind"),
        description="",
        rows=[
            Bar(word, [cells[0].value, cells[1].value])
            for word, cells in rows
            if isinstance(cells[0].value, int) and isinstance(cells[1].value, int)
        ],
        series=[_("Opened"), _("Solved")],
        digits=0,
    )
    return Part(
        "kinds",
        _("By kind"),
        _("What tickets were about, as triage decided."),
        [_("Kind"), *_share_headings()],
        rows,
        plot,
        _("No ticket was opened or solved in this time."),
    )


def satisfaction(numbers: Numbers, behind: Behind) -> Part:
    words = {"happy": _("Happy"), "neither": _("Neither"), "unhappy": _("Unhappy")}
    found, title = numbers.ratings, _("What requesters said")
    description = _("How requesters rated the help they got, of those who answered.")
    plot = bars(
        "satisfaction",
        title=title,
        description=description,
        rows=[Bar(word, [found[key]]) for key, word in words.items()],
        series=[_("Ratings")],
        digits=0,
    )
    rows = [(word, [Cell(found[key], behind(f"rated-{key}"))]) for key, word in words.items()]
    return Part(
        "satisfaction",
        title,
        description,
        [_("Rating"), _("Ratings")],
        rows if sum(found.values()) else [],
        plot,
        _("Nobody rated a ticket in this time."),
    )


def deflection(numbers: Numbers) -> Part:
    title, found = _("Answered by an article"), numbers.suggested
    description = _(
        "Of those to whom articles were shown while they wrote: who opened one, and who sent the ticket all the same. No names are kept."
    )
    words = {
        "shown": _("Articles were shown"),
        "opened": _("An article was opened"),
        "kept": _("Opened one and sent nothing"),
        "gave_up": _("Gave up without opening one"),
        "sent": _("Sent the ticket all the same"),
    }
    steps = [(words[step], found[step]) for step in ("shown", "opened", "kept")]
    plot = funnel("deflection", title=title, description=description, rows=steps, amount=_("Forms")) if found["shown"] else None
    places = [numbers.suggested_by_place.get(place, {}) for place in Suggested.Place]
    rows = [(word, [*(Cell(counted.get(step, 0)) for counted in places), Cell(found[step])]) for step, word in words.items()]
    return Part(
        "deflection",
        title,
        description,
        [_("What happened"), *(str(place.label) for place in Suggested.Place), _("Together")],
        rows if found["shown"] else [],
        plot,
        _("No articles were suggested in this time."),
    )


def articles(numbers: Numbers) -> Part:
    title = _("Articles that were suggested")
    description = _("Which articles save tickets, and which are shown but never opened. The ones that saved most are first.")
    rows = [(each.title, [Cell(each.shown), Cell(each.opened), Cell(each.kept)]) for each in numbers.suggested_articles]
    headings = [_("Article"), _("Shown"), _("Opened"), _("Opened, and no ticket sent")]
    return Part("articles", title, description, headings, rows, empty=_("No articles were suggested in this time."))


def budget(numbers: Numbers, behind: Behind) -> Part:
    title, description = _("Time and budgets"), _("Working time written down in this time, and what is agreed for as long.")
    rows = [(each.name, [Cell(_duration(each.minutes), behind("spent", community=each.slug)), *_against(each)]) for each in numbers.spent]
    empty = _("No time was written down in this time.")
    return Part("budget", title, description, [_("Community"), _("Spent"), _("Agreed"), _("Used")], rows, empty=empty)


def _against(spent: Spent) -> list[Cell]:
    if not spent.agreed:
        return [Cell(_("no limit")), Cell("–")]
    return [Cell(_duration(spent.agreed)), Cell(100 * spent.minutes // spent.agreed, unit="%")]


def _share_headings() -> list[str]:
    return [_("Opened"), _("Solved"), _("Clocks in time"), _("Clocks ended")]


def _shares(shares: Shares, behind: Behind, **narrowed: str) -> list[Cell]:
    return [
        Cell(shares.opened, behind("opened", **narrowed)),
        Cell(shares.solved, behind("solved", **narrowed)),
        Cell(shares.met, behind("met", **narrowed)),
        Cell(shares.ended, behind("ended", **narrowed)),
    ]


def _value(place: int) -> Callable[[Any], Any]:
    return lambda row: row[1][place].value


def _day(day: date) -> str:
    return date_format(day, "j M Y")


def _duration(minutes: int) -> str:
    """Working time in words."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return ngettext("%(number)s minute", "%(number)s minutes", rest) % {"number": rest}
    return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": rest}
