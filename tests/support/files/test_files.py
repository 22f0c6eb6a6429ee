"""Files with letters: which are taken, what is said when they are not, and who may have them."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from communities.roles import Role, StaffGroup
from support import files, replies, tickets
from support.files.contents import Refused
from support.models import Attachment, Message, Ticket
from tests.factories import CommunityFactory, acting, member, staff
from tests.support.factories import AttachmentFactory, MessageFactory, TicketFactory
from tests.support.files.test_contents import EXE, PNG

pytestmark = pytest.mark.django_db
MEGABYTE = 1024 * 1024


@pytest.fixture
def community():
    return CommunityFactory(slug="coastal", name="Coastal")


@pytest.fixture
def ana(community):
    return member(community, Role.REPRESENTATIVE, name="Ana", email="ana@example.org")


@pytest.fixture
def sam():
    return staff(StaffGroup.SUPPORT_AGENT, name="Sam")


@pytest.fixture
def portal(ana):
    return browser_of(ana)


@pytest.fixture
def desk(sam):
    return browser_of(sam)


def browser_of(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def upload(name="server.log", content=b"It failed\n"):
    return SimpleUploadedFile(name, content)


def zeroes(size, name="data.zip"):
    return upload(name, b"PK\x03\x04".ljust(size, b"\0"))


def address(name, *args):
    return reverse(f"support:{name}", args=args)


def content_of(row):
    with row.file.open("rb") as content:
        return content.read()


def text_of(response):
    return response.content.decode()


# Keeping


def test_a_file_is_kept_with_its_letter_under_a_name_that_tells_nothing(sam):
    ticket = TicketFactory()

    message = replies.reply(ticket, body="Look", by=acting(sam), files=[upload("../../etc/passwd.txt"), upload("shot.png", PNG)])

    ticket.refresh_from_db()
    rows = [(row.name, row.content_type, row.size, row.ticket, row.freshdesk_id) for row in message.files.all()]
    assert rows == [("passwd.txt", "text/plain", 10, ticket, None), ("shot.png", "image/png", len(PNG), ticket, None)]
    assert [content_of(row) for row in message.files.all()] == [b"It failed\n", PNG]
    assert not any("passwd" in row.file.name or "shot" in row.file.name for row in message.files.all())
    assert ticket.file_count == 2


def test_every_way_of_writing_counts_its_files(community, ana, sam):
    ticket = tickets.open_ticket(community, subject="No server", body="Since Monday", by=acting(ana), files=[upload()])
    replies.add_incoming(ticket, body="More", by=acting(ana), files=[upload()])
    replies.note(ticket, body="Hm", by=acting(sam), files=[upload()])
    replies.reply(ticket, body="We look", by=acting(sam))

    ticket.refresh_from_db()
    assert ticket.file_count == 3
    assert [file.message and file.message.kind for file in ticket.files.all()] == [None, "incoming", "note"]


def test_a_refused_file_keeps_the_whole_letter_back(sam):
    ticket = TicketFactory()

    with pytest.raises(Refused):
        replies.reply(ticket, body="Look", by=acting(sam), files=[upload(), upload("setup.png", EXE)])

    ticket.refresh_from_db()
    assert (Message.objects.count(), Attachment.objects.count(), ticket.file_count, ticket.version) == (0, 0, 0, 1)


def test_a_ticket_holds_twenty_megabytes_all_letters_together(sam):
    ticket = TicketFactory(file_count=2)
    AttachmentFactory(ticket=ticket, file="", freshdesk_id=1, size=19 * MEGABYTE)
    AttachmentFactory(ticket=ticket, file="", freshdesk_id=2, size=9 * MEGABYTE, removed_at=timezone.now())

    with pytest.raises(Refused) as refusal:
        replies.reply(ticket, body="Look", by=acting(sam), files=[zeroes(2 * MEGABYTE)])

    assert "this ticket still has room for 1.0" in str(refusal.value).replace("\xa0", " ")
    assert replies.reply(ticket, body="Look", by=acting(sam), files=[zeroes(MEGABYTE)]).files.count() == 1


@pytest.mark.parametrize(
    ("uploads", "words"),
    [
        ([upload("empty.txt", b"")], "“empty.txt” is empty"),
        ([zeroes(21 * MEGABYTE)], "“data.zip” is 21.0 MB; a ticket holds at most 20.0 MB"),
        ([zeroes(11 * MEGABYTE), zeroes(11 * MEGABYTE)], "These files are 22.0 MB together"),
        ([upload(f"{number}.txt") for number in range(11)], "You chose 11 files; one message carries at most 10"),
        ([upload("setup.png", EXE)], "“setup.png” is not what the end of its name says"),
        ([upload("setup.exe", EXE)], "“setup.exe” is a kind of file we do not take"),
        ([upload("logo.svg", b"<svg/>")], "“logo.svg” is a kind of file we do not take"),
    ],
    ids=["empty", "large", "large-together", "eleven", "contradiction", "executable", "svg"],
)
def test_what_is_not_taken_is_said_beside_the_field_and_no_word_is_lost(portal, community, uploads, words):
    typed = {"subject": "No server", "body": "It fails since Monday", "attachments": uploads}
    page = text_of(response := portal.post(address("new_ticket", "coastal"), typed)).replace("\xa0", " ")

    assert (response.status_code, Ticket.objects.count(), Attachment.objects.count()) == (422, 0, 0)
    assert all(
        each in page for each in ("It fails since Monday", "No server", words, "a browser keeps no files", 'id="id_attachments_error"')
    )


def test_a_zip_is_never_unpacked(portal, community):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.txt", b"\0" * 60 * MEGABYTE)
    typed = {"subject": "No server", "body": "See within", "attachments": [upload("bomb.zip", packed.getvalue())]}

    portal.post(address("new_ticket", "coastal"), typed)

    (kept,) = Attachment.objects.all()
    assert (kept.name, kept.size) == ("bomb.zip", len(packed.getvalue()))


def test_two_files_cannot_write_over_each_other(sam):
    message = replies.reply(TicketFactory(), body="Look", by=acting(sam), files=[upload("a.txt", b"one"), upload("a.txt", b"two")])

    assert [content_of(row) for row in message.files.all()] == [b"one", b"two"]


def test_only_a_files_beginning_is_read_to_check_it():
    large = zeroes(MEGABYTE)
    files.check(large)
    assert large.tell() == 0


# Writing with files, page by page


def test_a_member_opens_a_ticket_and_answers_with_files(portal, community):
    portal.post(address("new_ticket", "coastal"), {"subject": "No server", "body": "See the log", "attachments": [upload()]})
    ticket = Ticket.objects.get()
    page = portal.post(
        address("answer", "coastal", ticket.reference),
        {"body": "And this", "attachments": [upload("shot.png", PNG), upload()]},
        follow=True,
    )

    links = [address("file", file.key) in text_of(page) for file in ticket.files.all()]
    assert links == [True, True, True]


def test_staff_reply_and_note_with_files(desk, portal, community):
    ticket = TicketFactory(community=community)
    desk.post(
        address("desk_reply", ticket.reference),
        {"reply-body": "Look", "reply-version": 1, "reply-status": "", "reply-attachments": [upload("guide.pdf", b"%PDF-1.7\n")]},
    )
    desk.post(address("desk_note", ticket.reference), {"note-body": "Hm", "note-attachments": [upload("trace.log")]})

    public, internal = Attachment.objects.order_by("pk")
    here, there = (
        text_of(desk.get(address("desk_ticket", ticket.reference))),
        text_of(portal.get(address("ticket", "coastal", ticket.reference))),
    )
    assert [address("file", file.key) in here for file in (public, internal)] == [True, True]
    assert [address("file", file.key) in there for file in (public, internal)] == [True, False]
    assert ["trace.log" in here, "trace.log" in there] == [True, False]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("desk_reply", {"reply-body": "Please look", "reply-version": 1, "reply-status": ""}),
        ("desk_note", {"note-body": "Please look"}),
    ],
)
def test_what_only_the_ticket_knows_is_said_at_the_desk_too(desk, name, typed):
    ticket = TicketFactory(file_count=1)
    AttachmentFactory(ticket=ticket, file="", freshdesk_id=1, size=20 * MEGABYTE)

    response = desk.post(address(name, ticket.reference), {**typed, f"{name.removeprefix('desk_')}-attachments": [upload()]})

    assert (response.status_code, Message.objects.count()) == (422, 0)
    assert all(words in text_of(response) for words in ("Please look", "this ticket still has room for", "a browser keeps no files"))


def test_what_only_the_ticket_knows_is_said_to_a_member_too(portal, community):
    ticket = TicketFactory(community=community, file_count=1)
    AttachmentFactory(ticket=ticket, file="", freshdesk_id=1, size=20 * MEGABYTE)

    response = portal.post(address("answer", "coastal", ticket.reference), {"body": "Please look", "attachments": [upload()]})

    assert (response.status_code, Message.objects.count()) == (422, 0)
    assert all(words in text_of(response) for words in ("Please look", "this ticket still has room for", "a browser keeps no files"))


def test_a_reply_that_comes_too_late_asks_for_its_files_again(desk, sam):
    ticket = TicketFactory()
    replies.add_incoming(ticket, body="Never mind", by=acting(sam))

    response = desk.post(
        address("desk_reply", ticket.reference),
        {"reply-body": "Look", "reply-version": 1, "reply-status": "", "reply-attachments": [upload()]},
    )

    assert (response.status_code, Attachment.objects.count(), "a browser keeps no files" in text_of(response)) == (409, 0, True)


def test_far_too_much_is_turned_away_with_a_page_before_it_is_read(portal, community, settings):
    settings.LARGEST_UPLOAD = MEGABYTE
    response = portal.post(
        address("new_ticket", "coastal"), {"subject": "No server", "body": "Look", "attachments": [zeroes(2 * MEGABYTE)]}
    )

    assert (response.status_code, "That is too large to send at once" in text_of(response)) == (413, True)


def test_more_files_than_a_form_may_hold_get_the_page(portal, community, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 20
    response = portal.post(
        address("new_ticket", "coastal"), {"subject": "No", "body": "Look", "attachments": [upload() for _ in range(21)]}
    )

    assert (response.status_code, "That is too large to send at once" in text_of(response)) == (413, True)


# Having them


def read_out(response):
    """To its end, where the file behind it closes; closed by hand, the client would close the database's connection too."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def statuses(client, addresses):
    """What each address answers; what was opened is closed."""
    found = []
    for each in addresses:
        response = client.get(each)
        read_out(response)
        found.append(response.status_code)
    return found


