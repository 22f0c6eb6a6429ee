"""The plots of the figures page, each from the numbers of a period."""

import statistics
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ground.plots import Bar, Cells, Line, Plot, Point, Sample, bars, distribution, funnel, heat_map, lines, scatter
from ground.plots.shapes import number
from hubs.states import EDITABLE
from onboarding.agreement import FEWEST_UNITS, RELIABLE, dependable_alpha, double_rated
from onboarding.figures.numbers import READ, Numbers, days_between, is_accepted, is_live
from onboarding.models import Application
from onboarding.rubric import LEVELS
from onboarding.states import ApplicationState

STAGES = (
    ApplicationState.APPLIED,
    ApplicationState.SCREENING,
    ApplicationState.IN_REVIEW,
    ApplicationState.DISCUSSION,
)
NOTICES_SHOWN = 24


def from_sent_to_live(numbers: Numbers) -> Plot:
    """How many came how far."""
    rows = numbers.applications
    return funnel(
        "funnel",
        title=_("From sent to live"),
        description=_("How many of the applications that were sent in this time came as far as each step."),
        heading=_("Step"),
        amount=_("Applications"),
        rows=[
            (_("Sent"), len(rows)),
            (_("E-mail address confirmed"), sum(row.is_verified for row in rows)),
            (_("Read by reviewers"), sum(row.state in READ for row in rows)),
            (_("Answered"), sum(bool(row.outcome) for row in rows)),
            (_("Accepted"), sum(is_accepted(row) for row in rows)),
            (_("Live"), sum(is_live(row) for row in rows)),
        ],
    )


def days_per_stage(numbers: Numbers) -> Plot:
    """How long stages last."""
    samples = [Sample(str(stage.label), numbers.days_by_stage.get(stage, [])) for stage in STAGES]
    return distribution(
        "stages",
        title=_("Days per stage"),
        description=_("How long applications stayed in each stage they have left. The thick line is the median, the box the middle half."),
        heading=_("Stage"),
        unit=_("days"),
        samples=samples,
    )


def where_work_waits(numbers: Numbers) -> Plot:
    """Who holds what is open now, and how long it has been with them."""
    waits = _waits(numbers)
    return bars(
        "waiting",
        title=_("Where work waits"),
        description=_("Open applications and hub requests by who has the next step, and for how many days: the median."),
        heading=_("With whom"),
        series=[_("Open")],
        noted=_("For how long"),
        rows=[
            Bar(who, [len(days)], _("%(days)s days") % {"days": number(statistics.median(days), 0)} if days else "")
            for who, days in waits.items()
        ],
    )


def levels_by_criterion(numbers: Numbers) -> Plot:
    """Which levels were given, criterion by criterion."""
    rows = []
    for key, title in _criteria(numbers):
        given = [level for levels in numbers.levels.get(key, {}).values() for level in levels]
        rows.append(Cells(title, [given.count(level) if given else None for level in LEVELS]))
    return heat_map(
        "levels",
        title=_("Levels by criterion"),
        description=_(
            "How often reviewers gave each level, from 0 to 4. A criterion with one strong cell tells applications little apart."
        ),
        heading=_("Criterion"),
        columns=[str(level) for level in LEVELS],
        rows=rows,
    )


def agreement(numbers: Numbers) -> Plot:
    """Krippendorff's α a criterion."""
    rows = []
    for key, title in _criteria(numbers):
        units = list(numbers.levels.get(key, {}).values())
        alpha, twice = dependable_alpha(units), len(double_rated(units))
        if alpha is not None:
            below = _("below the line") if alpha < RELIABLE else ""
            rows.append(Bar(f"{title} ({twice})", [round(max(alpha, 0.0), 2)], below))
    return bars(
        "agreement",
        title=_("How far reviewers agree"),
        description=_(
            "Krippendorff’s α of each criterion: 1 is agreement on everything, 0 is chance. Below %(line)s the level texts should be made "
            "clearer. Only criteria of %(fewest)s applications or more that two people scored."
        )
        % {"line": number(RELIABLE, 2), "fewest": FEWEST_UNITS},
        heading=_("Criterion (applications)"),
        series=["α"],
        noted=_("Line"),
        digits=2,
        rows=rows,
    )


def notice_of_events(numbers: Numbers, *, line: int) -> Plot:
    """How early events are asked for, against what we ask for."""
    shown = numbers.notices[-NOTICES_SHOWN:]
    return lines(
        "notice",
        title=_("Notice of events"),
        description=_("Days between sending a request for an event and its start, the newest on the right. We ask for %(days)s days.")
        % {"days": line},
        heading=_("Sent"),
        places=[date_format(each.sent_on, "j M") for each in shown],
        series=[Line(_("Days of notice"), [max(each.days, 0) for each in shown])],
        mark=line,
        marked=_("%(days)s days") % {"days": line},
    )


def score_and_value(numbers: Numbers) -> Plot:
    """Whether a score says anything of what came of it."""
    return scatter(
        "value",
        title=_("Score and time to first value"),
        description=_("Each point is a community: the median of its reviews, and the days until five people used its hub."),
        heading=_("Community"),
        across=_("Score of 100"),
        upward=_("Days to first value"),
        points=list(_points(numbers)),
    )


def _points(numbers: Numbers) -> Iterator[Point]:
    """The communities of which both numbers are known."""
    for row in numbers.applications:
        days = numbers.first_values.get(row.community_id) if row.community_id else None
        if days is not None and row.median is not None:
            yield Point(row.name or row.reference, float(row.median), days)


def _criteria(numbers: Numbers) -> list[tuple[str, str]]:
    return [(each.key, str(each)) for each in numbers.rubric.criteria] if numbers.rubric else []


def _waits(numbers: Numbers) -> dict[str, list[float]]:
    """Days since it came to whoever holds it, for everything open."""
    needed = numbers.rubric.rules.min_reviews if numbers.rubric else 0
    applicant, reviewers, lead, community, us = _("The applicant"), _("Reviewers"), _("A review lead"), _("The community"), _("Us")
    found: dict[str, list[float]] = {applicant: [], reviewers: [], lead: [], community: [], us: []}
    for row in numbers.applications:
        holder, since = _holder(row, needed)
        if holder:
            found[{"applicant": applicant, "reviewers": reviewers, "lead": lead}[holder]].append(days_between(since, numbers.now))
    for request in numbers.open_requests:
        found[community if request.state in EDITABLE else us].append(days_between(request.updated_at, numbers.now))
    return found


def _holder(row: Application, needed: int) -> tuple[str, datetime]:
    """Who has the next step of an application, and since when; nobody once it is over."""
    if row.waiting_since is not None:
        return "applicant", row.waiting_since
    match row.state:
        case ApplicationState.APPLIED:
            return "applicant", row.state_since
        case ApplicationState.IN_REVIEW if row.reviews_submitted < needed:
            return "reviewers", row.state_since
        case ApplicationState.SCREENING | ApplicationState.IN_REVIEW | ApplicationState.DISCUSSION:
            return "lead", row.state_since
    return "", row.state_since


def all_of(numbers: Numbers, *, line: int) -> Sequence[Plot]:
    """Everything the page shows, in its order."""
    return [
        from_sent_to_live(numbers),
        where_work_waits(numbers),
        days_per_stage(numbers),
        levels_by_criterion(numbers),
        agreement(numbers),
        notice_of_events(numbers, line=line),
        score_and_value(numbers),
    ]
