"""Opening a ticket and moving it: rows at once, history whole, the mirror after the commit."""

import pytest
from django.test import override_settings

from communities.roles import Role, StaffGroup
from ground.actors import Actor
from support import tickets, triage
from support.models import Contact, Ticket, TicketEvent
from support.recording import guard
from support.states import Status
from tests.factories import CommunityFactory, acting, member, staff
from tests.support.factories import TicketFactory

pytestmark = pytest.mark.django_db


def test_open_ticket_by_a_member_writes_it_with_its_requester_and_first_event():
    community = CommunityFactory()
    ana = member(community, Role.MEMBER, email="Ana@example.org".lower(), name="Ana")

    ticket = tickets.open_ticket(community, subject="No server", body="It **fails**.", by=acting(ana), kind="incident")

    ticket.refresh_from_db()
    assert (ticket.body_html.strip(), ticket.body_text) == ("<p>It <strong>fails</strong>.</p>", "It fails.")
    assert (ticket.requester, ticket.opened_by, ticket.status_id, ticket.kind) == (
        Contact.objects.get(email="ana@example.org"),
        ana,
        Status.OPEN,
        "incident",
    )
    assert (ticket.waiting_since, ticket.sync_state, ticket.next_attempt_at) == (ticket.created_at, "local", None)
    assert [(event.field, event.actor) for event in ticket.events.all()] == [("opened", ana)]


def test_open_ticket_by_staff_has_no_requester_unless_one_is_named():
    sam = staff(StaffGroup.SUPPORT_AGENT)
    asker = Contact.objects.create(email="luis@example.org")

    written = tickets.open_ticket(CommunityFactory(), subject="For us", body="…", by=acting(sam))
    named = tickets.open_ticket(CommunityFactory(), subject="For Luis", body="…", by=acting(sam), requester=asker)

    assert (written.requester, named.requester) == (None, asker)


def test_open_ticket_with_an_origin_is_opened_once():
    community = CommunityFactory()
    first = tickets.open_ticket(community, subject="Failed", body="…", by=Actor.system(), origin="hub-request:1:d-1")
    again = tickets.open_ticket(community, subject="Failed", body="…", by=Actor.system(), origin="hub-request:1:d-1")
    other = tickets.open_ticket(community, subject="Failed", body="…", by=Actor.system(), origin="hub-request:1:d-2")

    assert first == again != other


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("<script>alert(1)</script>hello", "&lt;script&gt;alert(1)&lt;/script&gt;hello"),
        ("[x](javascript:alert(1))", "javascript:alert(1)"),
        ("<img src=x onerror=alert(1)>", "&lt;img"),
        ('<a href="#" onclick="x()">y</a>', "&lt;a"),
    ],
)
def test_hostile_words_are_kept_as_words(body, html):
    ticket = tickets.open_ticket(CommunityFactory(), subject="<b>x</b>", body=body, by=Actor.system())

    assert html in ticket.body_html
    assert not any(bad in ticket.body_html for bad in ("<script", "<img", "<a ", 'href="javascript'))


@override_settings(FRESHDESK_URL="", FRESHDESK_API_KEY="")
def test_update_at_the_seen_version_changes_and_counts_on():
    ticket = TicketFactory()

    held = tickets.update(ticket, by=Actor.system(), version=1, priority=4)

    assert (held.priority, held.version, held.sync_state) == (4, 2, "local")


def test_update_at_an_older_version_changes_nothing_and_says_what_did():
    ticket = TicketFactory()
    tickets.update(ticket, by=Actor.system(), priority=4)

    with pytest.raises(guard.Stale) as stale:
        tickets.update(ticket, by=Actor.system(), version=1, priority=2)

    assert [(event.field, event.after) for event in stale.value.events] == [("priority", "4")]
    assert Ticket.objects.get().priority == 4


def test_solve_close_and_reopen_move_the_status():
    ticket = TicketFactory()
    assert tickets.solve(ticket, by=Actor.system()).status_id == Status.SOLVED
    assert tickets.close(ticket, by=Actor.system()).status_id == Status.CLOSED
    assert tickets.reopen(ticket, by=Actor.system()).status_id == Status.OPEN
    assert [event.after for event in ticket.events.all()] == ["4", "5", "2"]


def test_triage_decides_what_is_named_and_leaves_the_rest():
    ticket = TicketFactory(kind="change", impact="one")
    sam = staff(StaffGroup.SUPPORT_TRIAGER, name="Sam")

    held = triage.triage(ticket, kind="incident", assignee=sam, by=acting(sam))

    assert (held.kind, held.impact, held.assignee, held.assignee_label) == ("incident", "one", sam, "Sam")
    assert set(TicketEvent.objects.values_list("field", "before", "after")) == {("kind", "change", "incident"), ("assignee", "", "Sam")}
