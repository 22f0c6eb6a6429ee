"""`ingest_mail`: what it prints, and how it ends, as a mail server reads it."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings as site
from django.core.management import CommandError, call_command

from ground.models import OutgoingMail
from support import replies
from support.models import IncomingMail, Ticket
from tests.factories import UserFactory, acting
from tests.support.factories import TicketFactory
from tests.support.mailing.imap_server import Mailbox, serving
from tests.support.mailing.letters import eml

pytestmark = pytest.mark.django_db


def piped(raw, *options):
    out = io.StringIO()
    call_command("ingest_mail", *options, source=io.BytesIO(raw), stdout=out)
    return out.getvalue().strip()


def manage(folder: Path, raw: bytes, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """`manage.py ingest_mail` as a mail server starts it."""
    clean = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return subprocess.run(
        [sys.executable, "manage.py", "ingest_mail"],
        cwd=site.BASE_DIR,
        env={**clean, "VAR_DIR": str(folder), "SECRET_KEY": "x", **environment},
        input=raw,
        capture_output=True,
        timeout=60,
        check=False,
    )


def test_a_piped_mail_is_told_in_one_object():
    told = json.loads(piped(eml("plain_new"), "--json"))
    assert told == {"outcome": "opened", "reason": "", "ticket": Ticket.objects.get().reference, "message": ""}


def test_a_piped_mail_is_told_in_words_and_an_ignored_one_is_no_failure():
    assert piped(eml("plain_new")) == f"outcome opened, ticket {Ticket.objects.get().reference}"
    assert piped(eml("mailing_list")) == "outcome ignored, reason mailing list"


def test_a_refused_mail_ends_with_2_and_is_written_down():
    with pytest.raises(CommandError, match=r"^The mail was refused: it is empty\.$") as failure:
        piped(b"")
    assert (failure.value.returncode, IncomingMail.objects.get().outcome) == (2, "refused")


def test_what_is_read_from_the_pipe_has_an_end():
    with pytest.raises(CommandError, match="larger than 25 MB"):
        piped(b"Subject: x\r\n\r\n" + b"x" * 27 * 1024 * 1024)


@pytest.mark.parametrize("option", [(), ("--imap",)])
def test_when_freshdesk_is_connected_nothing_is_taken_in_and_nobody_is_mailed(settings, option):
    settings.FRESHDESK_URL, settings.FRESHDESK_API_KEY = "http://acme.freshdesk.test", "key"
    settings.INBOUND_EMAIL_URL = "imap://a:b@127.0.0.1:1/INBOX"

    with pytest.raises(CommandError, match="Freshdesk is connected and takes the mail") as failure:
        piped(eml("plain_new"), *option)
    replies.reply(TicketFactory(requester__email="ana@example.org"), body="Hello", by=acting(UserFactory()))

    assert (failure.value.returncode, IncomingMail.objects.count(), OutgoingMail.objects.count()) == (2, 0, 0)


def test_a_fetch_is_told_in_one_object(settings):
    with serving(Mailbox()) as box:
        settings.INBOUND_EMAIL_URL = f"imap://{quote(box.user)}:{quote(box.password, safe='')}@127.0.0.1:{box.port}"
        box.receive(eml("plain_new"), eml("mailing_list"))
        told = json.loads(piped(b"", "--imap", "--json"))
    assert told == {"opened": 1, "answered": 0, "bounced": 0, "ignored": 1, "refused": 0}


def test_a_fetch_without_a_mailbox_ends_with_2():
    with pytest.raises(CommandError, match="INBOUND_EMAIL_URL") as failure:
        piped(b"", "--imap")
    assert failure.value.returncode == 2


def test_while_the_database_is_away_the_mail_server_is_asked_to_try_again(tmp_path):
    done = manage(tmp_path, eml("plain_new"), DATABASE_URL="sqlite:////nowhere/at/all.sqlite3")
    assert (done.returncode, len(done.stderr.splitlines())) == (75, 1)
    assert b"The database cannot be used" in done.stderr


def test_the_command_line_reads_the_pipe_and_ends_with_2_at_a_refusal(tmp_path):
    done = manage(tmp_path, b"", FRESHDESK_URL="http://127.0.0.1:1", FRESHDESK_API_KEY="x")
    assert (done.returncode, done.stderr) == (2, b"CommandError: Freshdesk is connected and takes the mail; nothing was taken in.\n")
