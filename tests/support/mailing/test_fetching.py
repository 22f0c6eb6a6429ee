"""A mailbox is emptied once, whatever breaks on the way, and its password is told to nobody but its server."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.utils import timezone

from config.celery import app
from ground.errors import Rejected, Unavailable
from support.mailing import mailbox as mailboxes
from support.mailing.fetching import fetch
from support.mailing.mailbox import Address, address_of
from support.mailing.tasks import fetch_mail
from support.models import IncomingMail, SyncCursor, Ticket
from tests.support.mailing.imap_server import Mailbox, serving
from tests.support.mailing.letters import eml, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def box(settings):
    with serving(Mailbox()) as box:
        settings.INBOUND_EMAIL_URL = f"imap://{quote(box.user)}:{quote(box.password, safe='')}@127.0.0.1:{box.port}/INBOX"
        yield box


def counted(**outcomes):
    return {"opened": 0, "answered": 0, "bounced": 0, "ignored": 0, "refused": 0, **outcomes}


def numbered(number):
    return written(Message_ID=f"<{number}@coastal.example>", Subject=f"Mail {number}")


def test_unseen_mails_are_taken_in_oldest_first_and_marked(box):
    box.receive(numbered(1), numbered(2), eml("mailing_list"))
    box.flags[102].add("\\Seen")

    assert fetch() == counted(opened=1, ignored=1)

    assert (list(Ticket.objects.values_list("subject", flat=True)), box.unseen()) == (["Mail 1"], [])
    assert box.commands == ["CAPABILITY", "LOGIN", "SELECT", "SEARCH", *["FETCH", "FETCH", "STORE"] * 2, "LOGOUT"]
    assert SyncCursor.objects.get(name="mailbox").leased_until is None


def test_a_second_look_finds_nothing(box):
    box.receive(numbered(1))
    fetch()
    assert fetch() == counted()


def test_a_connection_that_breaks_within_a_mail_keeps_what_came_and_goes_on_with_the_rest(box):
    box.receive(numbered(1), numbered(2), numbered(3))
    box.breaks_at_uid = 102

    with pytest.raises(Unavailable):
        fetch()
    assert (list(Ticket.objects.values_list("subject", flat=True)), box.unseen()) == (["Mail 1"], [102, 103])

    box.breaks_at_uid = 0
    assert fetch() == counted(opened=2)
    assert (sorted(Ticket.objects.values_list("subject", flat=True)), box.unseen()) == (["Mail 1", "Mail 2", "Mail 3"], [])


def test_a_mail_that_was_taken_in_but_not_marked_is_not_taken_in_twice(box):
    box.receive(numbered(1))
    box.breaks_before_marking = True
    with pytest.raises(Unavailable):
        fetch()

    box.breaks_before_marking = False
    assert fetch() == counted(ignored=1)
    assert (Ticket.objects.count(), IncomingMail.objects.count(), box.unseen()) == (1, 1, [])


def test_what_is_refused_is_flagged_for_a_person_to_look_at(box):
    box.receive(eml("deep_multipart"))
    assert fetch() == counted(refused=1)
    assert box.flags[101] == {"\\Seen", "\\Flagged"}


def test_a_mail_that_is_too_large_is_never_fetched(box):
    box.receive(numbered(1))
    box.claimed_size = 26 * 1024 * 1024
    assert fetch() == counted(refused=1)
    assert (IncomingMail.objects.get().reason, Ticket.objects.count(), box.flags[101]) == (
        "it is larger than 25 MB",
        0,
        {"\\Seen", "\\Flagged"},
    )


def test_two_do_not_fetch_at_once_and_a_dead_one_does_not_hold_the_mailbox_for_ever(box):
    box.receive(numbered(1))
    lease = SyncCursor.objects.create(name="mailbox", leased_until=timezone.now() + timedelta(minutes=1))
    assert (fetch(), box.commands) == (counted(), [])

    lease.leased_until = timezone.now() - timedelta(seconds=1)
    lease.save()
    assert fetch() == counted(opened=1)


@pytest.mark.parametrize("wrong", ["password", "folder"])
def test_a_refusal_is_told_in_our_words_without_the_password(box, settings, wrong):
    secret, box.password, box.folder = (
        box.password,
        "another" if wrong == "password" else box.password,
        "X" if wrong == "folder" else "INBOX",
    )
    with pytest.raises(Rejected) as refusal:
        fetch()
    assert secret not in str(refusal.value)
    assert (
        str(refusal.value)
        == {
            "password": "The mailbox's server refuses the user or the password",
            "folder": "The mailbox has no folder INBOX",
        }[wrong]
    )
    assert SyncCursor.objects.get(name="mailbox").leased_until is None


def test_nobody_at_the_address_is_unavailable(settings):
    settings.INBOUND_EMAIL_URL = "imap://a:b@127.0.0.1:1/INBOX"
    with pytest.raises(Unavailable, match="went away"):
        fetch()


def test_a_password_is_not_sent_in_the_clear_to_a_host_that_is_not_plainly_this_machine(box, settings):
    settings.INBOUND_EMAIL_URL = settings.INBOUND_EMAIL_URL.replace("127.0.0.1", "127.1")
    with pytest.raises(Rejected, match="offers no encryption"):
        fetch()
    assert box.commands == ["CAPABILITY"]


def test_freshdesk_takes_the_mail_when_it_is_connected(box, settings):
    box.receive(numbered(1))
    settings.FRESHDESK_URL, settings.FRESHDESK_API_KEY = "http://acme.freshdesk.test", "key"
    fetch_mail()
    with pytest.raises(Rejected, match="Freshdesk is connected"):
        fetch()
    assert (box.commands, Ticket.objects.count()) == ([], 0)


def test_the_task_takes_in_what_is_there_and_does_nothing_without_a_mailbox(box, settings):
    box.receive(numbered(1))
    fetch_mail()
    assert Ticket.objects.count() == 1

    settings.INBOUND_EMAIL_URL = ""
    fetch_mail()
    assert box.commands.count("LOGIN") == 1


def test_the_task_tells_what_is_wrong_without_the_password(box, caplog):
    box.folder = "X"
    fetch_mail()
    assert caplog.messages == ["The mailbox was not read: The mailbox has no folder INBOX"]


def test_the_worker_knows_the_task():
    app.loader.import_default_modules()
    assert fetch_mail.name in app.tasks


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("imaps://a%40b.example:p%2Fw@mail.example/INBOX", Address("mail.example", 993, "a@b.example", "p/w", "INBOX", True)),
        ("imaps://a:b@mail.example:9993/Support/New", Address("mail.example", 9993, "a", "b", "Support/New", True)),
        ("imap://a:b@127.0.0.1", Address("127.0.0.1", 143, "a", "b", "INBOX", False)),
    ],
)
def test_an_address_is_read_from_its_url(url, address):
    assert address_of(url) == address
    assert address.password not in repr(address).replace("is_encrypted", "")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "imaps://mail.example/INBOX",
        "https://a:s3cret@mail.example/",
        "imaps://a:s3cret@mail.example:x/",
        "imaps://a:s3cr%C3%A9t@m.example/",
        "imaps://a:s3cret%0d%0a@m.example/",
    ],
)
def test_a_wrong_url_is_refused_without_repeating_it(url):
    with pytest.raises(Rejected) as refusal:
        address_of(url)
    assert str(refusal.value) == mailboxes.WRONG_ADDRESS
