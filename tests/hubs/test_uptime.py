"""Uptime as a pure rule: overlaps, gaps, zones and order change nothing, and what nobody watched is not counted."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubs.uptime import Day, Level, Span, Tally, by_day, days, measure, merged, percent, total, within

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def span(began: int, ended: int) -> Span:
    """By minutes from new year."""
    return Span(NEW_YEAR + began * MINUTE, NEW_YEAR + ended * MINUTE)


spans = st.lists(st.builds(lambda began, length: span(began, began + length), st.integers(0, 10_000), st.integers(0, 3_000)), max_size=8)


def test_overlapping_spans_are_one_and_touching_ones_join():
    assert merged([span(5, 9), span(0, 6), span(9, 10), span(20, 21), span(3, 3)]) == [span(0, 10), span(20, 21)]


def test_a_span_over_midnight_is_split_by_days_in_utc():
    late = Span(datetime(2026, 1, 1, 23, 30, tzinfo=UTC), datetime(2026, 1, 3, 0, 15, tzinfo=UTC))
    assert list(by_day(late)) == [(date(2026, 1, 1), 1800), (date(2026, 1, 2), 86_400), (date(2026, 1, 3), 900)]


def test_trouble_that_nobody_watched_is_not_counted():
    assert measure([span(0, 60), span(120, 180)], [span(50, 130)]) == {date(2026, 1, 1): Tally(7200, 1200)}


def test_nothing_watched_is_neither_up_nor_down():
    assert (measure([], [span(0, 60)]), Tally().share, Day(date(2026, 1, 1)).level) == ({}, None, Level.UNKNOWN)


@pytest.mark.parametrize(
    ("tally", "level"),
    [
        (Tally(0, 0), Level.UNKNOWN),
        (Tally(86_400, 0), Level.UP),
        (Tally(60, 0), Level.UP),
        (Tally(86_400, 1), Level.PARTLY),
        (Tally(100, 49), Level.PARTLY),
        (Tally(100, 50), Level.DOWN),
        (Tally(100, 100), Level.DOWN),
    ],
)
def test_a_day_has_a_level(tally, level):
    assert Day(date(2026, 1, 1), tally).level == level


def test_ninety_days_end_with_the_day_asked_for_and_hold_those_without_looks():
    shown = days({date(2026, 3, 31): Tally(100, 10), date(2025, 12, 1): Tally(5, 5)}, until=date(2026, 3, 31))
    assert (len(shown), shown[0].day, shown[-1], total(shown)) == (
        90,
        date(2026, 1, 1),
        Day(date(2026, 3, 31), Tally(100, 10)),
        Tally(100, 10),
    )


@pytest.mark.parametrize(("share", "said"), [(1, 100), (0.99996, 99.99), (0.9999, 99.99), (0.5, 50), (0.29, 29), (0, 0)])
def test_a_share_is_never_rounded_up(share, said):
    assert percent(share) == said


@given(spans, spans, st.randoms())
def test_order_and_repetition_change_nothing(watched, down, random):
    shuffled, other = [*watched, *watched], [*down, *down]
    random.shuffle(shuffled)
    random.shuffle(other)
    assert measure(shuffled, other) == measure(watched, down)


@given(spans, spans)
def test_never_more_down_than_watched_and_days_make_the_whole(watched, down):
    tallies = measure(watched, down)
    assert all(0 <= tally.down <= tally.watched <= 86_400 for tally in tallies.values())
    assert sum(tally.watched for tally in tallies.values()) == sum(each.seconds for each in merged(watched))
    assert sum(tally.down for tally in tallies.values()) == sum(each.seconds for each in within(watched, down))


@given(spans, st.integers(0, 12_000))
def test_watching_in_parts_is_watching_at_once(watched, cut):
    at = NEW_YEAR + cut * MINUTE
    before = [Span(each.began, min(each.ended, at)) for each in watched]
    after = [Span(max(each.began, at), each.ended) for each in watched]
    assert measure([*before, *after], []) == measure(watched, [])


@given(
    st.sampled_from(["Europe/Berlin", "America/New_York", "Pacific/Auckland", "Asia/Kathmandu"]), st.integers(0, 364), st.integers(1, 96)
)
def test_when_clocks_change_nothing_is_lost(zone, day, hours):
    began = NEW_YEAR + timedelta(days=day)
    there = Span(began.astimezone(ZoneInfo(zone)), (began + hours * HOUR).astimezone(ZoneInfo(zone)))
    assert measure([there], []) == measure([Span(began, began + hours * HOUR)], [])
    assert sum(tally.watched for tally in measure([there], []).values()) == hours * 3600
