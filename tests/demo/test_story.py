"""The story of the demonstration, told against a Freshdesk simulator and a real configuration repository."""

import pytest
from django.core.mail import EmailMessage
from django.core.management import call_command

from communities.models import Community
from communities.states import MatrixState
from demo import mailbox, story
from demo.freshdesk import Simulator
from demo.freshdesk.transport import SimulatorClock, SimulatorTransport
from hubs.models import HubRequest
from onboarding.models import Application
from support.models import Message, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def simulator(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    settings.DEPLOYER_URL = f"git+file://{tmp_path / 'configuration'}"
    settings.EMAIL_TRANSPORT = "demo.mailbox.EmailBackend"
    settings.FRESHDESK_URL = "http://acme.freshdesk.test"
    settings.FRESHDESK_API_KEY = "key"
    simulator = Simulator(key="key")
    settings.FRESHDESK_TRANSPORT = SimulatorTransport(simulator)
    settings.FRESHDESK_CLOCK = SimulatorClock(simulator)
    yield simulator
    simulator.store.close()


def test_the_story_is_told_once_and_leaves_three_communities_where_it_says(simulator):
    call_command("setup", skip_migrate=True, verbosity=0)
    story.tell()
    glaciares, lagos = Community.objects.get(slug="glaciares"), Community.objects.get(slug="lagos-data")
    assert {request.community: (request.state, request.stage) for request in HubRequest.objects.all()} == {
        glaciares: ("succeeded", "recorded"),
        lagos: ("draft", ""),
    }
    assert glaciares.matrices.get().state == MatrixState.AGREED
    assert Application.objects.get(email="aissatou@mangroves.example.sn").reviews.submitted().count() == 1
    assert {row.sync_state for row in [Ticket.objects.get(), *Message.objects.all()]} == {"synced"}
    letters = mailbox.letters()
    assert {letter.to for letter in letters} >= {"ana@glaciares.example.org", "ngozi@opendata.example.ng"}
    assert all(letter.subject and letter.text and mailbox.letter(letter.name) == letter for letter in letters)
    assert story.tell() == []
    assert Application.objects.in_earnest().count() == 3


def test_a_mail_shows_where_it_stands_in_its_thread(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    headers = {"Message-ID": "<b@x.example>", "In-Reply-To": "<a@x.example>", "Auto-Submitted": "no", "X-Other": "x"}
    sent = EmailMessage("Re: Hello", "Hi", to=["ana@example.org"], cc=["dora@example.org"], headers=headers)

    mailbox.EmailBackend().send_messages([sent])

    [letter] = mailbox.letters()
    assert (letter.cc, letter.thread) == (
        "dora@example.org",
        (("Message-ID", "<b@x.example>"), ("In-Reply-To", "<a@x.example>"), ("Auto-Submitted", "no")),
    )


def test_a_mail_that_does_not_exist_is_none(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    assert [mailbox.letter(name) for name in ("../../etc/passwd", "0" * 16 + "-000", "")] == [None, None, None]
