"""Occasions, what there is to do for them, and which get in each other's way."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubs import events
from hubs.events import Load, Occasion
from tests.hubs import documents

AT = datetime(2027, 3, 8, 14, tzinfo=UTC)


def occasion(reference="HR-1", *, begins=AT, hours=8, cluster="shared", **facts):
    return Occasion(reference, "event", "Workshop", "Aurora", cluster, "aurora", begins, begins + timedelta(hours=hours), **facts)


def test_span_of_an_event_is_told_in_utc():
    document = {"event": documents.EVENT}
    assert events.span(document, zone="UTC") == (datetime(2027, 3, 8, 14, tzinfo=UTC), datetime(2027, 3, 12, 22, tzinfo=UTC))


def test_span_of_a_last_day_is_that_whole_day_where_the_community_is():
    document = {"decommission": {"last_day": "2027-03-14"}}
    assert events.span(document, zone="America/New_York") == (  # the clocks go forward on that day: it has 23 hours
        datetime(2027, 3, 14, 5, tzinfo=UTC),
        datetime(2027, 3, 15, 4, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"event": {}},
        {"event": {"starts_at": "soon", "ends_at": "later"}},
        {"event": {"starts_at": "2027-03-08T09:00:00", "ends_at": "2027-03-09T09:00:00"}},
        {"event": {"starts_at": "2027-03-09T09:00:00Z", "ends_at": "2027-03-08T09:00:00Z"}},
        {"decommission": {"last_day": "someday"}},
    ],
)
def test_document_without_such_dates_has_no_span(document):
    assert events.span(document, zone="UTC") is None


def test_occasion_takes_what_the_document_says():
    document = {
        "cluster": "shared",
        "hub": "aurora",
        "event": {**documents.EVENT, "kind": "exam", "prewarm": True, "memory_gb_per_attendee": 4},
    }
    begins, ends = events.span(document, zone="UTC")
    found = events.occasion(document, reference="HR-1", community="Aurora", begins_at=begins, ends_at=ends, zone="Africa/Lagos")
    assert found == Occasion(
        "HR-1",
        "event",
        "Ocean data workshop",
        "Aurora",
        "shared",
        "aurora",
        begins,
        ends,
        "America/Bogota",
        60,
        240.0,
        frozenset({"exam", "prewarm"}),
    )
    assert found.days == [date(2027, 3, 8) + timedelta(days=number) for number in range(5)]


def test_zone_nobody_knows_falls_back_to_the_communitys():
    document = {"event": {**documents.EVENT, "timezone": "Mars/Olympus"}}
    begins, ends = events.span(document, zone="UTC")
    assert (
        events.occasion(document, reference="r", community="c", begins_at=begins, ends_at=ends, zone="Africa/Lagos").zone == "Africa/Lagos"
    )


def test_events_clash_on_one_cluster_at_one_time_only():
    one, other = occasion("one"), occasion("other", begins=AT + timedelta(hours=7))
    after, elsewhere = occasion("after", begins=AT + timedelta(hours=17)), occasion("elsewhere", cluster="second")
    assert events.clashes([one, other, after, elsewhere]) == {"one": ["other"], "other": ["one"]}


def test_load_of_a_day_is_everybody_at_once():
    one, other = occasion("one", attendees=10, memory_gb=20.0), occasion("other", attendees=5, memory_gb=40.0)
    assert events.loads([one, other]) == {("shared", date(2027, 3, 8)): Load(15, 60.0)}


def test_tasks_stand_in_the_order_of_the_clock_and_only_those_that_apply():
    plain = [task.key for task in events.tasks(occasion())]
    exam = [task.key for task in events.tasks(occasion(flags=frozenset({"exam", "prewarm", "prepull_images"})))]
    assert plain == ["quota", "image", "machines", "scale-down", "ask"]
    assert exam == ["quota", "image", "exam-engineers", "machines", "prepull", "prewarm", "scale-down", "ask"]


def test_day_before_is_the_same_hour_when_the_clocks_change_in_between():
    start = datetime(2027, 3, 14, 15, tzinfo=ZoneInfo("America/New_York"))
    [machines] = [task for task in events.tasks(occasion(begins=start, zone="America/New_York")) if task.key == "machines"]
    assert machines.due_at.astimezone(ZoneInfo("America/New_York")) == start.replace(day=13)


def test_settled_tasks_are_not_late_and_make_an_event_ready():
    settled = {"quota": "met", "image": "not-needed", "machines": "met"}
    found = events.tasks(occasion(), settled=settled)
    assert events.is_ready(found)
    assert [task.key for task in found if task.is_overdue(AT + timedelta(days=9))] == ["scale-down", "ask"]
    assert not events.is_ready(events.tasks(occasion(), settled={"quota": "met"}))


def test_last_day_of_a_hub_has_no_tasks():
    assert events.tasks(Occasion("r", "decommission", "aurora", "Aurora", "shared", "aurora", AT, AT + timedelta(days=1))) == []


moments = st.integers(0, 130_000).map(lambda hours: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(hours=hours))


@given(moments, st.integers(1, 200), moments, st.integers(1, 200))
def test_clash_is_mutual_and_never_with_itself(first, hours, second, more):
    one, other = occasion("one", begins=first, hours=hours), occasion("other", begins=second, hours=more)
    found = events.clashes([one, other])
    assert found == events.clashes([other, one])
    assert found in ({}, {"one": ["other"], "other": ["one"]})


@given(moments, st.sampled_from(["UTC", "America/New_York", "Europe/Paris", "Asia/Kathmandu", "Pacific/Apia"]))
def test_tasks_before_are_due_before_and_those_after_after(begins, zone):
    each = occasion(begins=begins, zone=zone)
    assert all((task.due_at < each.begins_at) == task.is_before for task in events.tasks(each))