def test_a_file_is_handed_out_to_be_saved_and_to_run_nothing(portal, community):
    file = AttachmentFactory(ticket__community=community, name="año.log")

    response = portal.get(address("file", file.key))

    assert read_out(response) == b"It failed.\n"
    assert {name: response.headers[name] for name in response.headers if name in HEADERS} == {
        "Content-Type": "text/plain",
        "Content-Disposition": "attachment; filename*=utf-8''a%C3%B1o.log",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-cache",
        "ETag": f'"{file.key}"',
    }


HEADERS = {"Content-Type", "Content-Disposition", "X-Content-Type-Options", "Content-Security-Policy", "Cache-Control", "ETag"}


@pytest.mark.parametrize(
    ("content_type", "served", "shown"),
    [
        ("image/png", "image/png", "inline"),
        ("image/webp", "image/webp", "inline"),
        ("application/pdf", "application/pdf", "attachment"),
        ("image/svg+xml", "application/octet-stream", "attachment"),
        ("text/html", "application/octet-stream", "attachment"),
        ("", "application/octet-stream", "attachment"),
    ],
)
def test_only_plain_pictures_open_in_the_browser(portal, community, content_type, served, shown):
    file = AttachmentFactory(ticket__community=community, content_type=content_type, name="it")

    response = portal.get(address("file", file.key))

    assert (response.headers["Content-Type"], response.headers["Content-Disposition"].split(";")[0]) == (served, shown)
    read_out(response)


