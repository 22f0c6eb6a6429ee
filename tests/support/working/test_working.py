"""Snoozing, tags, checklists, time and budget."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communities.roles import StaffGroup
from ground.actors import Actor
from support import recording, replies
from support.models import ChecklistItem, ChecklistTemplate, SupportTerms, Ticket, TicketEvent, TimeEntry
from support.states import BudgetPeriod, MessageKind
from support.working import checklists, snoozing, spending, tagging
from tests.factories import CommunityFactory, acting, staff
from tests.support.factories import TicketFactory

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
SATURDAY = datetime(2026, 3, 28, 20, 30, tzinfo=UTC)  # the night on which clocks go forward in Europe


@pytest.fixture
def ticket():
    return TicketFactory()


def fresh(row):
    return type(row).objects.get(pk=row.pk)


# Snoozing


@pytest.mark.parametrize(
    ("key", "zone", "at"),
    [
        ("hour", "Europe/Berlin", datetime(2026, 3, 28, 21, 30, tzinfo=UTC)),
        ("tomorrow", "Europe/Berlin", datetime(2026, 3, 29, 7, tzinfo=UTC)),
        ("tomorrow", "America/Bogota", datetime(2026, 3, 29, 14, tzinfo=UTC)),
        ("tomorrow", "Pacific/Auckland", datetime(2026, 3, 29, 20, tzinfo=UTC)),
        ("monday", "Europe/Berlin", datetime(2026, 3, 30, 7, tzinfo=UTC)),
        ("week", "UTC", datetime(2026, 4, 4, 9, tzinfo=UTC)),
    ],
)
def test_mornings_are_those_of_the_persons_zone(key, zone, at):
    assert snoozing.choices(SATURDAY, zone)[key] == at


def test_on_a_monday_the_next_one_is_meant():
    assert snoozing.choices(datetime(2026, 3, 30, 12, tzinfo=UTC), "UTC")["monday"] == datetime(2026, 4, 6, 9, tzinfo=UTC)


def test_snooze_and_wake_are_told(ticket):
    until = timezone.now() + timedelta(hours=1)
    snoozing.snooze(ticket, until=until, by=SYSTEM)
    assert fresh(ticket).snoozed_until == until
    snoozing.wake(ticket, by=SYSTEM)
    assert (fresh(ticket).snoozed_until, ticket.events.filter(field="snoozed_until").count()) == (None, 2)


def test_what_slept_long_enough_wakes_in_as_many_queries_with_one_and_three():
    def wake(number):
        TicketFactory.create_batch(number, snoozed_until=timezone.now() - timedelta(minutes=1))
        with CaptureQueriesContext(connection) as captured:
            assert snoozing.wake_due() == number
        return len(captured)

    later = TicketFactory(snoozed_until=timezone.now() + timedelta(hours=1))
    assert wake(1) == wake(3)
    assert fresh(later).snoozed_until is not None
    assert set(TicketEvent.objects.values_list("field", "after", "ticket_version")) == {("snoozed_until", "", 2)}
    assert set(Ticket.objects.exclude(pk=later.pk).values_list("snoozed_until", "version")) == {(None, 2)}


def test_a_letter_of_the_requester_wakes_at_once_and_others_do_not(ticket):
    snoozing.snooze(ticket, until=timezone.now() + timedelta(days=1), by=SYSTEM)
    replies.note(ticket, body="still waiting", by=SYSTEM)
    assert fresh(ticket).snoozed_until is not None
    replies.add_incoming(ticket, body="Any news?", by=SYSTEM)
    assert (fresh(ticket).snoozed_until, ticket.events.filter(field="snoozed_until", after="").count()) == (None, 1)


def test_a_letter_that_came_through_freshdesk_wakes_too(ticket):
    snoozing.snooze(ticket, until=timezone.now() + timedelta(days=1), by=SYSTEM)
    held = recording.locked(ticket.pk)
    recording.compose(held, recording.Letter(kind=MessageKind.INCOMING, body_html="<p>x</p>", body_text="x"), by=SYSTEM)
    assert held.snoozed_until is None


# Tags


def test_tags_are_spelt_as_they_are_already_and_kept_once(ticket):
    TicketFactory(tags=["VIP", "gpu"])
    tagging.add(ticket, "  vip ", by=SYSTEM)
    tagging.add(fresh(ticket), "Vip", by=SYSTEM)
    tagging.add(fresh(ticket), 'New,  "Thing"', by=SYSTEM)
    assert fresh(ticket).tags == ["VIP", "new thing"]
    tagging.remove(fresh(ticket), "VIP", by=SYSTEM)
    assert fresh(ticket).tags == ["new thing"]


def test_tags_are_never_empty_nor_too_many_nor_too_long(ticket):
    with pytest.raises(tagging.NotPossible, match="Write a word"):
        tagging.add(ticket, ' , "', by=SYSTEM)
    ticket.tags = [str(number) for number in range(tagging.MOST)]
    ticket.save()
    with pytest.raises(tagging.NotPossible, match="at most 20"):
        tagging.add(ticket, "one more", by=SYSTEM)
    assert tagging.normalised("x" * 50) == "x" * 32


def test_tickets_are_found_by_a_whole_tag_in_any_script():
    found = TicketFactory(tags=["gpu", "größe"])
    TicketFactory(tags=["gpus"])
    assert list(Ticket.objects.tagged("gpu")) == [found]
    assert list(Ticket.objects.tagged("größe")) == [found]
    assert list(Ticket.objects.tagged("gp_")) == []


# Checklists


def test_items_are_ticked_by_whoever_was_first_and_moved(ticket):
    sam = acting(staff(StaffGroup.SUPPORT_AGENT, name="Sam"))
    one, two, three = checklists.add(ticket, "one", "two", "three")
    checklists.tick(checklists.tick(one, by=sam), by=SYSTEM)
    assert (fresh(one).done_label, fresh(one).done_by) == ("Sam", sam.user)
    checklists.untick(fresh(one))
    assert (fresh(one).done_at, fresh(one).done_label) == (None, "")
    checklists.move_up(fresh(three))
    checklists.move_down(fresh(one))
    checklists.move_up(fresh(three))
    assert [item.text for item in ticket.checklist.all()] == ["three", "one", "two"]
    checklists.remove(two)
    assert ticket.checklist.count() == 2


def test_a_template_is_offered_for_its_kind_and_doubles_nothing(ticket):
    Ticket.objects.filter(pk=ticket.pk).update(kind="event")
    every = ChecklistTemplate.objects.create(name="Every", lines="Greet\n\n  Close \n")
    event = ChecklistTemplate.objects.create(name="Event", kind="event", lines="Greet\nPrepull")
    ChecklistTemplate.objects.create(name="Incident", kind="incident", lines="x")
    ChecklistTemplate.objects.create(name="Old", lines="x", is_offered=False)
    assert list(checklists.offered(fresh(ticket))) == [event, every]
    checklists.use(every, on=ticket)
    checklists.use(event, on=ticket)
    assert [item.text for item in ticket.checklist.all()] == ["Greet", "Close", "Prepull"]


def test_a_checklist_has_an_end(ticket):
    checklists.add(ticket, *(str(number) for number in range(checklists.MOST)))
    with pytest.raises(checklists.TooMany):
        checklists.add(ticket, "one more")


def test_an_item_that_is_not_done_names_nobody(ticket):
    with pytest.raises(IntegrityError), transaction.atomic():
        ChecklistItem.objects.create(ticket=ticket, text="x", done_label="Sam")


# Time and budget


@pytest.mark.parametrize(
    ("period", "zone", "at"),
    [
        (BudgetPeriod.MONTH, "Pacific/Auckland", datetime(2026, 2, 28, 11, tzinfo=UTC)),
        (BudgetPeriod.MONTH, "America/Bogota", datetime(2026, 3, 1, 5, tzinfo=UTC)),
        (BudgetPeriod.QUARTER, "UTC", datetime(2026, 1, 1, tzinfo=UTC)),
        (BudgetPeriod.YEAR, "UTC", datetime(2026, 1, 1, tzinfo=UTC)),
    ],
)
def test_periods_begin_at_the_communitys_midnight(period, zone, at):
    assert spending.began(SATURDAY, zone=zone, period=period) == at


def test_only_counted_time_of_this_community_and_month_is_used(ticket):
    community, now = ticket.community, timezone.now()
    spending.add(ticket, minutes=30, by=SYSTEM, note="Looked")
    spending.add(ticket, minutes=45, by=SYSTEM, is_counted=False)
    spending.add(ticket, minutes=60, by=SYSTEM, at=spending.began(now, zone="UTC", period="month") - timedelta(seconds=1))
    spending.add(TicketFactory(), minutes=99, by=SYSTEM)
    assert (spending.used_this_month(community), TimeEntry.objects.count()) == (30, 4)
    assert spending.budget_of(community).words == "30 min used; no limit is agreed"


@pytest.mark.parametrize(
    ("used", "share", "tone", "words"),
    [
        (60, 50, "good", "1 h of 2 h used, 1 h left"),
        (96, 80, "act", "1 h 36 min of 2 h used, 24 min left"),
        (120, 100, "bad", "2 h of 2 h used, 0 min left"),
        (150, 125, "bad", "2 h 30 min of 2 h used: 30 min more than agreed"),
    ],
)
def test_budget_in_words(ticket, used, share, tone, words):
    spending.agree(ticket.community, minutes=120, period="month")
    spending.add(ticket, minutes=used, by=SYSTEM)
    budget = spending.budget_of(ticket.community)
    assert (budget.share, budget.tone, budget.words) == (share, tone, words)


def test_a_budget_of_nothing_is_used_up_by_the_first_minute(ticket):
    spending.agree(ticket.community, minutes=0, period="month")
    assert spending.budget_of(ticket.community).share == 0
    spending.add(ticket, minutes=1, by=SYSTEM)
    assert spending.budget_of(ticket.community).share == 100


def test_four_fifths_and_all_of_it_are_each_told_once(ticket):
    spending.agree(ticket.community, minutes=100, period="month")
    for minutes in (79, 1, 5, 15, 10):
        spending.add(ticket, minutes=minutes, by=SYSTEM)
    assert list(ticket.events.filter(field="budget").values_list("after", flat=True)) == ["80", "100"]


def test_agreeing_again_changes_the_one_row():
    community = CommunityFactory()
    spending.agree(community, minutes=60, period="month")
    spending.agree(community, minutes=None, period="year")
    assert list(SupportTerms.objects.values_list("budget_minutes", "budget_period")) == [(None, "year")]


def test_time_is_at_least_a_minute_and_at_most_a_day(ticket):
    for minutes in (0, 24 * 60 + 1):
        with pytest.raises(IntegrityError), transaction.atomic():
            spending.add(ticket, minutes=minutes, by=SYSTEM)


def test_time_sent_twice_is_one_entry(ticket):
    by = acting(staff(StaffGroup.SUPPORT_AGENT))
    first = spending.add(ticket, minutes=30, note="Logs", by=by)
    assert spending.add(ticket, minutes=30, note="Logs", by=by) == first
    spending.add(ticket, minutes=30, note="Call", by=by), spending.add(ticket, minutes=31, note="Logs", by=by)
    TimeEntry.objects.filter(pk=first.pk).update(spent_at=first.spent_at - timedelta(seconds=11))
    spending.add(ticket, minutes=30, note="Logs", by=by)
    assert TimeEntry.objects.count() == 4


def test_an_entry_taken_back_is_used_no_more(ticket):
    spending.remove(spending.add(ticket, minutes=30, by=SYSTEM))
    assert spending.used_this_month(ticket.community) == 0
