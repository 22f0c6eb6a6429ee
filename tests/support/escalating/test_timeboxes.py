"""Half an hour: begun on purpose, one an agent, never paused, and told once when it is over."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from communities.roles import StaffGroup
from support import tickets
from support.models import SupportTerms, Ticket, Timebox, TimeEntry
from support.states import Status, TimeboxOutcome
from support.working import timeboxing
from support.working.timeboxing import Busy, NotRunning
from support.working.timeboxing.deciding import settle_solved, tell_over
from support.working.timeboxing.tasks import look
from tests.factories import CommunityFactory, acting, member, staff
from tests.support.factories import TicketFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def kim():
    return staff(StaffGroup.SUPPORT_AGENT, name="Kim Li")


def fields(ticket):
    return list(ticket.events.filter(field__startswith="timebox").values_list("field", "after", "note"))


def test_start_takes_a_ticket_that_nobody_has_and_begins_half_an_hour(sam):
    ticket = TicketFactory()
    box = timeboxing.start(ticket, by=acting(sam))

    ticket.refresh_from_db()
    assert (ticket.assignee, box.minutes, box.ends_at - box.began_at) == (sam, 30, timedelta(minutes=30))
    assert fields(ticket) == [("timebox_begun", "30", "")]


def test_start_leaves_a_ticket_with_whom_it_is_and_asked_twice_is_one(sam, kim):
    ticket = TicketFactory(assignee=kim)

    assert timeboxing.start(ticket, by=acting(sam)) == timeboxing.start(ticket, by=acting(sam))
    ticket.refresh_from_db()
    assert (ticket.assignee, Timebox.objects.count()) == (kim, 1)


def test_minutes_are_those_of_the_communitys_terms_else_of_the_settings(sam, settings):
    settings.TIMEBOX_MINUTES = 25
    ticket = TicketFactory()
    assert timeboxing.start(ticket, by=acting(sam)).minutes == 25
    SupportTerms.objects.create(community=ticket.community, timebox_minutes=45)
    Timebox.objects.all().delete()

    assert timeboxing.start(ticket, by=acting(sam)).minutes == 45


def test_start_while_another_runs_asks_and_move_leaves_it(sam):
    first, second = TicketFactory(), TicketFactory()
    timeboxing.start(first, by=acting(sam))
    with pytest.raises(Busy) as busy:
        timeboxing.start(second, by=acting(sam))
    assert busy.value.running.ticket == first

    timeboxing.move(second, by=acting(sam))

    assert dict(Timebox.objects.values_list("ticket__reference", "outcome")) == {first.reference: "left", second.reference: ""}


def test_start_on_a_colleagues_ticket_asks_and_move_takes_over(sam, kim):
    ticket = TicketFactory()
    timeboxing.start(ticket, by=acting(kim))
    with pytest.raises(Busy) as busy:
        timeboxing.start(ticket, by=acting(sam))
    assert busy.value.running.agent == kim

    timeboxing.move(ticket, by=acting(sam))

    assert dict(Timebox.objects.values_list("agent__name", "outcome")) == {"Kim Li": "handed_on", "Sam Okafor": ""}


def test_take_assigns_and_begins_unless_another_runs(sam):
    first, second = TicketFactory(), TicketFactory()
    timeboxing.take(first, by=acting(sam))
    timeboxing.take(second, by=acting(sam))

    assert set(Ticket.objects.values_list("assignee", flat=True)) == {sam.pk}
    assert [box.ticket for box in Timebox.objects.all()] == [first]


def test_take_of_what_is_solved_begins_nothing(sam):
    solved = tickets.solve(TicketFactory(), by=acting(sam))
    timeboxing.take(solved, by=acting(sam))

    assert Timebox.objects.count() == 0


def test_take_of_a_colleagues_leaves_their_time_running(sam, kim):
    ticket = TicketFactory()
    timeboxing.start(ticket, by=acting(kim))
    timeboxing.take(ticket, by=acting(sam))

    assert [box.agent for box in Timebox.objects.running()] == [kim]


def test_extend_before_the_end_adds_and_after_it_counts_from_now(sam):
    box = timeboxing.start(TicketFactory(), by=acting(sam))
    more = timeboxing.extend(box, minutes=15, reason="It builds", by=acting(sam))
    assert (more.ends_at - box.ends_at, more.total_minutes, more.extensions) == (timedelta(minutes=15), 45, 1)
    Timebox.objects.update(
        began_at=timezone.now() - timedelta(hours=3), ends_at=timezone.now() - timedelta(hours=2), told_over_at=timezone.now()
    )

    again = timeboxing.extend(box, minutes=30, reason="Still", by=acting(sam))

    assert timedelta(minutes=29) < again.ends_at - timezone.now() <= timedelta(minutes=30)
    assert (again.told_over_at, again.extensions, fields(box.ticket)[1:]) == (
        None,
        2,
        [("timebox_extended", "15", "It builds"), ("timebox_extended", "30", "Still")],
    )


def test_solve_solves_the_ticket_and_ends_it(sam):
    box = timeboxing.start(TicketFactory(), by=acting(sam))
    solved = timeboxing.solve(box, by=acting(sam))

    box.refresh_from_db()
    assert (solved.status_id, box.outcome, box.ended_at is not None) == (Status.SOLVED, TimeboxOutcome.SOLVED, True)


def test_hand_on_gives_the_ticket_and_ends_it(sam, kim):
    box = timeboxing.start(TicketFactory(), by=acting(sam))
    given = timeboxing.hand_on(box, to=kim, by=acting(sam))

    box.refresh_from_db()
    assert (given.assignee, box.outcome, fields(given)[-1]) == (kim, "handed_on", ("timebox_ended", "handed_on", "Kim Li"))


def test_escalated_ends_it_and_without_one_does_nothing(sam):
    ticket = TicketFactory()
    timeboxing.escalated(ticket, by=acting(sam))
    box = timeboxing.start(ticket, by=acting(sam))
    timeboxing.escalated(ticket, by=acting(sam))

    box.refresh_from_db()
    assert box.outcome == TimeboxOutcome.ESCALATED


def test_what_has_ended_cannot_end_again(sam, kim):
    box = timeboxing.start(TicketFactory(), by=acting(sam))
    timeboxing.end(box, by=acting(sam))

    for act in (
        lambda: timeboxing.end(box, by=acting(sam)),
        lambda: timeboxing.solve(box, by=acting(sam)),
        lambda: timeboxing.hand_on(box, to=kim, by=acting(sam)),
        lambda: timeboxing.extend(box, minutes=15, reason="x", by=acting(sam)),
    ):
        with pytest.raises(NotRunning):
            act()
    assert Timebox.objects.get().outcome == TimeboxOutcome.LEFT


def test_ticket_solved_by_any_way_ends_its_timebox_when_it_was_solved(sam):
    ticket = TicketFactory()
    timeboxing.start(ticket, by=acting(sam))
    tickets.solve(ticket, by=acting(sam))
    assert Timebox.objects.running().count() == 0
    other = timeboxing.start(TicketFactory(), by=acting(sam))

    ticket.refresh_from_db()
    ended = Timebox.objects.get(ticket=ticket)
    assert (ended.outcome, ended.ended_at, settle_solved(), other.ended_at) == ("solved", ticket.solved_at, 0, None)


def test_over_is_told_once_and_again_after_more_time(sam):
    box = timeboxing.start(TicketFactory(), by=acting(sam))
    assert tell_over(timezone.now()) == 0
    after = box.ends_at + timedelta(minutes=1)

    assert (tell_over(after), tell_over(after)) == (1, 0)
    assert fields(box.ticket)[-1] == ("timebox_over", "30", "Sam Okafor")
    assert list(Timebox.objects.over(after)) == [box]


def test_look_is_safe_to_run_twice(sam):
    timeboxing.start(TicketFactory(), by=acting(sam))
    Timebox.objects.update(began_at=timezone.now() - timedelta(hours=1), ends_at=timezone.now() - timedelta(minutes=30))
    look(), look()

    assert Ticket.objects.get().events.filter(field="timebox_over").count() == 1


def test_database_holds_one_an_agent_and_one_a_ticket(sam, kim):
    box = timeboxing.start(TicketFactory(), by=acting(sam))
    times = {"minutes": 30, "began_at": box.began_at, "ends_at": box.ends_at}
    for agent, ticket in ((sam, TicketFactory()), (kim, box.ticket)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Timebox.objects.create(agent=agent, ticket=ticket, **times)


@pytest.mark.parametrize(
    ("passed", "word", "tone"),
    [
        (0, "30 min left of 30", "info"),
        (12, "18 min left of 30", "info"),
        (26, "4 min left of 30", "act"),
        (42, "12 min over the 30", "bad"),
    ],
)
def test_shown_says_how_much_is_left(sam, passed, word, tone):
    box = timeboxing.start(TicketFactory(), by=acting(sam))

    shown = timeboxing.shown(box.ticket, reader=sam.pk, now=box.began_at + timedelta(minutes=passed))

    assert (shown.word, shown.tone, shown.is_mine, shown.agent) == (word, tone, True, "Sam Okafor")


def test_shown_comes_along_with_the_ticket(sam, django_assert_num_queries):
    box = timeboxing.start(TicketFactory(), by=acting(sam))
    with django_assert_num_queries(1):
        row = timeboxing.annotated(Ticket.objects.filter(pk=box.ticket_id)).get()
        shown = timeboxing.shown(row, reader=None, now=box.began_at)

    assert (shown.pk, shown.is_mine) == (box.pk, False)
    tickets.solve(row, by=acting(sam))
    assert timeboxing.shown(Ticket.objects.get(), reader=None, now=box.began_at) is None


def test_timeboxes_are_the_desks_to_see(sam):
    timeboxing.start(TicketFactory(), by=acting(sam))

    assert Timebox.objects.visible_to(acting(member(CommunityFactory()))).count() == 0
    assert Timebox.objects.visible_to(acting(sam)).count() == 1


# What it took


def end_by(how, box, kim, sam):
    match how:
        case "left":
            timeboxing.end(box, by=acting(sam))
        case "handed_on":
            timeboxing.hand_on(box, to=kim, by=acting(sam))
        case "solved":
            timeboxing.solve(box, by=acting(sam))
        case "escalated":
            timeboxing.escalated(box.ticket, by=acting(sam))
        case "elsewhere":
            tickets.solve(box.ticket, by=acting(sam))


@pytest.mark.parametrize("how", ["left", "handed_on", "solved", "escalated", "elsewhere"])
def test_however_it_ends_its_minutes_are_offered_and_written_down_once(client, sam, kim, how):
    client.force_login(sam, backend="django.contrib.auth.backends.ModelBackend")
    with time_machine.travel(timezone.now() - timedelta(minutes=17, seconds=30), tick=False):
        box = timeboxing.start(TicketFactory(), by=acting(sam))
    end_by(how, box, kim, sam)
    page = client.get(box.ticket.get_absolute_url())
    assert (
        page.context["worked"],
        'name="minutes" type="number" min="1" max="1440" inputmode="numeric" value="18"' in page.content.decode(),
    ) == (18, True)

    client.post(reverse("support:desk_add_time", args=[box.ticket.reference]), {"minutes": 18, "is_counted": "on"})

    assert TimeEntry.objects.values_list("ticket", "user", "minutes", "is_counted").get() == (box.ticket_id, sam.pk, 18, True)
    assert client.get(box.ticket.get_absolute_url()).context["worked"] == 0


def test_minutes_are_offered_to_who_worked_while_it_is_fresh(sam, kim):
    box = timeboxing.start(TicketFactory(), by=acting(sam))
    assert timeboxing.worked(box.ticket, reader=sam.pk, now=timezone.now()) == 0
    timeboxing.end(box, by=acting(sam))

    asked = [(sam.pk, 0), (sam.pk, 13), (kim.pk, 0), (None, 0)]
    assert [timeboxing.worked(box.ticket, reader=who, now=timezone.now() + timedelta(hours=h)) for who, h in asked] == [1, 0, 0, 0]


def test_stopping_leaves_the_ticket_as_it_is_and_says_so(client, sam):
    client.force_login(sam, backend="django.contrib.auth.backends.ModelBackend")
    box = timeboxing.start(TicketFactory(), by=acting(sam))
    head = client.get(box.ticket.get_absolute_url()).content.decode()
    assert re.search(r'action="[^"]*/timebox/leave/[^>]*>(?:(?!</form>).)*data-act="timebox"', head, re.DOTALL)

    page = client.post(reverse("support:timebox_leave", args=[box.ticket.reference]), follow=True).content.decode()

    box.refresh_from_db()
    box.ticket.refresh_from_db()
    assert (box.outcome, box.ticket.assignee, box.ticket.solved_at) == ("left", sam, None)
    assert "stopped working on it for now" in page
    assert page.count('data-act="timebox"') == 1
    assert client.post(reverse("support:timebox_leave", args=[box.ticket.reference])).status_code == 404
