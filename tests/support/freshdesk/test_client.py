"""The client against a simulator, and against answers nobody promised."""

from datetime import UTC, datetime

import pytest

from ground.errors import Rejected
from support.freshdesk.drafts import CompanyFacts, ContactFacts, NewNote, NewTicket, TicketChanges

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
ASK = NewTicket(subject="Kernel dies", description="<p>At noon</p>", email="lena@uni.example", name="Lena")


def test_me_is_the_agent_of_the_key(freshdesk):
    assert (freshdesk.me().name, freshdesk.me().email) == ("Hubdesk integration", "integration@desk.example")


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
