"""Working time: right over every change of the clock, and by laws rather than by example."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.clocks import Holiday, Reduced, Window, WorkingCalendar
from support.clocks.working import ALL_DAY

ZONES = ("America/New_York", "Europe/Lisbon", "Africa/Casablanca", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC")
NINE_TO_FIVE = (Window(9 * 60, 17 * 60),)
OFFICE = (*((NINE_TO_FIVE,) * 5), (), ())
NIGHTS = (*(((Window(9 * 60, 12 * 60), Window(22 * 60, 3 * 60)),) * 6), (Window(1 * 60, 2 * 60 + 30),))
WEEKS = (OFFICE, NIGHTS, (ALL_DAY,) * 7, ((), (), (), (Window(0, 90),), (), (), ()))
CALENDARS = [
    WorkingCalendar(
        zone=zone,
        week=week,
        holidays=(Holiday(date(2026, 3, 9), "Closed"), Holiday(date(2026, 10, 26), "Half", (Window(540, 720),))),
        reduced=(
            Reduced(date(2026, 12, 20), date(2027, 1, 3), "Winter", windows=()),
            Reduced(date(2026, 7, 1), date(2026, 8, 2), factor=200),
        ),
    )
    for zone in ZONES
    for week in WEEKS
]
calendars = st.sampled_from(CALENDARS)
moments = st.integers(int(datetime(2025, 12, 20, tzinfo=UTC).timestamp()), int(datetime(2028, 3, 5, tzinfo=UTC).timestamp())).map(
    lambda at: datetime.fromtimestamp(at, UTC)
)
minutes = st.integers(1, 30_000)


def local(calendar, *parts, fold=0):
    return datetime(*parts, tzinfo=ZoneInfo(calendar.zone), fold=fold)


def counts(calendar, at):
    """The rule in its own words: the wall clock stands inside a window of its day, or of the day before."""
    wall = at.astimezone(ZoneInfo(calendar.zone))
    minute = wall.hour * 60 + wall.minute
    today, before = calendar.windows_on(wall.date()), calendar.windows_on(wall.date() - timedelta(days=1))
    return any(window.opens <= minute < window.end for window in today) or any(minute + 1440 < window.end for window in before)


@given(calendars, moments, minutes)
def test_between_undoes_add(calendar, at, length):
    due = calendar.add(at, length)
    assert due is not None
    assert calendar.between(at, due) == pytest.approx(length)
    assert calendar.between(at, due - timedelta(seconds=1)) < length


@given(calendars, moments, minutes, minutes)
def test_add_goes_on_where_it_stopped(calendar, at, one, other):
    assert calendar.add(calendar.add(at, one), other) == calendar.add(at, one + other)


@given(calendars, moments, moments, moments)
def test_time_between_adds_up_and_never_runs_backwards(calendar, one, two, three):
    first, second, third = sorted([one, two, three])
    assert calendar.between(first, third) == pytest.approx(calendar.between(first, second) + calendar.between(second, third))
    assert 0 <= calendar.between(first, second) <= calendar.between(first, third)
    assert calendar.between(third, first) == -calendar.between(first, third)


@given(calendars, moments, moments, minutes)
def test_what_begins_later_is_due_no_earlier(calendar, one, other, length):
    assert calendar.add(min(one, other), length) <= calendar.add(max(one, other), length)


@given(calendars, st.integers(0, 500))
def test_a_day_counts_the_minutes_at_which_the_wall_clock_is_inside_a_window(calendar, day):
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day)
    told = sum(counts(calendar, start + timedelta(minutes=minute)) for minute in range(1440))
    assert calendar.between(start, start + timedelta(days=1)) == told


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("week", WEEKS)
def test_every_day_of_a_change_of_the_clock_counts_like_the_wall(zone, week):
    calendar = WorkingCalendar(zone=zone, week=week)
    days = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day) for day in range(365)]
    changes = [
        day for day in days if day.astimezone(calendar.tz).utcoffset() != (day + timedelta(days=1)).astimezone(calendar.tz).utcoffset()
    ]
    for start in changes:
        told = sum(counts(calendar, start + timedelta(minutes=minute)) for minute in range(1440))
        assert calendar.between(start, start + timedelta(days=1)) == told


@pytest.mark.parametrize(
    ("began", "length", "due"),
    [
        ((2026, 3, 6, 16, 30), 30, (2026, 3, 6, 17, 0)),
        ((2026, 3, 6, 16, 30), 31, (2026, 3, 9, 9, 1)),  # the clock goes forward that weekend
        ((2026, 3, 7, 12, 0), 480, (2026, 3, 9, 17, 0)),
        ((2026, 3, 6, 8, 0), 60, (2026, 3, 6, 10, 0)),
        ((2028, 2, 28, 16, 0), 120, (2028, 2, 29, 10, 0)),  # the leap day is a day of work
        ((2026, 12, 31, 16, 0), 120, (2027, 1, 1, 10, 0)),
    ],
)
def test_add_over_nights_weekends_and_years(began, length, due):
    calendar = WorkingCalendar(zone="America/New_York", week=OFFICE)
    assert calendar.add(local(calendar, *began), length) == local(calendar, *due)


def test_the_night_of_a_change_is_as_long_as_it_really_is():
    calendar = WorkingCalendar(zone="America/New_York", week=((Window(22 * 60, 6 * 60),),) * 7)
    forward, back = local(calendar, 2026, 3, 7, 20), local(calendar, 2026, 10, 31, 20)
    assert calendar.between(forward, local(calendar, 2026, 3, 8, 12)) == 7 * 60
    assert calendar.between(back, local(calendar, 2026, 11, 1, 12)) == 9 * 60


def test_windows_that_overlap_or_repeat_count_once():
    calendar = WorkingCalendar(week=((Window(540, 720), Window(600, 780), Window(540, 720)),) * 7)
    assert calendar.between(datetime(2026, 5, 4, tzinfo=UTC), datetime(2026, 5, 5, tzinfo=UTC)) == 240


@pytest.mark.parametrize(
    "calendar",
    [
        WorkingCalendar(),
        WorkingCalendar(zone="Asia/Kathmandu", holidays=(Holiday(date(2020, 1, 1), "Half", (Window(540, 720),)),)),
        WorkingCalendar(week=OFFICE, reduced=(Reduced(date(2000, 1, 1), date(9000, 1, 1), windows=()),)),
    ],
)
def test_without_an_hour_of_work_nothing_is_ever_due(calendar):
    assert calendar.add(datetime(2026, 5, 4, tzinfo=UTC), 1) is None


def test_work_on_one_day_alone_is_found_however_far_away():
    calendar = WorkingCalendar(holidays=(Holiday(date(2031, 1, 1), "The one day", (Window(540, 720),)),))
    at = datetime(2026, 5, 4, tzinfo=UTC)
    assert (calendar.add(at, 180), calendar.add(at, 181)) == (datetime(2031, 1, 1, 12, tzinfo=UTC), None)


def test_a_holiday_closes_a_half_one_shortens_and_a_reduced_period_has_its_own_hours():
    calendar = WorkingCalendar(
        week=OFFICE,
        holidays=(
            Holiday(date(2026, 5, 4), "Off"),
            Holiday(date(2026, 5, 5), "Half", (Window(540, 720),)),
            Holiday(date(2026, 5, 12), "In it", (Window(540, 720),)),
        ),
        reduced=(
            Reduced(date(2026, 5, 7), date(2026, 5, 10), windows=(Window(600, 660),)),
            Reduced(date(2026, 5, 11), date(2026, 5, 13), windows=()),
        ),
    )
    worked = [calendar.between(datetime(2026, 5, day, tzinfo=UTC), datetime(2026, 5, day + 1, tzinfo=UTC)) / 60 for day in range(4, 15)]
    assert worked == [0, 3, 8, 1, 1, 0, 0, 0, 0, 0, 8]


@pytest.mark.parametrize(
    ("began", "target"), [((2026, 6, 30, 23, 59), 100), ((2026, 7, 1, 0, 0), 250), ((2026, 7, 31, 23, 59), 250), ((2026, 8, 1, 0, 0), 100)]
)
def test_a_target_is_stretched_when_its_clock_began_in_a_reduced_period(began, target):
    calendar = WorkingCalendar(zone="Europe/Lisbon", week=OFFICE, reduced=(Reduced(date(2026, 7, 1), date(2026, 7, 31), factor=250),))
    assert calendar.stretched(100, began=local(calendar, *began)) == target


def test_the_stretches_of_work_between_two_moments_are_cut_to_them():
    calendar = WorkingCalendar(week=OFFICE)
    found = list(calendar.intervals(datetime(2026, 12, 31, 16, tzinfo=UTC), datetime(2027, 1, 1, 10, tzinfo=UTC)))
    assert found == [
        (datetime(2026, 12, 31, 16, tzinfo=UTC), datetime(2026, 12, 31, 17, tzinfo=UTC)),
        (datetime(2027, 1, 1, 9, tzinfo=UTC), datetime(2027, 1, 1, 10, tzinfo=UTC)),
    ]
