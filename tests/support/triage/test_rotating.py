"""Whose turn it is: fair, deterministic, without who is away or has no room; and who is away in which zone."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from communities.roles import StaffGroup
from ground.actors import Actor
from support import tickets
from support.models import Rotation, Ticket, Turn
from support.people import absences
from support.triage import rotating
from support.triage.rotating import Candidate, pick, taken
from tests.factories import CommunityFactory, acting, staff
from tests.support.factories import TicketFactory

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
weights = st.lists(st.integers(1, 4), min_size=1, max_size=6)


@given(weights, st.integers(0, 60))
def test_everybody_carries_their_share_within_one_ticket(shares, number):
    people = [Candidate(user_id=n, position=n, weight=weight) for n, weight in enumerate(shares)]
    for turn in range(number):
        people = taken(people, pick(people), at=NOW + timedelta(minutes=turn))

    for each in people:
        assert abs(each.open_tickets - number * each.weight / sum(shares)) < max(shares) + 1
    lightest = min((each.open_tickets + 1) / each.weight for each in people)
    assert all(each.open_tickets / each.weight <= lightest for each in people)


@given(weights, st.permutations(range(6)))
def test_the_order_in_which_people_are_read_changes_nothing(shares, order):
    people = [Candidate(user_id=n, position=n, weight=weight) for n, weight in enumerate(shares)]
    assert pick(people) == pick([people[n] for n in order if n < len(people)])


def test_of_equals_who_was_given_one_longest_ago_is_next():
    early, late = (Candidate(user_id=n, position=-n, given_at=NOW + timedelta(days=n)) for n in (1, 2))
    assert pick([late, early]) == early


def test_who_is_full_is_passed_over_and_when_all_are_nobody_is_chosen():
    full = Candidate(user_id=1, open_tickets=2, most_open=2)
    assert (pick([full, Candidate(user_id=2, open_tickets=9)]).user_id, pick([full]), pick([])) == (2, None, None)


@pytest.fixture
def people(db):
    return [staff(StaffGroup.SUPPORT_AGENT, name=name) for name in ("Ana", "Bo", "Cy")]


@pytest.fixture
def everybody(people):
    rotation = Rotation.objects.create(name="Everybody")
    for place, person in enumerate(people):
        Turn.objects.create(rotation=rotation, user=person, position=place)
    return rotation


def given_to(ticket):
    ticket.refresh_from_db()
    return str(ticket.assignee or "")


def test_tickets_go_round(everybody):
    made = TicketFactory.create_batch(6, community=CommunityFactory())
    for ticket in made:
        rotating.give(ticket, everybody, by=Actor.system())

    assert [given_to(ticket) for ticket in made] == ["Ana", "Bo", "Cy", "Ana", "Bo", "Cy"]


def test_who_has_open_tickets_waits_until_others_have_as_many(everybody, people):
    TicketFactory.create_batch(2, assignee=people[0])
    solved = TicketFactory(assignee=people[1])
    tickets.solve(solved, by=Actor.system())
    made = TicketFactory.create_batch(4)
    for ticket in made:
        rotating.give(ticket, everybody, by=Actor.system())

    assert [given_to(ticket) for ticket in made] == ["Bo", "Cy", "Bo", "Cy"]


def test_who_is_away_in_their_own_zone_is_skipped(everybody, people):
    ana = people[0]
    ana.timezone = "Pacific/Auckland"
    ana.save()
    absences.enter(ana, first_day=date(2026, 3, 4), last_day=date(2026, 3, 4), note="", by=acting(ana))
    ticket = TicketFactory()
    for moment, name in {
        datetime(2026, 3, 3, 10, 59, tzinfo=UTC): "Ana",
        datetime(2026, 3, 3, 11, 1, tzinfo=UTC): "Bo",
        datetime(2026, 3, 4, 10, 59, tzinfo=UTC): "Bo",
        datetime(2026, 3, 4, 11, 1, tzinfo=UTC): "Ana",
    }.items():
        assert str(rotating.propose(ticket, now=moment).person) == name, moment


def test_a_proposal_says_why_and_writes_nothing(everybody, people):
    absences.enter(people[0], first_day=date(2026, 3, 1), last_day=date(2026, 3, 5), note="", by=acting(people[0]))
    ticket = TicketFactory()

    turned = rotating.propose(ticket, now=NOW)

    assert (str(turned.person), given_to(ticket)) == ("Bo", "")
    assert turned.reason == "Next in “Everybody”: has 0 open tickets, the least for their share. 1 person is away."


def test_a_rotation_takes_its_communities_kinds_and_languages_alone(people):
    kelp = CommunityFactory(slug="kelp", language="es")
    rotation = Rotation.objects.create(name="Kelp", kinds=["incident"], languages=["es"])
    rotation.communities.add(kelp)
    Turn.objects.create(rotation=rotation, user=people[0], languages=["es"])
    takes = [
        TicketFactory(community=kelp, kind="incident"),
        TicketFactory(community=kelp, kind=""),
        TicketFactory(community=kelp, kind="change"),
        TicketFactory(community=CommunityFactory(language="es"), kind="incident"),
        TicketFactory(community=None, kind="incident"),
    ]

    assert [rotating.propose(ticket, now=NOW) is not None for ticket in takes] == [True, True, False, False, False]


def test_skills_of_a_person_decide_who_of_a_rotation_is_asked(everybody, people):
    Turn.objects.filter(user=people[0]).update(kinds=["change"])
    Turn.objects.filter(user=people[1]).update(languages=["fr"])

    assert str(rotating.propose(TicketFactory(kind="incident"), now=NOW).person) == "Cy"


@pytest.mark.parametrize("reason", ["off", "nobody", "inactive"])
def test_without_anybody_nothing_is_proposed_or_given(everybody, people, reason):
    ticket = TicketFactory()
    match reason:
        case "off":
            Rotation.objects.update(is_on=False)
        case "nobody":
            Turn.objects.all().delete()
        case "inactive":
            for person in people:
                person.is_active = False
                person.save()

    assert (rotating.propose(ticket), rotating.give(ticket, everybody, by=Actor.system()), given_to(ticket)) == (None, None, "")


def test_a_ticket_stays_with_whose_turn_it_is_already(everybody, people):
    ticket = TicketFactory(assignee=people[0])
    assert rotating.give(ticket, everybody, by=Actor.system()) is None
    assert Ticket.objects.get(pk=ticket.pk).version == 1


def test_tickets_of_who_is_away_are_listed_for_handing_over(people, django_assert_num_queries):
    left = TicketFactory(assignee=people[0])
    TicketFactory(assignee=people[1])
    tickets.solve(TicketFactory(assignee=people[0]), by=Actor.system())
    with time_machine.travel(NOW, tick=False):
        absences.enter(people[0], first_day=date(2026, 3, 1), last_day=date(2026, 3, 5), note="", by=acting(people[0]))
        with django_assert_num_queries(2):
            away = absences.away_now()
            found = absences.left_behind(away)

    assert (list(away), found) == ([people[0].pk], [left])


def test_absences_that_are_over_are_listed_no_more(people):
    over, on, ahead = (
        absences.enter(people[0], first_day=date(2026, 3, day), last_day=date(2026, 3, day), note="", by=acting(people[0]))
        for day in (2, 3, 9)
    )
    assert absences.coming(now=NOW) == [on, ahead]
    absences.take_back(ahead)
    assert absences.coming(now=NOW) == [on]
    assert over not in absences.coming(now=NOW)
