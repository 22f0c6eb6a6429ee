"""Tickets over the API, field by field as the contract names them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from communities.roles import Role, StaffGroup
from support import replies, search, tickets
from support.models import Message, Ticket
from support.states import Status, SyncState
from tests.factories import CommunityFactory, acting, member, staff
from tests.support.asking.factories import on_terms
from tests.support.factories import MessageFactory, TicketFactory

pytestmark = pytest.mark.django_db
FIELDS = [
    *("id", "reference", "freshdesk_id", "community", "subject", "status", "priority", "kind", "responsible", "assignee", "hub"),
    *("sync_state", "gone_reason", "version", "created_at", "updated_at", "waiting_since", "next_due_at"),
]


def client_of(user):
    client = APIClient()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def community():
    return CommunityFactory(slug="coastal")


@pytest.fixture
def sam():
    return staff(StaffGroup.SUPPORT_AGENT, name="Sam", email="sam@hubs.example")


@pytest.fixture
def desk(sam):
    return client_of(sam)


@pytest.fixture
def ana(community):
    return member(community, Role.MEMBER, name="Ana", email="ana@example.org")


def test_list_holds_the_fields_that_stay(desk, community, sam):
    ticket = TicketFactory(community=community, assignee=sam, kind="incident")

    (row,) = desk.get("/api/v1/tickets/").json()["results"]

    assert list(row) == FIELDS
    assert (row["id"], row["community"], row["status"], row["priority"], row["assignee"], row["version"]) == (
        ticket.pk,
        "coastal",
        2,
        1,
        sam.email,
        1,
    )


def test_one_ticket_holds_its_description_besides(desk):
    ticket = TicketFactory()
    assert list(desk.get(f"/api/v1/tickets/{ticket.pk}/").json()) == [*FIELDS, "body_html", "body_text"]


def test_list_costs_as_many_queries_with_three_rows_as_with_one(desk, sam):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            desk.get("/api/v1/tickets/")
        return len(captured)

    TicketFactory(assignee=sam)
    cost()
    one = cost()
    TicketFactory.create_batch(2)
    assert cost() == one


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("community=coastal", {"a", "c"}),
        ("status=4", {"c"}),
        ("status=solved", {"c"}),
        ("assignee=sam@hubs.example", {"b"}),
        ("assignee=none", {"a", "c"}),
        ("kind=incident", {"b"}),
        ("updated_since=2999-01-01T00:00:00Z", set()),
        ("updated_since=2020-01-01T00:00:00+02:00", {"a", "b", "c"}),
        ("q=kelp", {"a"}),
        ("gone=true", {"d"}),
        ("gone=True", {"d"}),
        ("gone=false", {"a", "b", "c"}),
        ("gone=", {"a", "b", "c"}),
        ("", {"a", "b", "c"}),
    ],
)
def test_filters(desk, community, sam, query, found):
    search.index(TicketFactory(community=community, subject="a", body_text="about kelp"))
    TicketFactory(subject="b", assignee=sam, kind="incident")
    TicketFactory(community=community, subject="c", status_id=Status.SOLVED)
    TicketFactory(subject="d", sync_state=SyncState.GONE, gone_reason="deleted")

    assert {row["subject"] for row in desk.get(f"/api/v1/tickets/?{query}").json()["results"]} == found


@pytest.mark.parametrize(
    "query",
    [
        *("status=nonsense", "kind=zzz", "gone=perhaps", "gone=1", "stauts=2"),
        *("updated_since=yesterday", "updated_since=2026-01-01T00:00:00", "updated_since=0001-01-01T00:00:00%2B14:00"),
    ],
)
def test_a_filter_nobody_understands_is_named(desk, query):
    response = desk.get(f"/api/v1/tickets/?{query}")
    assert (response.status_code, [error["pointer"] for error in response.json()["errors"]]) == (400, [f"/{query.split('=')[0]}"])


def test_a_ticket_that_is_gone_is_found_by_its_number(desk):
    ticket = TicketFactory(sync_state=SyncState.GONE, gone_reason="deleted")
    assert desk.get(f"/api/v1/tickets/{ticket.pk}/").json()["gone_reason"] == "deleted"


def test_pages_of_the_list_follow_a_cursor(desk):
    TicketFactory.create_batch(3)
    first = desk.get("/api/v1/tickets/?page_size=2&gone=false").json()
    assert [len(first["results"]), len(desk.get(first["next"]).json()["results"])] == [2, 1]


def test_member_opens_a_ticket_and_is_its_requester(ana, community):
    response = client_of(ana).post(
        "/api/v1/tickets/", {"community": "coastal", "subject": "No server", "body": "It **fails**", "kind": "incident", "priority": 3}
    )

    ticket = Ticket.objects.get()
    assert (response.status_code, response.json()["reference"], response.json()["body_text"]) == (201, ticket.reference, "It fails")
    assert (ticket.community, ticket.opened_by, ticket.kind, ticket.priority) == (community, ana, "incident", 3)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"subject": "x", "body": "y"}, "/community"),
        ({"community": "other", "subject": "x", "body": "y"}, "/community"),
        ({"community": "coastal", "body": "y"}, "/subject"),
        ({"community": "coastal", "subject": "x", "body": " "}, "/body"),
        ({"community": "coastal", "subject": "x", "body": "y", "kind": "fire"}, "/kind"),
        ({"community": "coastal", "subject": "x", "body": "y", "hub": "none"}, "/hub"),
        ({"community": "coastal", "subject": "x", "body": "y", "prioritty": 4}, "/prioritty"),
    ],
)
def test_a_wrong_field_is_named(ana, data, field):
    CommunityFactory(slug="other")
    response = client_of(ana).post("/api/v1/tickets/", data)

    assert (response.status_code, response["Content-Type"], [error["pointer"] for error in response.json()["errors"]]) == (
        400,
        "application/problem+json",
        [field],
    )
    assert not Ticket.objects.exists()


def test_patch_at_the_seen_version_changes(desk, sam):
    ticket = TicketFactory()
    response = desk.patch(f"/api/v1/tickets/{ticket.pk}/", {"version": 1, "status": 4, "assignee": sam.email, "responsible": "provider"})

    row = response.json()
    assert (response.status_code, row["status"], row["assignee"], row["responsible"], row["version"]) == (200, 4, sam.email, "provider", 2)


def test_patch_at_a_stale_version_says_what_changed(desk, sam):
    ticket = TicketFactory()
    tickets.update(ticket, by=acting(sam), priority=4)

    response = desk.patch(f"/api/v1/tickets/{ticket.pk}/", {"version": 1, "priority": 2})

    problem = response.json()
    assert (response.status_code, problem["version"], [(each["field"], each["after"], each["by"]) for each in problem["changed"]]) == (
        409,
        2,
        [("priority", "4", "Sam")],
    )
    assert Ticket.objects.get().priority == 4


@pytest.mark.parametrize(
    "data",
    [
        {"priority": 2},
        {"version": 1, "status": 77},
        {"version": 1, "status": "nonsense"},
        {"version": 1, "assignee": "ghost@x.org"},
        {"version": 1, "priority": 9},
        {"version": "x"},
        {"version": 2, "priority": 3},
    ],
)
def test_patch_of_something_wrong_is_refused_and_named(desk, data):
    ticket = TicketFactory()
    response = desk.patch(f"/api/v1/tickets/{ticket.pk}/", data)

    assert (response.status_code, len(response.json()["errors"])) == (400, 1)


def test_members_read_no_note_and_write_none(ana, community):
    ticket = tickets.open_ticket(community, subject="x", body="y", by=acting(ana))
    sam = acting(staff(StaffGroup.SUPPORT_AGENT, name="Sam"))
    replies.note(ticket, body="secret", by=sam)
    replies.reply(ticket, body="hello", by=sam)
    client, address = client_of(ana), f"/api/v1/tickets/{ticket.pk}/messages/"

    read = client.get(address)
    refused = client.post(address, {"kind": "note", "body": "z"})
    written = client.post(address, {"body": "thank you"})

    assert [(row["kind"], row["author"], row["body_text"]) for row in read.json()["results"]] == [("reply", "Sam", "hello")]
    assert (refused.status_code, written.status_code, written.json()["kind"]) == (400, 201, "incoming")
    assert list(written.json()) == [
        "id",
        "freshdesk_id",
        "kind",
        "author",
        "body_html",
        "body_text",
        "attachments",
        "created_at",
        "sync_state",
    ]


def test_staff_reply_and_note_but_never_in_somebody_elses_name(desk):
    ticket = TicketFactory()
    address = f"/api/v1/tickets/{ticket.pk}/messages/"

    assert [desk.post(address, {"kind": kind, "body": "hello"}).status_code for kind in ("reply", "note", "incoming")] == [201, 201, 400]
    assert list(Message.objects.order_by("pk").values_list("kind", flat=True)) == ["reply", "note"]


def test_another_communitys_ticket_is_not_there(ana):
    ticket = TicketFactory()
    MessageFactory(ticket=ticket)
    client = client_of(ana)

    assert client.get("/api/v1/tickets/").json()["results"] == []
    assert [client.get(f"/api/v1/tickets/{ticket.pk}/{rest}").status_code for rest in ("", "messages/")] == [404, 404]


def test_messages_come_in_pages_in_the_order_written(desk):
    ticket = TicketFactory()
    made = [message.pk for message in MessageFactory.create_batch(5, ticket=ticket)]
    first = desk.get(f"/api/v1/tickets/{ticket.pk}/messages/?page_size=3").json()
    second = desk.get(first["next"]).json()

    assert [row["id"] for row in first["results"] + second["results"]] == made
    assert second["next"] is None


def test_token_without_a_person_is_401():
    assert APIClient().get("/api/v1/tickets/").status_code == 401


def test_who_may_only_ask_opens_a_ticket_where_the_terms_let_anybody(community):
    outsider, asked = member(CommunityFactory(), Role.MEMBER), {"community": "coastal", "subject": "No server", "body": "It fails"}

    assert client_of(outsider).post("/api/v1/tickets/", asked).status_code == 400
    on_terms(community, who_opens="anybody")
    answer = client_of(outsider).post("/api/v1/tickets/", asked)

    assert (answer.status_code, Ticket.objects.get().opened_by) == (201, outsider)
