"""The pages of the mirror: the ledger, a ticket's lines and clashes, the banner while Freshdesk is away."""

import csv
import io

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communities.roles import Role, StaffGroup
from support import sync
from support.models import Attachment, Clash, CompanyLink, FreshdeskAccount, Message, SyncCursor, SyncEntry, SyncPass, Ticket, TicketType
from support.states import SyncState
from support.sync import account
from tests.factories import CommunityFactory, member, staff
from tests.support.factories import MessageFactory, TicketFactory

pytestmark = pytest.mark.django_db
LEDGER = "/desk/sync/"


@pytest.fixture(autouse=True)
def _connected(settings):
    settings.FRESHDESK_URL = "https://acme.freshdesk.test"
    settings.FRESHDESK_API_KEY = "key"


def client_of(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def kim():
    return staff(StaffGroup.SUPPORT_TRIAGER, name="Kim")


@pytest.fixture
def desk(kim):
    return client_of(kim)


def page(client, address, **query):
    response = client.get(address, query)
    assert response.status_code == 200
    return response.content.decode()


def queries(client, address):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def a_bit_of_everything(number):
    """So many rows of each sort that the ledger shows."""
    now, community = timezone.now(), CommunityFactory()
    for each in range(number):
        dead = TicketFactory(community=community, sync_state=SyncState.DEAD, last_error="400: no such status")
        TicketFactory(community=community, sync_state=SyncState.UNKNOWN, next_attempt_at=now)
        MessageFactory(ticket=dead, sync_state=SyncState.DEAD, last_error="400: too long")
        MessageFactory(ticket=dead, sync_state=SyncState.UNKNOWN, next_attempt_at=now)
        Attachment.objects.create(ticket=dead, name="log.txt", freshdesk_id=each + 1, created_at=now, last_error="404: gone")
        CompanyLink.objects.create(freshdesk_company_id=each + 1, name=f"Company {each}", last_error="400: taken")
        Clash.objects.create(ticket=dead, field="status", ours="2", theirs="3", met_at=now)
        SyncEntry.objects.create(at=now, direction="in", what="account", outcome="alert", ticket=dead, note="60 tickets vanished")
        SyncPass.objects.create(kind="poll", began_at=now, ended_at=now)
        TicketType.objects.create(word=f"Type {each}")


def test_ledger_costs_the_same_with_one_and_thirty_rows_of_everything(desk):
    a_bit_of_everything(1)
    desk.get(LEDGER)
    one = queries(desk, LEDGER)
    a_bit_of_everything_more(29)

    assert queries(desk, LEDGER) == one
    assert one <= 20


def a_bit_of_everything_more(number):
    CompanyLink.objects.all().delete()
    Attachment.objects.all().delete()
    TicketType.objects.filter(word__startswith="Type ").delete()
    a_bit_of_everything(number)


def test_quiet_ledger_is_cheap_and_says_that_nothing_needs_anybody(desk):
    desk.get(LEDGER)

    assert queries(desk, LEDGER) <= 11
    text = page(desk, LEDGER)
    assert all(
        words in text
        for words in ("not called yet", "Nothing. What Freshdesk refuses", "Nothing yet. Every ticket", "None yet. The scheduler")
    )


def test_ledger_says_how_it_stands(desk):
    now = timezone.now()
    account.mark_away("connect timeout")
    SyncPass.objects.create(kind="poll", began_at=now, ended_at=now, pulled=3, credits=2.5)
    SyncPass.objects.create(kind="whole", began_at=now, ended_at=now, error="Freshdesk is away")
    TicketFactory(sync_state=SyncState.QUEUED)
    MessageFactory(sync_state=SyncState.QUEUED, next_attempt_at=now)
    TicketType.objects.create(word="Workshop")
    CompanyLink.objects.create(freshdesk_company_id=1, name="Kelp")

    text = page(desk, LEDGER)

    assert all(
        words in text
        for words in (
            "Freshdesk is away since",
            "What you write waits here and is sent by itself",
            "connect timeout",
            "under a minute ago",
            "2 to send",
            "1 word of Freshdesk's waits for a meaning",
            "1 company without a community",
            "Freshdesk is away</p>",
            ">2.5<",
        )
    )


def test_ledger_falls_back_to_the_cursor_when_no_pass_ended_well(desk):
    SyncCursor.objects.create(name="tickets")
    SyncPass.objects.create(kind="poll", began_at=timezone.now())

    text = page(desk, LEDGER)

    assert ("ago. What changed in Freshdesk" in text, "still going, or broken off" in text) == (True, True)


def test_ledger_says_that_the_key_is_refused(desk):
    sync.is_connected()
    account.own_budget().refused("401: bad key")

    text = page(desk, LEDGER)

    assert ("refuses our key" in text, "Freshdesk has refused our key since" in text) == (True, True)


def test_ledger_without_freshdesk_is_honest(desk, settings):
    settings.FRESHDESK_URL = ""
    a_bit_of_everything(1)

    text = page(desk, LEDGER)

    assert ("The desk works alone" in text, "FRESHDESK_API_KEY" in text, "vanished" in text) == (True, True, False)


def test_ledger_is_read_by_all_staff_and_has_buttons_for_who_may_mend(desk):
    a_bit_of_everything(1)
    guide = client_of(staff(StaffGroup.COMMUNITY_GUIDE))

    assert ("Try again" in page(desk, LEDGER), "Try again" in page(guide, LEDGER)) == (True, False)
    assert "400: no such status" in page(guide, LEDGER)


def test_lines_are_filtered_by_direction_and_outcome_and_paged(desk):
    now, ticket = timezone.now(), TicketFactory()
    for number in range(60):
        SyncEntry.objects.create(at=now, direction="in", what="ticket", outcome="updated", number=9000 + number, ticket=ticket)
    SyncEntry.objects.create(at=now, direction="out", what="message", outcome="sent", number=8001)

    first = desk.get(LEDGER)
    second = desk.get(LEDGER, {"cursor": first.context["page"].next})
    sent = desk.get(LEDGER, {"direction": "out", "outcome": "sent"})
    none = page(desk, LEDGER, direction="out", outcome="updated")

    assert [len(each.context["page"].rows) for each in (first, second, sent)] == [50, 11, 1]
    assert "Nothing like that yet" in none
    assert ticket.reference in first.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"direction": "sideways", "outcome": "'; DROP TABLE"},
        {"cursor": "%00"},
        {"cursor": "bm90aGluZw"},
        {"direction": "\0", "outcome": "\0"},
        {"cursor": "W1tdLCAieCJd"},
    ],
)
def test_ledger_answers_whatever_the_address_says(desk, query):
    SyncEntry.objects.create(at=timezone.now(), direction="out", what="message", outcome="sent")

    assert desk.get(LEDGER, query).status_code == 200


