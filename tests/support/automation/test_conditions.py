"""Conditions: the same answer for one ticket's facts and from the database, whatever the ticket and the condition."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from communities.models import Community
from support.automation.conditions import FIELDS, OPERATORS, Condition, Facts, Shape, ago, as_q, holds, later
from support.automation.facts import facts_of
from support.clocks import OFFICE_HOURS, Holiday, Window, WorkingCalendar
from support.models import CalendarWindow, Contact, FreshdeskGroup, SupportTerms, Ticket
from support.models import WorkingCalendar as CalendarRow
from support.timing import calendars
from tests.factories import CommunityFactory, UserFactory
from tests.support.factories import ContactFactory, TicketFactory

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
WORDS = ["", "incident", "change", "Café", "a_b", "100%", "HUB", "hub"]
SPANS = ["0h", "1h", "3d", "1wd", "5wd"]
VALUES = {
    "community": ["kelp", "dune", "none"],
    "language": ["en", "es"],
    "kind": ["incident", "change"],
    "impact": ["one", "hub"],
    "responsible": ["provider", "shared"],
    "escalation": ["open", "closed"],
    "turn": ["open", "waiting", "solved"],
    "assignee": ["sam@example.org", "ana@example.org"],
    "group": ["Hubs", "Billing"],
}


def a_condition(name):
    field = FIELDS[name]
    values = {
        Shape.CHOICE: st.lists(st.sampled_from(VALUES.get(name, WORDS)), min_size=1, max_size=2),
        Shape.CODE: st.just(["2"]),
        Shape.NUMBER: st.lists(st.sampled_from(["1", "2", "3", "4", "6"]), min_size=1, max_size=2),
        Shape.TEXT: st.lists(st.sampled_from(["hub", "HUB", "é", "_", "%", "b1", "\\"]), min_size=1, max_size=2),
        Shape.TAGS: st.lists(st.sampled_from(["reminded", "Café", 'a"b', "x"]), min_size=1, max_size=2),
        Shape.FLAG: st.just([]),
        Shape.AGE: st.sampled_from(SPANS).map(lambda span: [span]),
    }[field.shape]
    return st.builds(lambda operator, given: Condition(name, operator, tuple(given)), st.sampled_from(OPERATORS[field.shape]), values)


conditions = st.lists(st.sampled_from(sorted(FIELDS)).flatmap(a_condition), max_size=4)
moments = st.sampled_from([None, *(NOW - timedelta(hours=hours) for hours in (0, 1, 5, 30, 72, 100, 24 * 9))])


@pytest.fixture
def rows(db):
    """Tickets of many shapes."""
    places = [None, CommunityFactory(slug="kelp", language="es"), CommunityFactory(slug="dune")]
    people = [None, UserFactory(email="sam@example.org"), UserFactory(email="ana@example.org")]
    groups = [None, FreshdeskGroup.objects.create(freshdesk_id=1, name="Hubs")]
    askers = [None, ContactFactory(email="b1@hub.example"), ContactFactory(email="")]
    hours = [0, 1, 5, 30, 72, 100, 24 * 9]
    for n in range(36):
        TicketFactory(
            community=places[n % 3],
            assignee=people[n % 5 % 3],
            assignee_label=["", "Sam", "An agent"][n % 4 % 3] if n % 5 % 3 == 0 else "Sam",
            group=groups[n % 2],
            requester=askers[n % 7 % 3],
            kind=["", "incident", "change"][n % 4 % 3],
            impact=["", "one", "hub"][n % 3],
            responsible=["", "provider", "shared"][n % 7 % 3],
            escalation=["", "open", "closed"][n % 11 % 3],
            status_id=[2, 3, 4, 5, 6][n % 5],
            priority=[1, 2, 4, 9][n % 4],
            tags=[[], ["reminded"], ["Café", 'a"b'], ["x", "reminded"]][n % 4],
            subject=["The HUB is down", "100% full", "a_b \\ c", "é"][n % 4],
            confidential=n % 6 == 0,
            created_at=NOW - timedelta(hours=hours[n % 7]),
            waiting_since=None if n % 3 else NOW - timedelta(hours=hours[n % 5]),
            last_message_at=None if n % 4 == 0 else NOW - timedelta(hours=hours[n % 6]),
        )
    return list(Ticket.objects.select_related("status", "community", "assignee", "group", "requester"))


def test_the_database_gives_the_same_answer_as_the_facts(rows):
    facts = {ticket.pk: facts_of(ticket) for ticket in rows}

    @settings(max_examples=120)
    @example([Condition("assignee", "set", ("sam@example.org",)), Condition("assignee", "is_not", ("sam@example.org",))], True)
    @given(conditions, st.booleans())
    def same(asked, any_of):
        found = set(Ticket.objects.filter(as_q(asked, NOW, any_of=any_of)).values_list("pk", flat=True))
        assert found == {pk for pk, each in facts.items() if holds(asked, each, NOW, any_of=any_of)}

    same()
    assert Contact.objects.count() == 2
    assert Community.objects.count() == 2


@pytest.mark.parametrize("name", sorted(set(FIELDS) - {"turn"}))
def test_every_operator_of_a_field_divides_the_same_tickets(rows, name):
    values = {
        Shape.CHOICE: VALUES.get(name, [""])[:1],
        Shape.CODE: ["2"],
        Shape.NUMBER: ["2"],
        Shape.TEXT: ["hub"],
        Shape.TAGS: ["reminded"],
        Shape.AGE: ["3d"],
    }
    for operator in OPERATORS[FIELDS[name].shape]:
        condition = Condition(name, operator, tuple(values.get(FIELDS[name].shape, [])))
        found = set(Ticket.objects.filter(as_q([condition], NOW)).values_list("pk", flat=True))
        assert found == {ticket.pk for ticket in rows if holds([condition], facts_of(ticket), NOW)}, operator
        assert found != {ticket.pk for ticket in rows}, operator


def test_working_days_pass_over_the_weekend():
    tuesday = datetime(2026, 3, 31, 12, tzinfo=UTC)
    assert [ago(tuesday, span).day for span in ("1wd", "2wd", "3wd", "5wd", "24h", "2d")] == [30, 27, 26, 24, 30, 29]


SUNDAY_TO_THURSDAY = WorkingCalendar(
    zone="Asia/Kolkata",
    week=((Window(540, 1020),),) * 4 + ((), (), (Window(540, 720),)),
    holidays=(Holiday(date(2026, 3, 30), "Closed"), Holiday(date(2026, 4, 3), "Open", (Window(540, 600),))),
)


def test_working_days_are_those_of_the_calendar_its_holidays_and_its_zone():
    late = datetime(2026, 3, 31, 20, tzinfo=UTC)
    found = [ago(late, f"{days}wd", SUNDAY_TO_THURSDAY).astimezone(SUNDAY_TO_THURSDAY.tz).day for days in (1, 2, 3)]
    assert found == [31, 29, 26], "in India it is the 1st; the 30th is a holiday, Friday and Saturday are days off"
    assert later(datetime(2026, 4, 2, 12, tzinfo=UTC), "1wd", SUNDAY_TO_THURSDAY) == datetime(2026, 4, 3, 12, tzinfo=UTC), (
        "a day with hours of its own"
    )


def test_a_day_off_is_no_time_to_wait():
    friday, saturday, sunday, monday = (datetime(2026, 3, day, 12, tzinfo=UTC) for day in (27, 28, 29, 30))
    assert ago(saturday, "1wd") == ago(sunday, "1wd") == datetime(2026, 3, 27, tzinfo=UTC)
    assert (ago(monday, "1wd"), later(friday, "1wd")) == (friday, monday)
    assert later(saturday, "1wd") == datetime(2026, 3, 31, tzinfo=UTC)
    assert later(datetime(2026, 3, 27, tzinfo=UTC), "1wd") == datetime(2026, 3, 28, tzinfo=UTC), "the whole of Friday"


@given(
    st.integers(0, 365 * 24 * 60).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)),
    st.sampled_from(["1h", "3d", "0wd", "1wd", "5wd"]),
    st.sampled_from([OFFICE_HOURS, SUNDAY_TO_THURSDAY, WorkingCalendar(zone="Pacific/Auckland")]),
)
def test_later_is_the_first_moment_from_which_on_it_is_that_long_ago(start, span, calendar):
    moment = later(start, span, calendar)
    assert ago(moment, span, calendar) >= start
    assert ago(moment - timedelta(hours=3), span, calendar) <= start
    assert ago(moment + timedelta(hours=3), span, calendar) >= start


def test_each_community_is_asked_by_its_own_calendar(rows):
    row = CalendarRow.objects.create(name="Sundays", timezone="Asia/Kolkata")
    for day in (6, 0, 1, 2, 3):
        CalendarWindow.objects.create(calendar=row, weekday=day, opens=time(9), closes=time(17))
    SupportTerms.objects.update_or_create(community=Community.objects.get(slug="kelp"), defaults={"calendar": row})
    calendars.forget()
    fresh = Ticket.objects.select_related("status", "community", "assignee", "group", "requester")
    facts = {ticket.pk: facts_of(ticket) for ticket in fresh}
    assert len({each.calendar for each in facts.values()}) == 2
    answers = set()
    for hours in range(0, 24 * 9, 6):
        asked, now = [Condition("opened", "for_at_least", ("2wd",))], NOW - timedelta(hours=hours)
        found = set(Ticket.objects.filter(as_q(asked, now, served=calendars.served())).values_list("pk", flat=True))
        assert found == {pk for pk, each in facts.items() if holds(asked, each, now)}
        answers.add(frozenset(found) == frozenset(Ticket.objects.filter(as_q(asked, now)).values_list("pk", flat=True)))
    assert answers == {True, False}, "the calendar makes a difference"


def test_a_rule_without_conditions_fits_every_ticket():
    assert (holds([], Facts(), NOW), holds([], Facts(), NOW, any_of=True)) == (True, True)


def test_what_is_written_reads_back():
    condition = Condition("kind", "is", ("incident",))
    assert Condition.read(condition.written()) == condition
