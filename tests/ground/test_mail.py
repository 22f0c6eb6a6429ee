"""Mail leaves through a real server on loopback: what it takes, what it refuses for good, and who hears of it."""

import socketserver
import threading

import pytest

from ground import mail as mailing
from ground.mail import Envelope, Kind, Outcome
from ground.models import OutgoingMail
from ground.outbox import ATTEMPTS

pytestmark = pytest.mark.django_db


class Session(socketserver.StreamRequestHandler):
    """One SMTP connection; the server's `answers` say how each verb ends."""

    def handle(self):
        self._say("220 mail.example")
        while line := self.rfile.readline():
            verb = line.split()[0].decode().upper()
            self._say(self.server.answers.get(verb, "250 ok"))
            if verb == "DATA":
                self.server.taken.append(b"".join(iter(self.rfile.readline, b".\r\n")).decode())
                self._say(self.server.answers.get("END", "250 taken"))
            if verb == "QUIT":
                return

    def _say(self, line):
        self.wfile.write(line.encode() + b"\r\n")


@pytest.fixture
def server(settings):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as server:
        server.daemon_threads = True
        server.answers, server.taken = {"DATA": "354 go on"}, []
        settings.EMAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def heard():
    return []


@pytest.fixture
def kind(heard):
    """A kind of mail in a thread, whose outcomes are heard."""
    kind = Kind(
        "support/opened.txt",
        lambda number: {"subject": f"Number {number}", "envelope": Envelope({"In-Reply-To": "<a@x.example>"}, cc=["dora@example.org"])},
    )
    kind.settled(lambda outcome, *, number: heard.append((number, outcome)))
    before = mailing.KINDS[kind.template]
    mailing.KINDS[kind.template] = kind
    yield kind
    mailing.KINDS[kind.template] = before


def send(kind):
    row = kind.queue(to="ana@example.org", language="en", number=7)
    mailing.send(row.pk)
    row.refresh_from_db()
    return row


def test_a_mail_carries_its_thread_and_its_copies_and_its_leaving_is_heard(server, kind, heard):
    row = send(kind)

    [taken] = server.taken
    assert "In-Reply-To: <a@x.example>" in taken
    assert "Cc: dora@example.org" in taken
    assert (row.state, heard) == ("sent", [(7, Outcome(sent_at=row.sent_at))])


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({"RCPT": "550 5.1.1 no such user"}, "550 5.1.1 no such user; 550 5.1.1 no such user"),
        ({"END": "554 5.7.1 looks like spam"}, "554 5.7.1 looks like spam"),
    ],
)
def test_a_refusal_for_good_ends_the_mail_at_once_and_is_heard(server, kind, heard, answers, reason):
    server.answers |= answers
    row = send(kind)
    assert (row.state, row.attempts, row.next_attempt_at, row.last_error, heard) == ("dead", 1, None, reason, [(7, Outcome(reason=reason))])


@pytest.mark.parametrize("answers", [{"RCPT": "450 4.2.1 greylisted"}, {"END": "451 4.3.0 busy"}, {"MAIL": "550 not you"}])
def test_what_may_yet_be_taken_is_tried_again_and_nobody_hears_yet(server, kind, heard, answers):
    server.answers |= answers
    row = send(kind)
    assert (row.state, row.attempts, row.next_attempt_at is not None, heard) == ("waiting", 1, True, [])


def test_a_mail_given_up_after_its_last_attempt_is_heard_of(server, kind, heard):
    server.answers |= {"RCPT": "450 4.2.1 greylisted"}
    row = kind.queue(to="ana@example.org", language="en", number=7)
    OutgoingMail.objects.filter(pk=row.pk).update(attempts=ATTEMPTS - 1)

    mailing.send(row.pk)

    row.refresh_from_db()
    assert (row.state, heard) == ("dead", [(7, Outcome(reason=row.last_error))])
