"""What is sent: what is not said stays out."""

from support.freshdesk.drafts import UNSAID, ContactFacts, NewTicket, TicketChanges


def test_what_is_not_said_stays_out_of_the_request():
    assert NewTicket(subject="s", description="d", email="a@b.example", tags=("ext-1",)).payload() == {
        "subject": "s",
        "description": "d",
        "email": "a@b.example",
        "status": 2,
        "priority": 1,
        "source": 2,
        "tags": ["ext-1"],
    }


def test_a_ticket_may_have_a_type_a_group_and_a_responder_from_the_start():
    said = NewTicket(subject="s", description="d", requester_id=1, type="Incident", group_id=2, responder_id=3).payload()
    assert (said["type"], said["group_id"], said["responder_id"]) == ("Incident", 2, 3)


def test_changes_say_null_and_leave_out_what_is_unsaid():
    assert TicketChanges().payload() == {}
    assert TicketChanges(status=4, group_id=None, tags=()).payload() == {"status": 4, "group_id": None, "tags": []}
    assert TicketChanges(responder_id=UNSAID).payload() == {}


def test_changes_are_made_of_what_is_left_to_say():
    left = {"status": 4, "responder_id": None, "type": "Incident", "tags": ("a",), "kind": "ours alone"}
    assert TicketChanges.said(left) == TicketChanges(status=4, responder_id=None, type="Incident", tags=("a",))


def test_a_contacts_facts_never_say_null():
    assert ContactFacts(name="Lena", company_id=None).payload() == {"name": "Lena"}
