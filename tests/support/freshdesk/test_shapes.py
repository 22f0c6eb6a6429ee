"""Shapes read what comes, whole or odd."""

from datetime import UTC, datetime

import pytest

from support.freshdesk.drafts import NewTicket
from support.freshdesk.shapes import Attachment, Conversation, Ticket, moment


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-08-19T23:48:41Z", datetime(2026, 8, 19, 23, 48, 41, tzinfo=UTC)),
        ("2015-08-24T11:59:05+05:30", datetime(2015, 8, 24, 6, 29, 5, tzinfo=UTC)),
        ("2026-08-19", datetime(2026, 8, 19, tzinfo=UTC)),
        ("soon", None),
    ],
)
def test_moments(text, value):
    assert moment(text) == value


def test_null_and_absent_are_the_default_and_raw_tells_them_apart():
    ticket = Ticket.read({"id": 1, "tags": None, "type": None, "status": 9000, "new_thing": {"a": 1}})
    assert (ticket.tags, ticket.type, ticket.status, ticket.subject) == ((), "", 9000, "")
    assert (ticket.has("type"), ticket.has("subject"), ticket.raw["new_thing"]) == (True, False, {"a": 1})


def test_nested_shapes_are_read_with_their_unknown_keys():
    ticket = Ticket.read({"conversations": [{"id": 2, "odd": 1}], "requester": {"id": 3, "email": "a@b.example"}, "stats": None})
    assert ticket.conversations[0].raw == {"id": 2, "odd": 1}
    assert ticket.requester.email == "a@b.example"
    assert ticket.stats is None


def test_an_edit_counts_as_a_change():
    row = Conversation.read(
        {"created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z", "last_edited_at": "2026-01-02T00:00:00Z"}
    )
    assert row.changed_at == datetime(2026, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize("key", ["size", "file_size"])
def test_an_attachments_size_has_two_names(key):
    assert Attachment.read({key: 12}).octets == 12


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