def test_a_file_that_was_read_before_is_asked_for_and_not_sent_again(portal, community, ana):
    file = AttachmentFactory(ticket__community=community)
    etag = f'"{file.key}"'

    again = portal.get(address("file", file.key), headers={"if-none-match": etag})
    community.memberships.filter(user=ana).delete()
    gone = portal.get(address("file", file.key), headers={"if-none-match": etag})

    assert (again.status_code, again.content, gone.status_code) == (304, b"", 404)


def test_nobody_has_a_file_of_a_letter_they_may_not_read(portal, desk, community):
    theirs = AttachmentFactory(ticket__community=CommunityFactory())
    note = MessageFactory(ticket__community=community, kind="note")
    internal = AttachmentFactory(ticket=note.ticket, message=note)
    pages = [address("file", file.key) for file in (theirs, internal)]

    assert [statuses(client, pages) for client in (portal, desk, Client())] == [[404, 404], [200, 200], [302, 302]]


def test_what_was_deleted_in_freshdesk_is_handed_out_no_more(portal, desk, community):
    now = timezone.now()
    removed = MessageFactory(ticket__community=community, removed_at=now)
    rows = [AttachmentFactory(ticket__community=community, removed_at=now), AttachmentFactory(ticket=removed.ticket, message=removed)]

    assert [statuses(client, [address("file", file.key) for file in rows]) for client in (portal, desk)] == [[404, 404]] * 2


# Still in Freshdesk


@pytest.fixture
def _connected(settings):
    settings.FRESHDESK_URL, settings.FRESHDESK_API_KEY = "http://acme.freshdesk.test", "key"