def test_try_again_queues_once_and_a_second_click_is_told_kindly(desk):
    ticket = TicketFactory(sync_state=SyncState.DEAD, last_error="400: no")
    address = reverse("support:sync_replay", args=["ticket", ticket.pk])

    first, second = desk.post(address, follow=True), desk.post(address, follow=True)

    ticket.refresh_from_db()
    assert ticket.sync_state == SyncState.QUEUED
    assert ("It is tried again now." in first.content.decode(), "Nothing was done" in second.content.decode()) == (True, True)
    assert list(SyncEntry.objects.values_list("outcome", "note")) == [("replayed", "Kim")]


def test_give_up_twice_stops_and_then_puts_aside(desk):
    message = MessageFactory(sync_state=SyncState.UNKNOWN, next_attempt_at=timezone.now())
    address = reverse("support:sync_give_up", args=["message", message.pk])

    states = []
    for _ in range(3):
        desk.post(address)
        states.append(Message.objects.get().sync_state)

    assert states == ["dead", "local", "local"]
    assert SyncEntry.objects.count() == 2


@pytest.mark.parametrize("address", ["/desk/sync/user/1/replay/", "/desk/sync/ticket/999/replay/", f"/desk/sync/file/{10**30}/give-up/"])
def test_buttons_of_rows_that_are_not_there_get_404(desk, address):
    assert desk.post(address).status_code == 404


def test_buttons_are_posted_and_never_followed(desk):
    ticket = TicketFactory(sync_state=SyncState.DEAD)

    assert desk.get(reverse("support:sync_replay", args=["ticket", ticket.pk])).status_code == 405


def test_lines_of_a_ticket_are_a_fragment_for_htmx_and_a_page_without(desk):
    ticket, other = TicketFactory(freshdesk_id=77), TicketFactory()
    for number in range(12):
        SyncEntry.objects.create(at=timezone.now(), direction="out", what="message", outcome="sent", ticket=ticket, note=f"line {number}.")
    SyncEntry.objects.create(at=timezone.now(), direction="in", what="ticket", outcome="created", ticket=other, note="of another")
    address = reverse("support:desk_ticket_sync", args=[ticket.reference])

    fragment = desk.get(address, headers={"HX-Request": "true"}).content.decode()
    whole = page(desk, address)

    assert ("<html" in fragment, "line 11." in fragment, "line 1." in fragment, "of another" in fragment) == (False, True, False, False)
    assert ("<html" in whole, "https://acme.freshdesk.test/a/tickets/77" in whole) == (True, True)


def test_ticket_page_shows_where_it_is_in_freshdesk_without_more_queries(desk):
    ticket = TicketFactory(freshdesk_id=77, sync_state=SyncState.SYNCED, read_at=timezone.now())
    address = ticket.get_absolute_url()
    text = page(desk, address)

    assert all(
        words in text
        for words in ("https://acme.freshdesk.test/a/tickets/77", "last read", 'hx-trigger="toggle once from:closest details"')
    )
    assert queries(desk, address) <= 12


