"""The client against a simulator, and against answers nobody promised."""

from datetime import UTC, datetime

import httpx
import pytest
import stamina

from demo.freshdesk import Simulator
from demo.freshdesk.transport import SimulatorClock, SimulatorTransport
from ground.errors import Rejected, Unavailable
from support.freshdesk import Freshdesk
from support.freshdesk.drafts import CompanyFacts, ContactFacts, NewNote, NewTicket, TicketChanges

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
ASK = NewTicket(subject="Kernel dies", description="<p>At noon</p>", email="lena@uni.example", name="Lena")


@pytest.fixture(autouse=True)
def no_waiting():
    with stamina.set_testing(True, attempts=3):
        yield


@pytest.fixture
def simulator():
    simulator = Simulator(key="key")
    yield simulator
    simulator.store.close()


@pytest.fixture
def freshdesk(simulator):
    transport, clock = SimulatorTransport(simulator), SimulatorClock(simulator)
    with Freshdesk("http://acme.freshdesk.test", "key", transport=transport, clock=clock) as client:
        yield client


def saying(*answers):
    """A client whose Freshdesk gives these answers, one after the other."""
    left = list(answers)
    return Freshdesk(
        "http://acme.freshdesk.test", "key", transport=httpx.MockTransport(lambda request: left.pop(0) if len(left) > 1 else left[0])
    )


def test_me_is_the_agent_of_the_key(freshdesk):
    assert (freshdesk.me().name, freshdesk.me().email) == ("Hubdesk integration", "integration@desk.example")


def test_a_wrong_key_is_rejected_with_401(simulator):
    with (
        Freshdesk("http://acme.freshdesk.test", "wrong", transport=SimulatorTransport(simulator)) as client,
        pytest.raises(Rejected) as refusal,
    ):
        client.me()
    assert refusal.value.status == 401


def test_a_created_ticket_has_no_due_time_yet_and_gets_one(freshdesk, simulator):
    created = freshdesk.create_ticket(ASK)
    assert (created.subject, created.description, created.status, created.due_by, created.has("due_by")) == (
        "Kernel dies",
        "<p>At noon</p>",
        2,
        None,
        True,
    )
    simulator.account.clock.advance(5)
    viewed = freshdesk.ticket(created.id)
    assert viewed.due_by is not None
    assert viewed.updated_at > created.updated_at


def test_a_listed_ticket_keeps_unknown_keys_and_has_no_description(freshdesk):
    freshdesk.create_ticket(ASK)
    [listed] = freshdesk.tickets(updated_since=LONG_AGO).items
    assert not listed.has("description")
    assert listed.raw["associated_tickets_count"] is None


def test_a_refused_field_is_named(freshdesk):
    with pytest.raises(Rejected) as refusal:
        freshdesk.create_ticket(NewTicket(subject="x", description="y", email="a@b.example", tags=("t" * 40,)))
    assert (refusal.value.status, refusal.value.errors[0]["field"]) == (400, "tags")
    assert "tags" in str(refusal.value)


def test_a_lost_answer_to_a_creation_is_unknown_and_not_repeated(freshdesk, simulator):
    simulator.faults.arm("drop", method="POST", path="tickets")
    with pytest.raises(Unavailable) as outage:
        freshdesk.create_ticket(ASK)
    assert outage.value.outcome_unknown
    assert len(simulator.store.tickets.find()) == 1


@pytest.mark.parametrize("kind", ["error", "html"])
def test_a_5xx_to_a_creation_is_unknown_and_not_repeated(freshdesk, simulator, kind):
    simulator.faults.arm(kind, times=0)
    with pytest.raises(Unavailable) as outage:
        freshdesk.create_ticket(ASK)
    assert outage.value.outcome_unknown
    assert simulator.budget.used == 1


def test_reading_is_tried_again_until_it_works(freshdesk, simulator):
    simulator.faults.arm("error")
    simulator.faults.arm("drop")
    assert freshdesk.me().name == "Hubdesk integration"


def test_a_short_retry_after_is_waited_for_and_a_long_one_handed_on(freshdesk, simulator):
    simulator.faults.arm("throttle", seconds=1)
    assert freshdesk.me().name
    simulator.faults.arm("throttle", seconds=40, times=0)
    with pytest.raises(Unavailable) as outage:
        freshdesk.me()
    assert (outage.value.retry_after, outage.value.outcome_unknown) == (40, False)


def test_a_throttled_creation_is_known_not_to_have_happened(freshdesk, simulator):
    simulator.faults.arm("throttle", seconds=9)
    with pytest.raises(Unavailable) as outage:
        freshdesk.create_ticket(ASK)
    assert (outage.value.outcome_unknown, outage.value.retry_after) == (False, 9)


def test_a_timeout_of_a_change_is_unknown(freshdesk, simulator):
    ticket = freshdesk.create_ticket(ASK)
    simulator.faults.arm("slow", seconds=30, path=f"tickets/{ticket.id}/reply")
    with pytest.raises(Unavailable) as outage:
        freshdesk.reply(ticket.id, body="<p>Hello</p>")
    assert outage.value.outcome_unknown
    assert len(freshdesk.conversations(ticket.id)) == 1


def test_nobody_at_the_address_means_nothing_happened():
    def refuse(request):
        raise httpx.ConnectError("refused", request=request)

    with (
        Freshdesk("http://acme.freshdesk.test", "key", transport=httpx.MockTransport(refuse)) as client,
        pytest.raises(Unavailable) as outage,
    ):
        client.create_ticket(ASK)
    assert not outage.value.outcome_unknown


