"""Files between here and Freshdesk: recognised, fetched from an address that expires, handed over."""

import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from communities.roles import StaffGroup
from ground.sweep import perform_due
from support import replies, sync
from support.freshdesk import Freshdesk
from support.freshdesk.drafts import NewNote
from support.freshdesk.shapes import Attachment as RemoteFile
from support.models import Attachment
from support.sync import carrying
from support.sync.carrying import Adopted, adopt
from support.sync.outcomes import Outcome
from tests.factories import acting, staff
from tests.support.factories import AttachmentFactory, MessageFactory, TicketFactory
from tests.support.files.test_contents import EXE, PNG

pytestmark = pytest.mark.django_db
API, FILES = "http://acme.freshdesk.test", "https://files.test"
NOW = datetime(2026, 3, 3, 14, 0, tzinfo=UTC)


class Account:
    """One Freshdesk with ticket 5: its own files, and 101 conversations of which the last, number 900, carries files too."""

    def __init__(self):
        self.of_ticket, self.of_message = [], []
        self.content = {}
        self.expired = 0
        self.status = 200
        self.asked = []
        self.credentials = {}

    def __call__(self, request):
        self.asked.append(request.url.path)
        if request.url.host == "files.test":
            self.credentials[request.url.path] = request.headers.get("authorization")
            return self._file(request)
        if self.status != 200:
            return httpx.Response(self.status, json={"message": "no"})
        if request.url.path == "/api/v2/tickets/5":
            return httpx.Response(200, json={"id": 5, "attachments": self._shown(self.of_ticket)})
        return self._conversations(int(request.url.params.get("page", 1)))

    def _conversations(self, page):
        if page == 1:
            rows = [{"id": number, "attachments": []} for number in range(800, 900)]
            return httpx.Response(200, json=rows, headers={"link": f'<{API}/api/v2/tickets/5/conversations?page=2>; rel="next"'})
        return httpx.Response(200, json=[{"id": 900, "attachments": self._shown(self.of_message)}])

    def _file(self, request):
        if self.expired:
            self.expired -= 1
            return httpx.Response(403)
        return httpx.Response(200, content=self.content[int(request.url.path.removeprefix("/"))])

    def _shown(self, numbers):
        return [{"id": number, "name": "it", "attachment_url": f"{FILES}/{number}?signed=1"} for number in numbers]


@pytest.fixture
def account():
    return Account()


@pytest.fixture
def freshdesk(account):
    with Freshdesk(API, "key", httpx.MockTransport(account)) as client:
        yield client


@pytest.fixture
def ticket():
    return TicketFactory(freshdesk_id=5)


def awaited(ticket, **fields):
    """A file that somebody wants to open."""
    about = {"file": "", "freshdesk_id": 7, "name": "shot.png", "size": None, "content_type": "", "next_attempt_at": timezone.now()}
    return AttachmentFactory(ticket=ticket, **{**about, **fields})


def fetched(freshdesk, file):
    outcome = carrying.fetch_file(freshdesk, file.pk)
    file.refresh_from_db()
    return outcome


def content_of(file):
    with file.file.open("rb") as content:
        return content.read()


def state_of(file):
    return (file.is_here, file.next_attempt_at is not None, file.last_error)


# Fetching


def test_a_description_s_file_is_fetched_checked_and_kept(account, freshdesk, ticket):
    account.of_ticket, account.content = [6, 7], {7: PNG}
    file = awaited(ticket)

    assert fetched(freshdesk, file) == Outcome.PULLED
    assert (state_of(file), content_of(file)) == ((True, False, ""), PNG)
    assert (file.content_type, file.size, "shot" in file.file.name) == ("image/png", len(PNG), False)
    assert account.credentials == {"/7": None}


def test_a_message_s_file_is_found_on_the_last_page_of_the_conversation(account, freshdesk, ticket):
    account.of_message, account.content = [7], {7: PNG}
    file = awaited(ticket, message=MessageFactory(ticket=ticket, freshdesk_id=900))

    assert fetched(freshdesk, file) == Outcome.PULLED
    assert account.asked == ["/api/v2/tickets/5/conversations"] * 2 + ["/7"]


def test_an_address_that_expired_on_the_way_is_asked_for_once_more(account, freshdesk, ticket):
    account.of_ticket, account.content, account.expired = [7], {7: PNG}, 1
    file = awaited(ticket)

    assert fetched(freshdesk, file) == Outcome.PULLED
    assert (account.asked, content_of(file)) == (["/api/v2/tickets/5", "/7"] * 2, PNG)