def test_clash_is_shown_on_the_ticket_with_both_values_and_settled_by_a_button(desk):
    ticket = TicketFactory(sync_state=SyncState.CONFLICT, freshdesk_id=7, status_id=3)
    at = timezone.now()
    clash = Clash.objects.create(ticket=ticket, field="status", ours="5", ours_by="Sam", ours_at=at, theirs="3", theirs_at=at, met_at=at)
    text = page(desk, ticket.get_absolute_url())
    assert all(words in text for words in ("Changed on both sides: status", "“Closed”", "“Pending”", "Sam,", "In Freshdesk,", "holds now"))

    done = desk.post(reverse("support:clash_ours", args=[ticket.reference, clash.pk]) + "?view=sync")
    again = desk.post(reverse("support:clash_theirs", args=[ticket.reference, clash.pk]), follow=True)

    ticket.refresh_from_db()
    assert (done["Location"], ticket.status_id, ticket.sync_state) == (ticket.get_absolute_url() + "?view=sync", 5, SyncState.QUEUED)
    assert "somebody has settled this already" in again.content.decode()
    assert "Changed on both sides" not in page(desk, ticket.get_absolute_url())


def test_clash_whose_value_cannot_be_set_any_more_says_why(desk):
    ticket = TicketFactory(sync_state=SyncState.CONFLICT, freshdesk_id=7)
    clash = Clash.objects.create(ticket=ticket, field="assignee", ours="left@example.org", theirs="Luz", met_at=timezone.now())

    answer = desk.post(reverse("support:clash_ours", args=[ticket.reference, clash.pk]), follow=True).content.decode()

    assert ("left@example.org does not work at the desk any more" in answer, "Changed on both sides: assignee" in answer) == (True, True)


def test_clash_of_another_ticket_gets_404(desk):
    clash = Clash.objects.create(ticket=TicketFactory(), field="status", ours="5", theirs="3", met_at=timezone.now())

    assert desk.post(reverse("support:clash_ours", args=[TicketFactory().reference, clash.pk])).status_code == 404


def test_clash_holds_no_markup_from_outside(desk):
    ticket = TicketFactory(sync_state=SyncState.CONFLICT)
    Clash.objects.create(ticket=ticket, field="subject", ours="<b>x</b>", theirs="<script>alert(1)</script>", met_at=timezone.now())

    assert "<script>alert(1)" not in page(desk, ticket.get_absolute_url())


def test_banner_comes_and_goes_with_the_watched_list_and_costs_no_query_while_it_is_known(desk):
    listed = reverse("support:desk_list")
    etag = desk.get(listed)["ETag"]
    quiet = queries(desk, listed)
    account.mark_away("connect timeout")
    cache.clear()
    away = desk.get(listed, headers={"If-None-Match": etag})

    assert away.status_code == 200
    assert ("Freshdesk is away since" in away.content.decode(), 'hx-swap-oob="true"' in away.content.decode()) == (True, True)
    assert queries(desk, listed) == quiet
    assert "Freshdesk is away since" in page(desk, reverse("support:desk"))

    account.mark_back()
    cache.clear()
    assert "Freshdesk is away" not in page(desk, listed)


def test_members_read_nothing_of_freshdesk_while_it_is_away():
    community = CommunityFactory()
    ana = client_of(member(community, Role.REPRESENTATIVE))
    ticket = TicketFactory(community=community)
    account.mark_away("connect timeout")

    for address in (reverse("support:tickets", args=[community.slug]), reverse("support:ticket", args=[community.slug, ticket.reference])):
        assert "away" not in page(ana, address)


def test_no_banner_on_a_desk_that_works_alone(desk, settings):
    account.mark_away("connect timeout")
    settings.FRESHDESK_URL = ""

    assert "Freshdesk is away" not in page(desk, reverse("support:desk"))
    assert FreshdeskAccount.objects.exists()


def test_rail_leads_to_the_mirror_with_the_count_of_what_is_not_in_step(desk):
    TicketFactory.create_batch(2, sync_state=SyncState.DEAD)

    text = page(desk, reverse("support:desk"))

    assert 'href="/desk/sync/">Mirror <span class="rail__count"><span class="visually-hidden">not in step: </span>2</span>' in text
    assert Ticket.objects.count() == 2


def downloaded(client, address, **query):
    response = client.get(address, {"download": "csv"} | query)
    return list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"), newline="")))[1:]


def test_lines_of_the_ledger_leave_as_they_are_chosen(desk):
    a_bit_of_everything(3)
    SyncEntry.objects.create(at=timezone.now(), direction="out", what="ticket", outcome="created", note="=HYPERLINK()")
    assert len(downloaded(desk, LEDGER)) == SyncEntry.objects.count() == 4
    (line,) = downloaded(desk, LEDGER, direction="out")
    assert line[-1] == "'=HYPERLINK()"
    assert "download=xlsx" in page(desk, LEDGER)


def test_matched_companies_leave_and_the_others_do_not(desk):
    CompanyLink.objects.create(freshdesk_company_id=1, name="Lagos", community=CommunityFactory(name="Lagos do Sul"))
    CompanyLink.objects.create(freshdesk_company_id=2, name="Unmatched")
    assert downloaded(desk, "/desk/sync/companies/") == [["Lagos", "1", "Lagos do Sul"]]
