"""Requests with files: forms as Freshdesk reads them."""

import io
from email import message_from_bytes

import httpx
import pytest

from support.freshdesk.drafts import ContactFacts, NewNote, NewTicket, TicketChanges
from support.freshdesk.multipart import File
from tests.support.freshdesk.answering import Saying, client

LOG = File("kernel.log", b"died\n", "text/plain")


def parts(request):
    """What a form held: name → (file name, type, octets), in order."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    form = message_from_bytes(head + request.content)
    return [
        (
            part.get_param("name", header="content-disposition"),
            part.get_filename(),
            part.get_content_type() if part.get_filename() else None,
            part.get_payload(decode=True),
        )
        for part in form.get_payload()
    ]


def sent(ask):
    said = Saying(httpx.Response(201, json={"id": 7}))
    with client(said) as freshdesk:
        ask(freshdesk)
    [request] = said.asked
    return request


def test_a_ticket_with_files_is_a_form():
    draft = NewTicket(
        subject="Kernel dies",
        description="<p>At noon</p>",
        requester_id=5,
        tags=("ext-1", "gpu"),
        custom_fields={"cf_hub": "leap", "cf_nodes": 3, "cf_urgent": True, "cf_none": None},
    )
    request = sent(lambda freshdesk: freshdesk.create_ticket(draft, files=[LOG, File("b.png", b"\x89PNG", "image/png")]))
    assert parts(request) == [
        ("subject", None, None, b"Kernel dies"),
        ("description", None, None, b"<p>At noon</p>"),
        ("requester_id", None, None, b"5"),
        ("status", None, None, b"2"),
        ("priority", None, None, b"1"),
        ("source", None, None, b"2"),
        ("tags[]", None, None, b"ext-1"),
        ("tags[]", None, None, b"gpu"),
        ("custom_fields[cf_hub]", None, None, b"leap"),
        ("custom_fields[cf_nodes]", None, None, b"3"),
        ("custom_fields[cf_urgent]", None, None, b"true"),
        ("custom_fields[cf_none]", None, None, b""),
        ("attachments[]", "kernel.log", "text/plain", b"died\n"),
        ("attachments[]", "b.png", "image/png", b"\x89PNG"),
    ]


@pytest.mark.parametrize(
    ("ask", "method", "path", "fields"),
    [
        (lambda freshdesk: freshdesk.reply(7, body="<p>Hi</p>", files=[LOG]), "POST", "tickets/7/reply", [("body", b"<p>Hi</p>")]),
        (
            lambda freshdesk: freshdesk.note(7, NewNote(body="x", private=False, incoming=True, user_id=5), files=[LOG]),
            "POST",
            "tickets/7/notes",
            [("body", b"x"), ("private", b"false"), ("incoming", b"true"), ("user_id", b"5")],
        ),
        (lambda freshdesk: freshdesk.update_ticket(7, TicketChanges(status=4), files=[LOG]), "PUT", "tickets/7", [("status", b"4")]),
        (lambda freshdesk: freshdesk.create_contact(ContactFacts(name="Lena"), files=[LOG]), "POST", "contacts", [("name", b"Lena")]),
        (lambda freshdesk: freshdesk.update_contact(9, ContactFacts(name="Lena"), files=[LOG]), "PUT", "contacts/9", [("name", b"Lena")]),
    ],
)
def test_everything_that_takes_files_sends_a_form(ask, method, path, fields):
    request = sent(ask)
    assert (request.method, request.url.path) == (method, f"/api/v2/{path}")
    assert [(name, octets) for name, _, _, octets in parts(request)] == [*fields, ("attachments[]", b"died\n")]


def test_without_files_it_is_json():
    request = sent(lambda freshdesk: freshdesk.note(7, NewNote(body="x")))
    assert (request.headers["content-type"], request.content) == ("application/json", b'{"body":"x","private":true}')


def test_an_open_file_is_read_while_it_is_sent():
    request = sent(lambda freshdesk: freshdesk.reply(7, body="x", files=[File("a.bin", io.BytesIO(b"\x00\x01"))]))
    assert parts(request)[-1] == ("attachments[]", "a.bin", "application/octet-stream", b"\x00\x01")


def test_files_are_given_two_minutes_and_a_word_half_of_one():
    with_files = sent(lambda freshdesk: freshdesk.reply(7, body="x", files=[LOG]))
    without = sent(lambda freshdesk: freshdesk.reply(7, body="x"))
    assert [request.extensions["timeout"]["read"] for request in (with_files, without)] == [120, 30]
    assert with_files.extensions["timeout"]["connect"] == 5