def test_an_address_that_is_refused_twice_is_given_up(account, freshdesk, ticket):
    account.of_ticket, account.expired = [7], 2
    file = awaited(ticket)

    assert fetched(freshdesk, file) == Outcome.DEAD
    assert state_of(file) == (False, False, "The file's host answered 403")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (EXE, "“shot.png” is not what the end of its name says"),
        (b"", "“shot.png” is not what the end of its name says"),
        (PNG.ljust(20 * 1024 * 1024 + 1, b"\0"), "The file is larger than 20971520 octets"),
    ],
    ids=["executable", "empty", "large"],
)
def test_what_no_upload_could_be_is_kept_out_with_its_reason(account, freshdesk, ticket, content, reason):
    account.of_ticket, account.content = [7], {7: content}
    file = awaited(ticket)

    assert fetched(freshdesk, file) == Outcome.DEAD
    assert (file.is_here, file.next_attempt_at, file.last_error.startswith(reason)) == (False, None, True)


def test_a_file_that_is_listed_no_more_is_given_up(account, freshdesk, ticket):
    account.of_ticket = [6]
    file = awaited(ticket)

    assert fetched(freshdesk, file) == Outcome.DEAD
    assert state_of(file) == (False, False, "Freshdesk has this file no more")


@pytest.mark.parametrize(
    ("status", "came_to"), [(404, (Outcome.DEAD, False)), (503, (Outcome.WAITING, True)), (401, (Outcome.WAITING, True))]
)
def test_a_ticket_that_is_gone_ends_it_and_a_freshdesk_that_is_away_does_not(account, freshdesk, ticket, status, came_to):
    account.status = status
    file = awaited(ticket)

    outcome = fetched(freshdesk, file)

    assert ((outcome, file.next_attempt_at is not None), file.is_here, file.last_error != "") == (came_to, False, True)


def test_an_outage_however_long_does_not_end_it(account, freshdesk, ticket):
    account.status = 503
    file = awaited(ticket, attempts=40)

    assert fetched(freshdesk, file) == Outcome.WAITING
    assert file.next_attempt_at - timezone.now() < timedelta(minutes=10)


def test_a_file_that_is_not_due_is_left_alone(account, freshdesk, ticket):
    assert carrying.fetch_file(freshdesk, awaited(ticket, next_attempt_at=None).pk) == Outcome.NOTHING
    assert account.asked == []


def test_a_file_that_is_here_already_only_stops_waiting(account, freshdesk, ticket):
    file = AttachmentFactory(ticket=ticket, freshdesk_id=7, next_attempt_at=timezone.now())

    assert fetched(freshdesk, file) == Outcome.PULLED
    assert (state_of(file), account.asked) == ((True, False, ""), [])


def test_two_that_fetch_the_same_keep_one_content(account, freshdesk, ticket, tmp_path):
    account.of_ticket = [7]
    file = awaited(ticket)

    class Twice(dict):
        """While one is downloading, another one has it."""

        def __getitem__(self, number):
            Attachment.objects.filter(pk=file.pk).update(file="attachments/first.png", content_type="image/png", size=3)
            return PNG

    account.content = Twice()
    assert fetched(freshdesk, file) == Outcome.PULLED
    assert (file.file.name, file.size, [each for each in tmp_path.rglob("*") if each.is_file()]) == ("attachments/first.png", 3, [])


def test_the_sweep_fetches_what_waits(account, ticket, settings):
    settings.FRESHDESK_URL, settings.FRESHDESK_API_KEY, settings.FRESHDESK_TRANSPORT = API, "key", httpx.MockTransport(account)
    account.of_ticket, account.content = [7], {7: PNG}
    file = awaited(ticket)

    assert (sync.is_connected(), perform_due()) == (True, 1)
    file.refresh_from_db()
    assert state_of(file) == (True, False, "")


# Recognising


def remote(number, name="shot.png", size=10, **more):
    return RemoteFile.read({"id": number, "name": name, "content_type": "image/png", "size": size, **more})


def ours(**fields):
    """A row of ours, saved nowhere."""
    return AttachmentFactory.build(**{"ticket": None, "file": "attachments/x", "name": "shot.png", "size": 10, **fields})


def theirs(number, **fields):
    return ours(**{"file": "", "freshdesk_id": number, **fields})


def matched(known, listed):
    """What became of the known rows (number, removed), and what is new (number, name, type, size)."""
    ticket = TicketFactory.build(community=None, requester=None)
    adopted = adopt(known, listed, ticket=ticket, message=None, at=NOW)
    assert isinstance(adopted, Adopted)
    assert all((row.ticket, row.message_id, row.pk, row.is_here) == (ticket, None, None, False) for row in adopted.new)
    return {
        "changed": [known.index(row) for row in adopted.changed],
        "removed": [known.index(row) for row in adopted.removed],
        "known": [(row.freshdesk_id, row.removed_at) for row in known],
        "new": [(row.freshdesk_id, row.name, row.content_type, row.size) for row in adopted.new],
    }


def test_what_is_known_by_its_number_is_no_news():
    assert matched([theirs(7)], [remote(7)]) == {"changed": [], "removed": [], "known": [(7, None)], "new": []}


def test_what_nobody_knows_is_new_without_its_expiring_address():
    listed = [remote(7, "../a\u202eb.png", attachment_url="https://files.test/7"), remote(8, size=None, file_size=4)]
    assert matched([], listed) == {
        "changed": [],
        "removed": [],
        "known": [],
        "new": [(7, "ab.png", "image/png", 10), (8, "shot.png", "image/png", 4)],
    }


