"""The story of the demonstration, told against a Freshdesk simulator and a real configuration repository."""

from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.utils import timezone

from communities.models import Community
from communities.states import MatrixState
from demo import mailbox, story
from demo.freshdesk import Simulator
from demo.freshdesk.transport import SimulatorClock, SimulatorTransport
from demo.github import Simulator as GitHubSimulator
from demo.github.transport import SimulatorTransport as GitHubTransport
from hubs.models import HubRequest
from onboarding.models import Application
from support.models import Incident, IncidentTelling, Message, Ticket
from support.states import Status

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
    settings.GITHUB_TOKEN = "token"
    settings.GITHUB_API_URL = "http://github.test"
    settings.GITHUB_TRANSPORT = GitHubTransport(
        GitHubSimulator("example-hubs/infrastructure", "example-hubs/private-operations", token="token")
    )
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
    waiting = Ticket.objects.get(requester__email="killa@glaciares.example.org")
    assert waiting.sync_state == "awaiting_approval"
    assert {row.sync_state for row in Ticket.objects.exclude(pk=waiting.pk)} == {"synced"}
    assert {row.sync_state for row in Message.objects.exclude(ticket=waiting)} == {"synced"}
    assert Ticket.objects.filter(kind="", responsible="", assignee=None).exclude(pk=waiting.pk).exclude(parent__gt=0).count() >= 4
    assert Ticket.objects.filter(next_due_at__lt=timezone.now()).exists()
    assert Ticket.objects.filter(next_due_at__range=(timezone.now(), timezone.now() + timedelta(hours=1))).exists()
    assert Ticket.objects.get(escalation="open").status_id == Status.WAITING_ON_THIRD_PARTY
    assert Ticket.objects.filter(snoozed_until__gt=timezone.now()).count() == 1
    going_on = Incident.objects.open().get()
    assert set(IncidentTelling.objects.filter(update__incident=going_on).values_list("community", "update")) == {
        (each.pk, update.pk) for each in (glaciares, lagos) for update in going_on.updates.all()
    }
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
