"""Quiet hours: never a mail within them, never one later than the first moment after, in every zone and at both changes of the clock."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.notices.quiet import Quiet, allowed_from

ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "UTC", "Asia/Kathmandu"]
clocks = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
moments = st.integers(0, 364 * 24 * 60).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))
quiets = st.builds(Quiet, st.sampled_from(ZONES).map(ZoneInfo), clocks, clocks, st.booleans())
BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = Quiet(BERLIN, time(19), time(8))


def at(*parts):
    return datetime(*parts, tzinfo=UTC)


@given(moments, quiets)
def test_a_mail_waits_until_it_is_allowed_and_no_longer(moment, quiet):
    found = allowed_from(moment, quiet)

    assert found >= moment
    assert not quiet.covers(found)
    if found > moment:
        assert quiet.covers(moment)
        assert quiet.covers(found - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        (at(2026, 3, 3, 12), at(2026, 3, 3, 12)),
        (at(2026, 3, 3, 18), at(2026, 3, 4, 7)),
        (at(2026, 3, 4, 6, 59), at(2026, 3, 4, 7)),
        (at(2026, 3, 28, 20), at(2026, 3, 29, 6)),
        (at(2026, 10, 24, 20), at(2026, 10, 25, 7)),
    ],
    ids=["by day", "across midnight", "before the morning", "the night the clock goes forward", "the night it goes back"],
)
def test_a_night_ends_in_the_morning_of_the_zone(moment, allowed):
    assert allowed_from(moment, NIGHT) == allowed


def test_a_quiet_that_ends_in_the_hour_that_spring_leaves_out_ends_after_it():
    quiet = Quiet(BERLIN, time(22), time(2, 30))
    assert allowed_from(at(2026, 3, 29, 0), quiet) == at(2026, 3, 29, 1)


def test_an_hour_that_comes_twice_in_autumn_is_quiet_twice():
    quiet = Quiet(BERLIN, time(22), time(2, 30))
    assert [allowed_from(at(2026, 10, 25, 0, 15), quiet), allowed_from(at(2026, 10, 25, 1, 15), quiet)] == [
        at(2026, 10, 25, 0, 30),
        at(2026, 10, 25, 1, 30),
    ]


def test_the_same_time_twice_is_never_quiet():
    assert not Quiet(BERLIN, time(8), time(8)).covers(at(2026, 3, 3, 7))


def test_a_weekend_without_mail_ends_on_monday_morning():
    assert allowed_from(at(2026, 3, 6, 20), Quiet(BERLIN, time(19), time(8), weekends=True)) == at(2026, 3, 9, 7)
