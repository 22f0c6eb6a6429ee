"""The desk's views, filters, orders and places: which tickets, in which order, at which cost."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communities.roles import StaffGroup
from ground.actors import Actor
from support import queue, replies, tickets
from support.desk import saved_views
from support.desk.saved_views import Wish
from support.models import Draft, SavedView, Ticket
from support.queue import Chosen
from tests.factories import CommunityFactory, acting, staff
from tests.support.factories import TicketFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam():
    return staff(StaffGroup.SUPPORT_AGENT, name="Sam")


@pytest.fixture
def desk(sam):
    return signed_in(sam)


def signed_in(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def subjects(at, **asked):
    return set(queue.rows(Chosen(**asked), at).values_list("subject", flat=True))


def test_each_view_holds_what_its_name_says(sam):
    now = timezone.now()
    TicketFactory(subject="new")
    TicketFactory(subject="mine", kind="change", assignee=sam, waiting_since=None)
    TicketFactory(subject="due", kind="change", assignee_label="Robin", next_due_at=now + timedelta(hours=1))
    TicketFactory(subject="theirs", kind="change", assignee_label="Robin", status_id=3, waiting_since=None)
    TicketFactory(subject="issue", kind="change", assignee_label="Robin", escalation="open", waiting_since=None)
    TicketFactory(subject="fire", kind="incident", assignee_label="Robin", waiting_since=None)
    TicketFactory(subject="asleep", assignee=sam, snoozed_until=now + timedelta(hours=1))
    TicketFactory(subject="awake again", kind="change", assignee=sam, snoozed_until=now - timedelta(hours=1))
    TicketFactory(subject="broken", kind="change", assignee_label="Robin", sync_state="dead", waiting_since=None)
    TicketFactory(subject="done", kind="change", status_id=4, waiting_since=None)
    over = {"kind": "change", "status_id": 5, "waiting_since": None, "updated_at": now - timedelta(days=30)}
    TicketFactory(subject="issue of one that is over", escalation="open", **over)
    TicketFactory(subject="due and over", next_due_at=now, **over)
    TicketFactory(subject="done long ago", kind="change", status_id=5, waiting_since=None, updated_at=now - timedelta(days=30))
    TicketFactory(subject="gone", sync_state="gone")
    at = queue.moment(acting(sam))

    held = {key: subjects(at, view=key) for key in queue.VIEWS}

    everything = set(Ticket.objects.here().values_list("subject", flat=True))
    assert held == {
        "triage": {"new"},
        "mine": {"mine", "awake again"},
        "waiting": {"new", "due", "awake again"},
        "due": {"due"},
        "community": {"theirs"},
        "escalated": {"issue"},
        "incidents": {"fire"},
        "unassigned": {"new"},
        "snoozed": {"asleep"},
        "solved": {"done"},
        "sync": {"broken"},
        "all": everything,
    }
    assert queue.counts(at) == {key: len(rows) for key, rows in held.items()}


FACTS = {
    "status": ("3", {"status_id": 3}, {}),
    "assignee": ("me", {"assignee_label": ""}, {"assignee_label": "Robin"}),
    "kind": ("none", {}, {"kind": "change"}),
    "responsible": ("provider", {"responsible": "provider"}, {"responsible": "community"}),
    "priority": ("4", {"priority": 4}, {"priority": 1}),
    "sync": ("trouble", {"sync_state": "conflict"}, {}),
    "tag": ('grün "1"', {"tags": ['grün "1"', "b"]}, {"tags": ["grün"]}),
}


@pytest.mark.parametrize("name", FACTS)
def test_a_filter_leaves_what_it_names(sam, name):
    value, has, lacks = FACTS[name]
    found = TicketFactory(**{**has, **({"assignee": sam} if name == "assignee" else {})})
    TicketFactory(**lacks)

    assert list(queue.rows(Chosen(view="all", **{name: value}), queue.moment(acting(sam)))) == [found]


@pytest.mark.parametrize(("value", "hours"), [("overdue", -1), ("soon", 1), ("later", 9)])
def test_the_clock_filter_tells_overdue_soon_and_later_apart(sam, value, hours):
    now = timezone.now()
    made = {each: TicketFactory(next_due_at=now + timedelta(hours=each)) for each in (-1, 1, 9)}
    TicketFactory(status_id=3, waiting_since=None)

    assert list(queue.rows(Chosen(view="all", clock=value), queue.moment(acting(sam)))) == [made[hours]]


def test_a_ticket_that_waits_for_them_is_found_as_paused(sam):
    TicketFactory(next_due_at=timezone.now())
    paused = TicketFactory(status_id=3, waiting_since=None)

    assert list(queue.rows(Chosen(view="all", clock="paused"), queue.moment(acting(sam)))) == [paused]


def test_turns_are_told_apart(sam):
    new, answered = TicketFactory(), TicketFactory()
    replies.reply(answered, body="Try again", by=acting(sam))
    at = queue.moment(acting(sam))
    theirs = subjects(at, view="all", turn="theirs")
    replies.add_incoming(answered, body="Still not", by=Actor.system())

    assert (theirs, subjects(at, view="all", turn="new"), subjects(at, view="all", turn="responded")) == (
        {answered.subject},
        {new.subject},
        {answered.subject},
    )


@pytest.mark.parametrize("name", sorted(queue.FILTERS))
def test_a_value_that_nobody_knows_chooses_nothing(sam, name):
    TicketFactory(community=CommunityFactory(slug="kelp"))

    assert list(queue.rows(Chosen(view="all", **{name: "no such thing"}), queue.moment(acting(sam)))) == []


def test_filters_combine_and_are_shown_as_chips_that_take_them_away(desk, sam):
    community = CommunityFactory(slug="kelp", name="Kelp")
    TicketFactory(subject="Both", community=community, kind="incident")
    TicketFactory(subject="Only one", community=community)

    page = desk.get(reverse("support:desk"), {"view": "waiting", "community": "kelp", "kind": "incident"}).content.decode()

    assert ("Both" in page, "Only one" in page) == (True, False)
    assert 'href="/desk/?view=waiting&amp;community=kelp"><span class="chip__name">Kind:</span> Incident' in page
    assert 'href="/desk/?view=waiting&amp;kind=incident"><span class="chip__name">Community:</span> Kelp ' in page


@pytest.mark.parametrize("sort", queue.SORTS)
def test_every_order_pages_by_key_and_shows_each_ticket_once(sam, sort):
    now = timezone.now()
    for number in range(5):
        at = now - timedelta(minutes=number % 3)
        TicketFactory(created_at=at, waiting_since=at, next_due_at=at, priority=1 + number % 2)
    at, seen, cursor = queue.moment(acting(sam)), [], ""
    for _ in range(3):
        page = queue.page(Chosen(view="all", sort=sort), at, cursor=cursor, size=2)
        seen += [row.pk for row in page.rows]
        cursor = page.next

    assert seen == list(Ticket.objects.order_by(*queue.SORTS[sort].order).values_list("pk", flat=True))
    assert cursor == ""


def full_list(sam):
    community = CommunityFactory(name="Coastal observatory of the south")
    TicketFactory.create_batch(
        45,
        community=community,
        subject="Students cannot start a server with the R image this morning",
        last_message_excerpt="We looked at the logs and the image cannot be pulled from the registry since Monday morning, it says",
        kind="incident",
        responsible="provider",
        assignee=sam,
        priority=4,
        tags=["r-image", "teaching"],
        sync_state="conflict",
        next_due_at=timezone.now() - timedelta(hours=1),
    )


@pytest.mark.parametrize("view", queue.VIEWS)
def test_every_view_of_a_full_list_keeps_to_ten_queries_and_sixty_kilobytes(desk, sam, view):
    full_list(sam)
    for number in range(5):
        saved_views.keep(Wish(name=f"View {number}", filters={"view": "mine", "kind": "incident"}), owner=sam)
    desk.get(reverse("support:desk"))

    with CaptureQueriesContext(connection) as captured:
        response = desk.get(reverse("support:desk"), {"view": view})

    assert (len(captured) <= 10, len(response.content) <= 60_000) == (True, True), (len(captured), len(response.content))


def test_a_still_list_is_told_so_in_seven_queries(desk, sam):
    full_list(sam)
    address = reverse("support:desk_list")
    etag = desk.get(address)["ETag"]

    with CaptureQueriesContext(connection) as captured:
        response = desk.get(address, headers={"If-None-Match": etag})

    assert (response.status_code, response["ETag"] == etag, len(captured) <= 7) == (304, True, True)


def test_a_list_whose_minute_has_passed_is_still_the_same_list(desk, sam, settings):
    TicketFactory()
    address = reverse("support:desk_list")
    etag = desk.get(address)["ETag"]
    other = etag.split("-")[0] + '-otherbeat"'

    response = desk.get(address, headers={"If-None-Match": other})

    assert (response.status_code, response["ETag"]) == (304, etag)


def test_a_row_says_that_i_began_to_write(desk, sam):
    ticket = TicketFactory(last_message_excerpt="Hello")
    Draft.objects.create(user=staff(StaffGroup.SUPPORT_AGENT, name="Robin"), ticket=ticket, kind="reply", body="x", ticket_version=1)
    before = desk.get(reverse("support:desk")).content.decode()
    Draft.objects.create(user=sam, ticket=ticket, kind="reply", body="x", ticket_version=1)

    assert ["ticket-row__draft" in page for page in (before, desk.get(reverse("support:desk")).content.decode())] == [False, True]


def test_places_are_those_of_the_list_and_stay_when_a_ticket_leaves_it(sam):
    now = timezone.now()
    first, second, third = (TicketFactory(waiting_since=now - timedelta(hours=hours)) for hours in (3, 2, 1))
    at, chosen = queue.moment(acting(sam)), Chosen(view="waiting")
    opened = queue.place(second, chosen, at)

    assert (opened.before, opened.after, opened.number, opened.total) == (first.reference, third.reference, 2, 3)

    solved = tickets.solve(second, by=acting(sam))
    left = queue.place(solved, chosen, at, opened_at=opened.cursor)
    assert (left.before, left.after, left.number, left.total) == (first.reference, third.reference, None, 2)
    without = queue.place(solved, chosen, at)
    assert (without.before, without.after) == (None, first.reference)


def test_the_ticket_page_leads_on_within_the_view_and_forms_bring_its_place_back(desk, sam):
    now = timezone.now()
    first, second = (TicketFactory(waiting_since=now - timedelta(hours=hours)) for hours in (3, 2))
    page = desk.get(first.get_absolute_url() + "?view=waiting").content.decode()

    assert "1 of 2" in page
    assert f'data-act="next-ticket" rel="next" href="{second.get_absolute_url()}?view=waiting"' in page
    action = page.split('id="reply-form" method="post" enctype="multipart/form-data" action="')[1].split('"')[0].replace("&amp;", "&")
    response = desk.post(action, {"reply-body": "Done", "reply-version": 1, "reply-status": "4"})
    after = desk.get(response["Location"]).content.decode()
    assert f'href="{second.get_absolute_url()}?view=waiting"' in after


def test_a_ticket_with_its_place_and_reading_costs_twelve_queries(desk):
    ticket = TicketFactory()
    desk.get(ticket.get_absolute_url())
    with CaptureQueriesContext(connection) as captured:
        desk.get(ticket.get_absolute_url() + "?view=waiting")

    assert len(captured) <= 12


def test_the_filter_builder_offers_what_is_there_and_works_as_a_page(desk, sam):
    CommunityFactory(slug="kelp", name="Kelp")
    page = desk.get(reverse("support:desk_filters"), {"view": "mine", "kind": "event"}).content.decode()

    assert ('<option value="kelp">Kelp</option>' in page, '<option value="event" selected>Event</option>' in page) == (True, True)
    assert '<input type="hidden" name="view" value="mine">' in page


def test_an_empty_view_still_has_its_rail_and_says_what_will_appear(desk):
    page = desk.get("/desk/?view=escalated").content.decode()
    assert ("Tickets appear as soon as they belong to this view" in page, 'aria-current="page">Escalated to GitHub' in page) == (True, True)


def test_communities_are_found_by_a_part_of_their_name(desk):
    CommunityFactory(slug="kelp", name="Kelp watch")
    CommunityFactory(slug="moss", name="Moss")
    page = desk.get(reverse("support:desk_communities"), {"name": "kel"}).content.decode()

    assert ("community=kelp" in page, "community=moss" in page) == (True, False)


def test_each_person_chooses_what_rows_show(desk, sam):
    TicketFactory(kind="incident", tags=["r-image"])
    robin = signed_in(staff(StaffGroup.SUPPORT_AGENT, name="Robin"))

    response = desk.post(reverse("support:desk_layout") + "?view=all", {"columns": ["tags", "clock"], "is_dense": "on"})

    assert (response.status_code, response["Location"]) == (302, "/desk/?view=all")
    mine, theirs = (client.get("/desk/?view=all").content.decode() for client in (desk, robin))
    assert ("#r-image" in mine, ">Incident</a>" in mine, "list--dense" in mine) == (True, False, True)
    assert ("#r-image" in theirs, ">Incident</a>" in theirs, "list--dense" in theirs) == (False, True, False)


def test_a_kept_view_has_an_address_a_count_and_a_file(desk, sam):
    TicketFactory(subject="Found", kind="incident")
    TicketFactory(subject="Other")
    response = desk.post(
        reverse("support:desk_new_view") + "?view=waiting&kind=incident", {"name": "Fires & smoke", "sort": "oldest", "is_pinned": "on"}
    )

    row = SavedView.objects.get()
    assert (response["Location"], row.key, row.filters, row.sort, row.owner, row.is_shared, row.is_pinned) == (
        "/desk/?view=fires-smoke",
        "fires-smoke",
        {"view": "waiting", "kind": "incident"},
        "oldest",
        sam,
        False,
        True,
    )
    page = desk.get(response["Location"]).content.decode()
    assert ("Found" in page, "Other" in page) == (True, False)
    assert 'aria-current="page">Fires &amp; smoke <span class="rail__count">1</span>' in page
    file = b"".join(desk.get(response["Location"] + "&download=csv").streaming_content).decode("utf-8-sig")
    assert [line["Subject"] for line in csv.DictReader(io.StringIO(file))] == ["Found"]


def test_a_kept_view_with_words_searches_and_is_not_counted(desk, sam):
    saved_views.keep(Wish(name="Rasters", filters={"view": "all", "q": "raster"}), owner=sam)
    tickets.open_ticket(CommunityFactory(), subject="Raster tiles", body="x", by=Actor.system())
    tickets.open_ticket(CommunityFactory(), subject="Vector tiles", body="x", by=Actor.system())

    page = desk.get("/desk/?view=rasters").content.decode()

    assert ("Raster tiles" in page, "Vector tiles" in page) == (True, False)
    assert "rasters" not in queue.counts(queue.moment(acting(sam)))


def test_names_alike_and_names_of_the_desks_own_views_get_keys_of_their_own(sam):
    keys = [saved_views.keep(Wish(name=name, filters={}), owner=sam, reserved=queue.VIEWS).key for name in ("Mine", "Mine", "日本")]
    assert keys == ["mine-2", "mine-3", "view"]


def test_somebody_elses_view_is_neither_listed_nor_answered(desk):
    owner = staff(StaffGroup.SUPPORT_AGENT, name="Robin")
    TicketFactory(subject="Not an incident")
    saved_views.keep(Wish(name="Secret", filters={"view": "all", "kind": "incident"}), owner=owner)
    saved_views.keep(Wish(name="Shared", filters={"view": "all", "kind": "incident"}, is_shared=True), owner=owner)

    rail, secret, shared = (desk.get(address).content.decode() for address in ("/desk/", "/desk/?view=secret", "/desk/?view=shared"))

    assert ("Secret" in rail, "Shared" in rail) == (False, True)
    assert ("Not an incident" in secret, "Not an incident" in shared) == (True, False)


def test_a_shared_view_asks_before_another_person_changes_it(sam):
    view = saved_views.keep(Wish(name="Ocean", filters={"view": "all"}, is_shared=True), owner=sam)
    triager = signed_in(staff(StaffGroup.SUPPORT_TRIAGER, name="Tri"))
    address = reverse("support:desk_view", args=[view.key])

    unasked = triager.post(address, {"name": "Sea", "is_shared": "on"})
    view.refresh_from_db()
    assert (unasked.status_code, view.name) == (200, "Ocean")

    triager.post(address + "?view=ocean&kind=event", {"name": "Sea", "is_shared": "on", "agreed": "on"})
    view.refresh_from_db()
    assert (view.name, view.key, view.filters, view.owner) == ("Sea", "ocean", {"view": "all", "kind": "event"}, sam)


def test_an_owner_changes_and_deletes_without_being_asked(desk, sam):
    view = saved_views.keep(Wish(name="Ocean", filters={"view": "mine"}, is_shared=True), owner=sam)
    assert "agreed" not in desk.get(reverse("support:desk_view", args=[view.key])).content.decode()

    desk.post(reverse("support:desk_view", args=[view.key]), {"name": "Sea"})
    view.refresh_from_db()
    assert (view.name, view.is_shared, view.filters) == ("Sea", False, {"view": "mine"})
    desk.post(reverse("support:desk_drop_view", args=[view.key]))
    assert not SavedView.objects.exists()


def test_the_page_of_kept_views_costs_the_same_with_one_and_three(desk, sam):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            desk.get(reverse("support:desk_views"))
        return len(captured)

    saved_views.keep(Wish(name="One", filters={}), owner=sam)
    desk.get(reverse("support:desk_views"))
    one = cost()
    for name in ("Two", "Three"):
        saved_views.keep(Wish(name=name, filters={}, is_shared=True), owner=staff(StaffGroup.SUPPORT_AGENT, name=name))
    assert cost() == one