def test_a_new_file_is_as_old_as_freshdesk_says():
    made = "2026-03-01T10:00:00Z"
    adopted = adopt(
        [], [remote(7, created_at=made), remote(8)], ticket=TicketFactory.build(community=None, requester=None), message=None, at=NOW
    )
    assert [row.created_at for row in adopted.new] == [datetime(2026, 3, 1, 10, tzinfo=UTC), NOW]


@pytest.mark.parametrize("listed", [remote(7, size=11), remote(7, "shot_1_.png")], ids=["by its name", "by its size"])
def test_what_was_sent_takes_its_number(listed):
    assert matched([ours()], [listed]) == {"changed": [0], "removed": [], "known": [(7, None)], "new": []}


def test_names_go_before_sizes_and_one_row_is_one_file():
    known = [ours(name="a.png"), ours(name="b.png"), ours(name="b.png")]
    listed = [remote(1, "b.png"), remote(2, "changed.png"), remote(3, "b.png"), remote(4, "b.png")]
    assert matched(known, listed) == {
        "changed": [1, 0, 2],
        "removed": [],
        "known": [(2, None), (1, None), (3, None)],
        "new": [(4, "b.png", "image/png", 10)],
    }


def test_what_was_sent_and_looks_different_is_not_taken_for_it():
    assert matched([ours()], [remote(7, "else.png", size=11)]) == {
        "changed": [],
        "removed": [],
        "known": [(None, None)],
        "new": [(7, "else.png", "image/png", 11)],
    }


def test_what_is_listed_no_more_was_deleted_there_and_what_was_never_there_stays():
    known = [theirs(7), theirs(8), ours(), theirs(9, removed_at=NOW - timedelta(days=1))]
    assert matched(known, [remote(8)]) == {
        "changed": [],
        "removed": [0],
        "known": [(7, NOW), (8, None), (None, None), (9, NOW - timedelta(days=1))],
        "new": [],
    }


def test_what_is_listed_again_is_back_and_an_unknown_size_is_learnt():
    known = [theirs(7, removed_at=NOW), theirs(8, size=None)]
    assert matched(known, [remote(7), remote(8)]) == {"changed": [0, 1], "removed": [], "known": [(7, None), (8, None)], "new": []}
    assert known[1].size == 10


def test_what_has_no_number_cannot_be_fetched_and_is_left_out():
    assert matched([], [remote(None)])["new"] == []


def test_what_was_matched_can_be_saved_together(ticket, django_assert_num_queries):
    known = [AttachmentFactory(ticket=ticket, name="a.log"), AttachmentFactory(ticket=ticket, file="", freshdesk_id=8, size=3)]
    with django_assert_num_queries(0):
        adopted = adopt(known, [remote(7, "a.log"), remote(9)], ticket=ticket, message=None, at=NOW)
    Attachment.objects.bulk_create(adopted.new)
    Attachment.objects.bulk_update(adopted.to_update, carrying.ADOPTED_FIELDS)

    assert list(Attachment.objects.values_list("name", "freshdesk_id", "removed_at")) == [
        ("a.log", 7, None),
        ("server.log", 8, NOW),
        ("shot.png", 9, None),
    ]


# Handing over


def test_a_message_s_files_go_out_as_parts_of_its_form(ticket):
    uploads = [SimpleUploadedFile("año.log", b"It failed\n"), SimpleUploadedFile("shot.png", PNG)]
    message = replies.note(ticket, body="Look", by=acting(staff(StaffGroup.ENGINEER)), files=uploads)
    AttachmentFactory(ticket=ticket, message=message, freshdesk_id=3)
    AttachmentFactory(ticket=ticket, message=message, file="", freshdesk_id=4)
    AttachmentFactory(ticket=ticket, message=message, removed_at=timezone.now())
    AttachmentFactory(ticket=ticket)
    sent = []

    def take(request):
        sent.append((request.headers["content-type"].split(";")[0], request.read()))
        return httpx.Response(201, content=json.dumps({"id": 900}))

    files = carrying.for_sending(message)
    with Freshdesk(API, "key", httpx.MockTransport(take)) as client:
        client.note(5, NewNote(body="Look"), files=files)
    for file in files:
        file.content.close()

    ((content_type, body),) = sent
    assert [(file.name, file.content_type) for file in files] == [("año.log", "text/plain"), ("shot.png", "image/png")]
    assert (content_type, body.count(b'name="attachments[]"'), b"It failed\n" in body, PNG in body) == (
        "multipart/form-data",
        2,
        True,
        True,
    )


def test_a_ticket_hands_over_the_files_of_its_own_words_alone(ticket):
    AttachmentFactory(ticket=ticket, name="mine.log")
    AttachmentFactory(ticket=ticket, name="theirs.log", message=MessageFactory(ticket=ticket))

    (file,) = carrying.for_sending(ticket)
    file.content.close()
    assert file.name == "mine.log"
