"""Many tickets at once: what will change is said, what others changed is left, and it can be taken back."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communities.roles import StaffGroup
from ground.actors import Actor
from support import queue, replies, tickets, timing, wholesale
from support.desk import seen
from support.forms.lists import ManyForm
from support.models import BulkChange, ClockRun, SupportTerms, Ticket, TicketEvent, TicketStatus
from support.models import WorkingCalendar as CalendarRow
from support.queue import Chosen
from support.states import Status
from support.timing import calendars
from support.timing.tasks import recompute
from support.working import bulk, snoozing
from support.working.bulk import Changes
from tests.factories import CommunityFactory, acting, staff
from tests.support.factories import ContactFactory, TicketFactory

pytestmark = pytest.mark.django_db
FACTS = (
    "status_id",
    "assignee_id",
    "assignee_label",
    "priority",
    "kind",
    "tags",
    "waiting_since",
    "solved_at",
    "snoozed_until",
)


@pytest.fixture
def sam():
    return staff(StaffGroup.SUPPORT_AGENT, name="Sam")


@pytest.fixture
def desk(sam):
    client = Client()
    client.force_login(sam, backend="django.contrib.auth.backends.ModelBackend")
    return client


def facts():
    return list(Ticket.objects.order_by("pk").values_list(*FACTS))


def versions():
    return dict(Ticket.objects.values_list("pk", "version"))


def everything(sam):
    return Changes(
        values={
            "status": TicketStatus.objects.get(code=Status.SOLVED),
            "assignee": sam,
            "priority": 3,
            "kind": "event",
            "snoozed_until": timezone.now() + timedelta(days=1),
        },
        add_tag="workshop",
        remove_tag="old",
    )


def test_many_change_together_each_with_its_history_and_are_taken_back_whole(sam):
    robin = staff(StaffGroup.SUPPORT_AGENT, name="Robin")
    TicketFactory(tags=["old", "kept"], assignee=robin, assignee_label="Robin", next_due_at=timezone.now())
    TicketFactory(kind="change", priority=2)
    before = facts()

    outcome = bulk.change(versions(), everything(sam), by=acting(sam))

    rows = list(Ticket.objects.order_by("pk"))
    assert (outcome.changed, outcome.left) == (2, [])
    assert [(row.status_id, row.assignee, row.assignee_label, row.priority, row.kind, row.tags, row.version) for row in rows] == [
        (4, sam, "Sam", 3, "event", ["kept", "workshop"], 2),
        (4, sam, "Sam", 3, "event", ["workshop"], 2),
    ]
    assert all(row.solved_at and row.waiting_since is None and row.next_due_at is None for row in rows)
    assert sorted(rows[1].events.values_list("field", "before", "after"))[:3] == [
        ("assignee", "", "Sam"),
        ("kind", "change", "event"),
        ("priority", "2", "3"),
    ]

    undone = bulk.undo(outcome.undo, by=acting(sam))
    assert (undone.changed, facts(), set(versions().values())) == (2, before, {3})
    assert bulk.undo(outcome.undo, by=acting(sam)).changed == 0


def test_what_somebody_changed_meanwhile_is_left_both_ways(sam):
    first, second = TicketFactory(), TicketFactory()
    seen_at = versions()
    tickets.change_status(first, status=TicketStatus.objects.get(code=3), by=Actor.system())

    outcome = bulk.change(seen_at, Changes(values={"priority": 4}), by=acting(sam))
    assert (outcome.changed, outcome.left) == (1, [first])

    tickets.update(second, by=Actor.system(), kind="event")
    undone = bulk.undo(outcome.undo, by=acting(sam))
    second.refresh_from_db()
    assert (undone.changed, undone.left, second.priority) == (0, [second], 4)


def test_nothing_that_differs_is_no_change_and_leaves_nothing_to_take_back(sam):
    TicketFactory(priority=2)
    outcome = bulk.change(versions(), Changes(values={"priority": 2}), by=acting(sam))
    assert (outcome.changed, outcome.left, outcome.undo, list(versions().values()), BulkChange.objects.count()) == (0, [], None, [1], 0)


def test_who_may_not_see_a_ticket_changes_none(sam):
    TicketFactory()
    outcome = bulk.change(versions(), Changes(values={"priority": 4}), by=Actor.anonymous())
    assert (outcome.changed, Ticket.objects.get().priority) == (0, 1)


def test_many_cost_as_much_as_one(sam):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            bulk.change(versions(), everything(sam), by=acting(sam))
        return len(captured)

    TicketFactory()
    one = cost()
    TicketFactory.create_batch(9)
    assert cost() <= one + 1


def test_ones_own_change_is_no_news_to_oneself(sam):
    read, unread = TicketFactory(), TicketFactory()
    seen.read(read, by=acting(sam))

    bulk.change(versions(), Changes(values={"priority": 4}), by=acting(sam))

    assert list(queue.rows(Chosen(view="all", unread="1"), queue.moment(acting(sam)))) == [unread]


def test_the_mirror_is_told_of_each(sam, settings, django_capture_on_commit_callbacks):
    settings.FRESHDESK_URL, settings.FRESHDESK_API_KEY = "https://example.freshdesk.com", "key"
    TicketFactory(), TicketFactory(sync_state="unknown")

    bulk.change(versions(), Changes(values={"priority": 4}), by=acting(sam))

    rows = Ticket.objects.order_by("pk")
    assert [(row.sync_state, row.next_attempt_at is not None) for row in rows] == [("queued", True), ("unknown", True)]


def test_a_page_says_what_will_change_before_it_does(desk, sam):
    first, second = TicketFactory(subject="First"), TicketFactory(subject="Second")
    chosen = {"t": [f"{first.pk}:1", f"{second.pk}:1", "nonsense", "9:x"], "status": "4", "assignee": "me"}

    asked = desk.post(reverse("support:desk_many") + "?view=waiting", chosen).content.decode()

    assert all(
        words in asked for words in ("Change 2 tickets", "<strong>Status</strong> → Solved", "<strong>Assignee</strong> → Me", "First")
    )
    assert set(versions().values()) == {1}

    done = desk.post(reverse("support:desk_change_many") + "?view=waiting", chosen)
    assert (done.status_code, done["Location"], set(Ticket.objects.values_list("status", "assignee"))) == (
        302,
        "/desk/?view=waiting",
        {(4, sam.pk)},
    )
    page = desk.get(done["Location"]).content.decode()
    assert ("2 tickets are changed" in page, "Take it back" in page) == (True, True)

    desk.post(reverse("support:desk_undo_many", args=[BulkChange.objects.get().pk]))
    assert set(Ticket.objects.values_list("status", "assignee")) == {(2, None)}
    assert "Take it back" not in desk.get("/desk/").content.decode()


def test_spam_is_closed_and_tagged(desk):
    ticket = TicketFactory()
    desk.post(reverse("support:desk_change_many"), {"t": f"{ticket.pk}:1", "status": "spam"})
    ticket.refresh_from_db()
    assert (ticket.status_id, ticket.tags) == (5, ["spam"])


@pytest.mark.parametrize(("word", "is_later"), [("hour", True), ("tomorrow", True), ("monday", True), ("wake", False)])
def test_many_are_snoozed_and_woken(desk, word, is_later):
    ticket = TicketFactory(snoozed_until=timezone.now() - timedelta(days=1))
    desk.post(reverse("support:desk_change_many"), {"t": f"{ticket.pk}:1", "snooze": word})
    ticket.refresh_from_db()
    assert (ticket.snoozed_until is not None and ticket.snoozed_until > timezone.now()) == is_later


def test_a_choice_that_nobody_offers_changes_nothing(desk):
    ticket = TicketFactory()
    response = desk.post(reverse("support:desk_change_many"), {"t": f"{ticket.pk}:1", "status": "999"})
    assert (response.status_code, versions()) == (422, {ticket.pk: 1})


def test_without_a_choice_the_page_asks_for_one(desk):
    ticket = TicketFactory()
    response = desk.post(reverse("support:desk_change_many"), {"t": f"{ticket.pk}:1"})
    assert (response.status_code, "What becomes of them" in response.content.decode()) == (200, True)


def test_a_change_is_taken_back_by_its_doer_alone_once_and_soon(desk, sam):
    TicketFactory()
    theirs = bulk.change(versions(), Changes(values={"priority": 4}), by=acting(staff(StaffGroup.SUPPORT_AGENT, name="Robin"))).undo
    mine = bulk.change(versions(), Changes(values={"kind": "event"}), by=acting(sam)).undo
    BulkChange.objects.filter(pk=mine.pk).update(at=timezone.now() - timedelta(minutes=6))

    for done in (theirs, mine):
        desk.post(reverse("support:desk_undo_many", args=[done.pk]))

    ticket = Ticket.objects.get()
    assert (ticket.priority, ticket.kind) == (4, "event")


# As if each had been changed by hand

KEPT = (*FACTS, "next_due_at", "due_clock", "version", "followed_version", "last_message_at", "first_replied_at")
RUNS = ("ticket", "clock", "began_at", "due_at", "ended_at", "target_minutes", "used_minutes", "outcome", "warn_at")
NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)


def open_some(community, clock):
    """Twice the same three: one that nobody answered, one that was written in again, one that is solved."""
    both = [
        [tickets.open_ticket(community, subject=f"No {n}", body="x", by=Actor.system(), requester=ContactFactory()) for n in range(3)]
        for _ in range(2)
    ]
    for do in (
        lambda made: replies.reply(made[1], body="Try again", by=Actor.system()),
        lambda made: replies.add_incoming(made[1], body="Still", by=Actor.system()),
        lambda made: tickets.update(made[2], by=Actor.system(), status=TicketStatus.objects.get(code=Status.SOLVED)),
    ):
        clock.shift(timedelta(minutes=5))
        for made in both:
            do(made)
    Ticket.objects.update(followed_version=F("version"))
    clock.shift(timedelta(hours=2))
    return [[ticket.pk for ticket in made] for made in both]


def state_of(keys):
    """Everything that a change leaves behind, by the place of the ticket."""
    place = {pk: n for n, pk in enumerate(keys)}
    rows = [Ticket.objects.filter(pk=pk).values_list(*KEPT).get() for pk in keys]
    runs = sorted((place[pk], *rest) for pk, *rest in ClockRun.objects.filter(ticket__in=keys).values_list(*RUNS))
    events = TicketEvent.objects.filter(ticket__in=keys).values_list("ticket", "field", "before", "after", "ticket_version", "actor_label")
    return rows, runs, sorted((place[pk], *rest) for pk, *rest in events)


CHANGES = [
    {"status": Status.SOLVED},
    {"status": Status.PENDING, "priority": 4},
    {"status": Status.OPEN},
    {"priority": 3, "kind": "incident"},
    {"status": Status.CLOSED, "kind": "event"},
]


def changed(values):
    return {**values, **({"status": TicketStatus.objects.get(code=values["status"])} if "status" in values else {})}


@pytest.mark.parametrize("values", CHANGES)
def test_a_change_of_many_leaves_what_changing_each_by_hand_leaves(sam, values, django_capture_on_commit_callbacks):
    community = CommunityFactory()
    with time_machine.travel(NOW, tick=False) as clock:
        many, single = open_some(community, clock)
        cache.clear()
        with django_capture_on_commit_callbacks() as rung:
            bulk.change({pk: Ticket.objects.get(pk=pk).version for pk in many}, Changes(values=changed(values)), by=acting(sam))
        for pk in single:
            tickets.update(Ticket.objects.get(pk=pk), by=acting(sam), **changed(values))
    assert state_of(many) == state_of(single)
    moved = Ticket.objects.filter(pk__in=many, followed_version__lt=F("version")).count()
    assert sum("ring_it" in call.__qualname__ for call in rung) == moved > 0


@pytest.mark.parametrize("values", CHANGES)
def test_to_take_it_back_turns_clocks_as_going_back_by_hand_does(sam, values):
    community = CommunityFactory()
    with time_machine.travel(NOW, tick=False) as clock:
        many, single = open_some(community, clock)
        before = {pk: (row.status, row.priority, row.kind) for pk in single if (row := Ticket.objects.get(pk=pk))}
        done = bulk.change({pk: Ticket.objects.get(pk=pk).version for pk in many}, Changes(values=changed(values)), by=acting(sam))
        for pk in single:
            tickets.update(Ticket.objects.get(pk=pk), by=acting(sam), **changed(values))
        clock.shift(timedelta(minutes=4))
        bulk.undo(done.undo, by=acting(sam))
        for pk, (status, priority, kind) in before.items():
            tickets.update(Ticket.objects.get(pk=pk), by=acting(sam), status=status, priority=priority, kind=kind)
        (_rows, runs, events), (_by_hand, runs_by_hand, events_by_hand) = state_of(many), state_of(single)
        assert (runs, events) == (runs_by_hand, events_by_hand)
        due = [list(Ticket.objects.filter(pk__in=keys).order_by("pk").values_list("next_due_at", "due_clock")) for keys in (many, single)]
        assert due[0] == due[1]
        assert timing.recompute(list(Ticket.objects.filter(pk__in=many)), now=timezone.now()) == 0


@pytest.mark.parametrize("field", ["community", "kind"])
def test_a_wholesale_change_leaves_the_clocks_that_changing_each_by_hand_leaves(sam, field):
    programme_wide, served = CommunityFactory(), CommunityFactory()
    SupportTerms.objects.create(community=served, calendar=CalendarRow.objects.create(name="Always", timezone="UTC", is_always=True))
    calendars.forget()
    value = served if field == "community" else "incident"
    with time_machine.travel(NOW, tick=False) as clock:
        many, single = open_some(programme_wide, clock)
        rows = Ticket.objects.filter(pk__in=many)
        wholesale.change(rows, field=field, before=programme_wide if field == "community" else "", after=value, by=acting(sam))
        recompute()
        for pk in single:
            tickets.update(Ticket.objects.get(pk=pk), by=acting(sam), **{field: value})
        over = Ticket.objects.filter(pk__in=many, status=Status.SOLVED).get().pk
        (rows, runs, events), (by_hand, runs_by_hand, events_by_hand) = state_of(many), state_of(single)
    followed = KEPT.index("followed_version")
    assert [row[:followed] for row in rows] == [row[:followed] for row in by_hand]
    place = many.index(over)
    assert [run for run in runs if run[0] != place] == [run for run in runs_by_hand if run[0] != place]
    assert events == events_by_hand


def test_many_are_snoozed_until_the_same_mornings_as_one(sam):
    sam.timezone, now = "Pacific/Auckland", datetime(2026, 3, 3, 12, tzinfo=UTC)
    for word, until in snoozing.choices(now, sam.timezone).items():
        if word in dict(ManyForm.SNOOZES):
            form = ManyForm({"snooze": word}, statuses={})
            assert form.is_valid()
            assert form.changes(by=acting(sam), now=now).values == {"snoozed_until": until}


def test_a_tag_for_many_is_spelt_as_a_tag_of_one(desk):
    plain, has_it, full = TicketFactory(), TicketFactory(tags=["Big red"]), TicketFactory(tags=[f"tag {n}" for n in range(20)])
    for written in ('Big, "Red"', "x" * 60):
        desk.post(reverse("support:desk_change_many"), {"t": [f"{pk}:{version}" for pk, version in versions().items()], "add_tag": written})

    tags = dict(Ticket.objects.values_list("pk", "tags"))
    assert (tags[plain.pk], tags[has_it.pk], len(tags[full.pk])) == (["big red", "x" * 32], ["Big red", "x" * 32], 20)


def test_a_tag_is_taken_from_many_whatever_its_capitals(desk):
    ticket = TicketFactory(tags=["Workshop", "kept"])
    desk.post(reverse("support:desk_change_many"), {"t": f"{ticket.pk}:1", "remove_tag": "workshop"})
    assert Ticket.objects.get().tags == ["kept"]
