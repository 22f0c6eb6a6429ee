"""The fold of a ticket's history: by example, and by laws over any history, in any of the zones."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.clocks import OFFICE_HOURS, Facts, Happening, Objectives, Target, What, clocks, explain, fold
from support.clocks.folding import Clockwork, State
from support.clocks.working import ALL_DAY, Holiday, WorkingCalendar
from tests.support.clocks.test_working import CALENDARS

ALWAYS = WorkingCalendar(week=(ALL_DAY,) * 7)
PROMISED = Objectives((Target(first=60, next=120, resolution=600), Target(priority=4, first=30, next=60, resolution=300)))
MONDAY = datetime(2026, 5, 4, 9, tzinfo=UTC)


def at(minutes):
    return MONDAY + timedelta(minutes=minutes)


def opened(**more):
    return Happening(MONDAY, What.OPENED, group="open", facts=Facts(**more))


def reply(minutes):
    return Happening(at(minutes), What.REPLY)


def asked(minutes):
    return Happening(at(minutes), What.INCOMING)


def status(minutes, group):
    return Happening(at(minutes), What.STATUS, group=group)


def urgent(minutes):
    return Happening(at(minutes), What.FACTS, facts=Facts(priority=4))


def told(*events, now=10_000, calendar=ALWAYS, promised=PROMISED):
    """(clock, state, minutes from opening to due, used) of every run."""
    return [
        (each.clock.value, each.state.value, each.due and (each.due - MONDAY).total_seconds() / 60, each.used)
        for each in clocks([opened(), *events], calendar, promised, at(now))
    ]


@pytest.mark.parametrize(
    ("events", "now", "runs"),
    [
        ((), 10, [("resolution", "running", 600, 10), ("first", "running", 60, 10)]),
        ((), 90, [("resolution", "running", 600, 90), ("first", "running", 60, 90)]),
        ((reply(20),), 30, [("resolution", "running", 600, 30), ("first", "met", 60, 20)]),
        ((reply(61),), 70, [("resolution", "running", 600, 70), ("first", "missed", 60, 61)]),
        # whoever writes again waits since the first time
        (
            (asked(5), reply(20), asked(30), asked(80)),
            90,
            [("resolution", "running", 600, 90), ("first", "met", 60, 20), ("next", "running", 150, 60)],
        ),
        (
            (reply(20), asked(30), reply(40), asked(50)),
            60,
            [("resolution", "running", 600, 60), ("first", "met", 60, 20), ("next", "met", 150, 10), ("next", "running", 170, 10)],
        ),
        # waiting pauses, and a message while it waits begins to count when it is our turn
        ((status(10, "waiting"),), 100, [("resolution", "paused", None, 10), ("first", "paused", None, 10)]),
        ((status(10, "waiting"), status(110, "open")), 120, [("resolution", "running", 700, 20), ("first", "running", 160, 20)]),
        (
            (reply(5), status(5, "waiting"), asked(50), status(60, "open")),
            70,
            [("resolution", "running", 655, 15), ("first", "met", 60, 5), ("next", "running", 180, 10)],
        ),
        # solved stops; opened again starts anew
        ((reply(5), status(40, "solved")), 100, [("resolution", "met", 600, 40), ("first", "met", 60, 5)]),
        ((status(40, "solved"),), 100, [("resolution", "met", 600, 40), ("first", "void", 60, 40)]),
        ((status(80, "closed"),), 100, [("resolution", "met", 600, 80), ("first", "missed", 60, 80)]),
        (
            (reply(5), status(40, "solved"), status(50, "closed"), asked(100), status(100, "open")),
            110,
            [("resolution", "met", 600, 40), ("first", "met", 60, 5), ("resolution", "running", 700, 10), ("next", "running", 220, 10)],
        ),
        (
            (reply(5), status(40, "solved"), status(100, "open")),
            110,
            [("resolution", "met", 600, 40), ("first", "met", 60, 5), ("resolution", "running", 700, 10)],
        ),
        # another priority holds from the beginning
        ((urgent(20),), 25, [("resolution", "running", 300, 25), ("first", "running", 30, 25)]),
        ((urgent(50),), 55, [("resolution", "running", 300, 55), ("first", "running", 30, 55)]),
        ((status(10, "waiting"), status(50, "open"), urgent(55)), 60, [("resolution", "running", 340, 20), ("first", "running", 70, 20)]),
        ((reply(40), urgent(50)), 60, [("resolution", "running", 300, 60), ("first", "met", 60, 40)]),
        # gone ends all of it, back begins anew
        ((Happening(at(10), What.GONE), reply(20)), 60, [("resolution", "void", 600, 10), ("first", "void", 60, 10)]),
        (
            (Happening(at(10), What.GONE), Happening(at(50), What.BACK)),
            60,
            [("resolution", "void", 600, 10), ("first", "void", 60, 10), ("resolution", "running", 650, 10), ("first", "running", 110, 10)],
        ),
    ],
)
def test_what_a_history_makes_of_the_clocks(events, now, runs):
    assert told(*events, now=now) == runs


def test_the_night_after_the_last_promised_minute_is_late_though_nobody_worked():
    friday = datetime(2026, 5, 8, 16, tzinfo=UTC)
    events = [Happening(friday, What.OPENED, facts=Facts()), Happening(friday + timedelta(hours=20), What.REPLY)]
    promised = Objectives((Target(first=60),))
    (clock,) = clocks(events, OFFICE_HOURS, promised, friday + timedelta(days=3))
    assert (clock.state, clock.due, clock.used, clock.is_late) == ("missed", friday + timedelta(hours=1), 60, True)


def test_what_is_not_promised_has_no_clock_and_gets_one_from_the_beginning_when_it_is():
    promised = Objectives((Target(priority=4, first=30),))
    assert told(calendar=ALWAYS, promised=promised) == []
    assert told(urgent(20), now=25, promised=promised) == [("first", "running", 30, 25)]


def test_an_empty_calendar_is_never_due():
    assert told(now=10, calendar=WorkingCalendar()) == [("resolution", "running", None, 0), ("first", "running", None, 0)]


def test_the_line_that_names_most_holds_and_a_kind_counts_more_than_a_priority():
    promised = Objectives(
        (
            Target(first=1),
            Target(priority=4, first=2),
            Target(kind="incident", first=3),
            Target(kind="incident", priority=4, impact="hub", first=4),
        )
    )
    asked_for = [
        {"priority": 1},
        {"priority": 4},
        {"priority": 4, "kind": "incident"},
        {"priority": 4, "kind": "incident", "impact": "hub"},
    ]
    assert [promised.promise(**each).of("first") for each in asked_for] == [1, 2, 3, 4]
    assert [promised.warned_with(minutes) for minutes in (60, 480)] == [15, 30]


groups = st.sampled_from(["open", "waiting", "solved", "closed"])
facts = st.builds(Facts, priority=st.integers(1, 4))
steps = st.one_of(
    st.tuples(st.just(What.INCOMING)),
    st.tuples(st.just(What.REPLY)),
    st.tuples(st.just(What.GONE)),
    st.tuples(st.just(What.BACK)),
    st.tuples(st.just(What.STATUS), groups),
    st.tuples(st.just(What.FACTS), facts),
)
begun = st.integers(int(datetime(2026, 1, 1, tzinfo=UTC).timestamp()), int(datetime(2027, 1, 1, tzinfo=UTC).timestamp()))


@st.composite
def histories(draw):
    moment = datetime.fromtimestamp(draw(begun), UTC)
    events = [Happening(moment, What.OPENED, group="open", facts=draw(facts))]
    for what, *said in draw(st.lists(steps, max_size=12)):
        moment += timedelta(seconds=draw(st.integers(0, 400_000)))
        more = {} if not said else {"group": said[0]} if what == What.STATUS else {"facts": said[0]}
        events.append(Happening(moment, what, **more))
    return events


@given(histories(), st.sampled_from(CALENDARS), st.integers(0, 12))
def test_folding_on_equals_folding_from_the_beginning(events, calendar, cut):
    whole = fold(events, calendar, PROMISED)
    assert fold(events[cut:], calendar, PROMISED, onto=fold(events[:cut], calendar, PROMISED)) == whole
    assert reduce(Clockwork(calendar, PROMISED).step, events, State()) == whole


@given(histories(), st.sampled_from(CALENDARS), st.integers(0, 1_000_000))
def test_an_explanation_adds_up_to_what_was_used_without_a_gap(events, calendar, later):
    now = events[-1].at + timedelta(seconds=later)
    for clock in clocks(events, calendar, PROMISED, now):
        lines = explain(clock.run, calendar, now)
        assert sum(line.minutes for line in lines) == pytest.approx(clock.used)
        edges = [clock.began, *(line.ended for line in lines)]
        assert [line.began for line in lines] == edges[:-1]
        assert edges[-1] == ((clock.ended or now) if lines else clock.began)


@given(histories(), st.sampled_from(CALENDARS))
def test_of_each_clock_one_run_at_a_time_and_ended_runs_stay_as_they_are(events, calendar):
    seen = []
    for place in range(1, len(events) + 1):
        runs = fold(events[:place], calendar, PROMISED).runs
        open_ones = [run.clock for run in runs if run.ended is None]
        assert len(open_ones) == len(set(open_ones))
        assert [run for run in seen if run.ended] == [run for run, before in zip(runs, seen, strict=False) if before.ended]
        seen = runs


@given(st.sampled_from(CALENDARS), begun, st.integers(1, 100_000), st.integers(0, 500_000))
def test_a_pause_moves_what_is_due_by_exactly_the_working_time_it_lasted(calendar, start, before, length):
    moment = datetime.fromtimestamp(start, UTC)
    promised = Objectives((Target(resolution=20_000),))
    events = [
        Happening(moment, What.OPENED, group="open", facts=Facts()),
        Happening(moment + timedelta(seconds=before), What.STATUS, group="waiting"),
        Happening(moment + timedelta(seconds=before + length), What.STATUS, group="open"),
    ]
    plain, paused = (clocks(told_, calendar, promised, events[-1].at)[0] for told_ in (events[:1], events))
    assert calendar.between(plain.due, paused.due) == pytest.approx(calendar.between(events[1].at, events[2].at))


@given(histories(), st.sampled_from(CALENDARS))
def test_messages_again_and_notes_change_nothing(events, calendar):
    known = fold(events, calendar, PROMISED)
    again = Happening(events[-1].at, What.INCOMING)
    once = fold([*events, again], calendar, PROMISED)
    assert fold([*events, again, replace(again, at=again.at + timedelta(days=1))], calendar, PROMISED).runs == once.runs
    assert known.runs == once.runs[: len(known.runs)]


def test_an_explanation_says_why_time_did_not_count():
    calendar = replace(OFFICE_HOURS, holidays=(Holiday(datetime(2026, 5, 5, tzinfo=UTC).date(), "Feast"),))
    start = datetime(2026, 5, 1, 16, 30, tzinfo=UTC)  # a Friday
    events = [
        Happening(start, What.OPENED, group="open", facts=Facts()),
        Happening(start + timedelta(days=2, hours=17, minutes=30), What.STATUS, group="waiting"),
        Happening(start + timedelta(days=2, hours=19, minutes=30), What.STATUS, group="open"),
    ]
    now = datetime(2026, 5, 6, 10, tzinfo=UTC)
    (clock,) = clocks(events, calendar, Objectives((Target(first=480),)), now)
    lines = [
        (line.reason.value, f"{line.began:%a %H:%M}", f"{line.ended:%a %H:%M}", line.minutes, line.name)
        for line in explain(clock.run, calendar, now)
    ]
    assert lines == [
        ("counted", "Fri 16:30", "Fri 17:00", 30, ""),
        ("closed", "Fri 17:00", "Mon 09:00", 0, ""),
        ("counted", "Mon 09:00", "Mon 10:00", 60, ""),
        ("paused", "Mon 10:00", "Mon 12:00", 0, ""),
        ("counted", "Mon 12:00", "Mon 17:00", 300, ""),
        ("closed", "Mon 17:00", "Tue 00:00", 0, ""),
        ("holiday", "Tue 00:00", "Wed 00:00", 0, "Feast"),
        ("closed", "Wed 00:00", "Wed 09:00", 0, ""),
        ("counted", "Wed 09:00", "Wed 10:00", 60, ""),
    ]
    assert (clock.used, clock.due) == (450, datetime(2026, 5, 6, 10, 30, tzinfo=UTC))