@pytest.mark.usefixtures("_connected")
def test_a_file_still_in_freshdesk_is_made_due_once_and_the_page_looks_again(portal, community):
    file = AttachmentFactory(ticket__community=community, file="", freshdesk_id=7, name="shot.png")

    first = portal.get(address("file", file.key))
    file.refresh_from_db()
    due = file.next_attempt_at
    Attachment.objects.update(last_error="Freshdesk answered 503", attempts=2)
    second = portal.get(address("file", file.key))
    file.refresh_from_db()

    assert (first.status_code, second.status_code, file.next_attempt_at, file.attempts) == (202, 202, due, 2)
    assert due is not None
    assert 'http-equiv="refresh"' in text_of(first)
    assert "We keep trying" in text_of(second)
    assert address("ticket", "coastal", file.ticket.reference) in text_of(first)


@pytest.mark.usefixtures("_connected")
def test_the_open_page_is_told_when_the_file_is_here_or_will_not_come(portal, community):
    file = AttachmentFactory(ticket__community=community, file="", freshdesk_id=7)
    asks = {"headers": {"HX-Request": "true"}}

    waiting = portal.get(address("file", file.key), **asks)
    Attachment.objects.update(next_attempt_at=None, last_error="The file's host answered 403")
    refused = portal.get(address("file", file.key), **asks)
    Attachment.objects.update(last_error="", file=AttachmentFactory().file.name)
    here = portal.get(address("file", file.key), **asks)

    assert [response.status_code for response in (waiting, refused, here)] == [200, 200, 200]
    assert ["hx-get" in text_of(response) for response in (waiting, refused, here)] == [True, False, False]
    assert ["answered 403" in text_of(refused), "Open the file" in text_of(here), "<html" in text_of(here)] == [True, True, False]


@pytest.mark.usefixtures("_connected")
def test_a_file_that_was_refused_says_so_and_is_not_tried_again(desk):
    file = AttachmentFactory(file="", freshdesk_id=7, last_error="“setup.exe” is a kind of file we do not take.")

    response = desk.get(address("file", file.key))

    file.refresh_from_db()
    assert (response.status_code, file.next_attempt_at, 'http-equiv="refresh"' in text_of(response)) == (404, None, False)
    assert "setup.exe” is a kind of file we do not take" in text_of(response)


def test_a_file_in_a_freshdesk_that_is_not_connected_does_not_wait(desk):
    file = AttachmentFactory(file="", freshdesk_id=7)

    response = desk.get(address("file", file.key))

    file.refresh_from_db()
    assert (response.status_code, file.next_attempt_at, "not connected" in text_of(response)) == (404, None, True)


# Over the API


@pytest.fixture
def program(ana):
    client = APIClient()
    client.force_login(ana, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_message_over_the_api_says_where_its_files_are(program, community, settings):
    message = MessageFactory(ticket__community=community)
    file = AttachmentFactory(ticket=message.ticket, message=message)
    AttachmentFactory(ticket=message.ticket, message=message, removed_at=timezone.now())

    (row,) = program.get(f"/api/v1/tickets/{message.ticket_id}/messages/").json()["results"]

    (shown,) = row["attachments"]
    path = f"/api/v1/tickets/{message.ticket_id}/attachments/{file.key}/"
    assert shown == {"key": str(file.key), "name": "server.log", "content_type": "text/plain", "size": 11, "url": settings.SITE_URL + path}
    assert read_out(program.get(path)) == b"It failed.\n"


def test_a_notes_file_and_another_tickets_are_not_there(program, community):
    note = MessageFactory(ticket__community=community, kind="note")
    internal = AttachmentFactory(ticket=note.ticket, message=note)
    elsewhere = AttachmentFactory(ticket__community=community)
    asked = [(note.ticket_id, internal.key), (note.ticket_id, elsewhere.key), (elsewhere.ticket_id, elsewhere.key)]

    assert statuses(program, [f"/api/v1/tickets/{pk}/attachments/{key}/" for pk, key in asked]) == [404, 404, 200]


@pytest.mark.usefixtures("_connected")
def test_a_program_is_told_to_ask_again(program, community):
    file = AttachmentFactory(ticket__community=community, file="", freshdesk_id=7)
    path = f"/api/v1/tickets/{file.ticket_id}/attachments/{file.key}/"

    waiting = program.get(path)
    Attachment.objects.update(next_attempt_at=None, last_error="too large")
    refused = program.get(path)

    assert (waiting.status_code, waiting.json(), waiting.headers["Retry-After"]) == (202, {"state": "fetching"}, "3")
    assert (refused.status_code, refused.json()["detail"]) == (404, "The file could not be fetched from Freshdesk.")
    assert program.post(path).status_code == 405