@pytest.mark.parametrize("answer", [httpx.Response(404), httpx.Response(404, html="<h1>no</h1>"), httpx.Response(404, json=["odd"])])
def test_a_404_of_any_body_is_rejected(answer):
    with saying(answer) as client, pytest.raises(Rejected) as refusal:
        client.ticket(7)
    assert (refusal.value.status, refusal.value.errors) == (404, [])


def test_a_redirect_is_not_followed():
    with saying(httpx.Response(302, headers={"location": "https://evil.example/"})) as client, pytest.raises(Rejected) as refusal:
        client.me()
    assert refusal.value.status == 302


def test_a_success_that_is_not_json_is_an_outage():
    with saying(httpx.Response(200, html="<h1>Maintenance</h1>")) as client, pytest.raises(Unavailable):
        client.me()


@pytest.mark.parametrize(
    ("headers", "used"),
    [
        ({}, 1.0),
        ({"X-RateLimit-Used-CurrentRequest": "3"}, 3.0),
        ({"x-ratelimit-used-currentrequest": "2.0"}, 2.0),
        ({"x-ratelimit-used-currentrequest": "?"}, 1.0),
    ],
)
def test_credits_are_counted_whatever_the_headers_look_like(headers, used):
    with saying(httpx.Response(200, json={"id": 1}, headers=headers)) as client:
        client.me()
    assert client.credits_used == used


def test_a_retry_after_may_be_a_date():
    answer = httpx.Response(429, headers={"date": "Sun, 22 Nov 2026 10:00:00 GMT", "retry-after": "Sun, 22 Nov 2026 10:00:45 GMT"})
    with saying(answer) as client, pytest.raises(Unavailable) as outage:
        client.me()
    assert outage.value.retry_after == 45


def test_conversations_come_to_the_last_page(freshdesk, simulator):
    ticket = freshdesk.create_ticket(ASK)
    for number in range(105):
        simulator.agent_does(ticket.id, "note", body=f"Note {number}")
    bodies = [row.body_text for row in freshdesk.conversations(ticket.id)]
    assert bodies == [f"Note {number}" for number in range(105)]


def test_a_members_post_is_a_public_incoming_note_of_that_contact(freshdesk):
    ticket = freshdesk.create_ticket(ASK)
    note = freshdesk.note(ticket.id, NewNote(body="<p>Still broken</p>", private=False, incoming=True, user_id=ticket.requester_id))
    assert (note.incoming, note.private, note.user_id) == (True, False, ticket.requester_id)


def test_a_note_is_private_unless_said_otherwise(freshdesk):
    assert freshdesk.note(freshdesk.create_ticket(ASK).id, NewNote(body="among us")).private


def test_speaking_for_another_agent_is_rejected(freshdesk, simulator):
    ticket = freshdesk.create_ticket(ASK)
    with pytest.raises(Rejected) as refusal:
        freshdesk.note(ticket.id, NewNote(body="x", user_id=simulator.account.human["id"]))
    assert refusal.value.status == 403


def test_a_contact_that_exists_is_adopted(freshdesk):
    first = freshdesk.create_contact(ContactFacts(name="Lena", email="lena@uni.example"))
    second = freshdesk.create_contact(ContactFacts(name="Lena M.", email="Lena@Uni.example"))
    assert (second.id, second.name) == (first.id, "Lena")


def test_a_contact_is_found_in_any_case_and_changed(freshdesk):
    made = freshdesk.create_contact(ContactFacts(name="Lena", email="lena@uni.example"))
    assert freshdesk.find_contact("LENA@uni.example").id == made.id
    assert freshdesk.find_contact("nobody@uni.example") is None
    assert freshdesk.update_contact(made.id, ContactFacts(name="Lena Meyer")).name == "Lena Meyer"


def test_a_company_that_exists_is_adopted(freshdesk):
    first = freshdesk.create_company(CompanyFacts(name="Ocean Lab"))
    assert freshdesk.create_company(CompanyFacts(name="ocean lab")).id == first.id
    assert [company.name for company in freshdesk.companies().items] == ["Ocean Lab"]


def test_a_change_to_a_deleted_ticket_is_405(freshdesk, simulator):
    ticket = freshdesk.create_ticket(ASK)
    simulator.agent_does(ticket.id, "delete")
    with pytest.raises(Rejected) as refusal:
        freshdesk.update_ticket(ticket.id, TicketChanges(status=4))
    assert refusal.value.status == 405
    assert freshdesk.ticket(ticket.id).deleted
    assert [row.id for row in freshdesk.tickets(updated_since=LONG_AGO, filter_name="deleted").items] == [ticket.id]
    assert freshdesk.tickets(updated_since=LONG_AGO).items == ()


def test_only_what_is_said_changes(freshdesk):
    ticket = freshdesk.create_ticket(ASK)
    changed = freshdesk.update_ticket(ticket.id, TicketChanges(status=3))
    assert (changed.status, changed.priority, changed.subject) == (3, 1, "Kernel dies")


def test_choices_of_every_shape_become_options(freshdesk):
    options = {field.name: field.options() for field in freshdesk.ticket_fields()}
    assert options["status"]["6"] == "Waiting on Customer"
    assert options["priority"]["4"] == "Urgent"
    assert options["ticket_type"]["Incident"] == "Incident"
    assert options["subject"] == {}
