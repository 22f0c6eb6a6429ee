"""The doorbell: who has no secret or names no ticket is refused, everybody else is answered at once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from config.celery import app
from demo.freshdesk import Simulator
from demo.freshdesk.transport import SimulatorClock, SimulatorTransport
from support import tasks
from support.models import SyncEntry, SyncPass, Ticket

ADDRESS = "/webhooks/freshdesk/"
SECRET = {"X-Webhook-Secret": "open sesame"}
GOOD = '{"ticket_id": "1", "event": "{ticket_action:created}"}'

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _secret(settings):
    settings.FRESHDESK_WEBHOOK_SECRET = "open sesame"


def ring(client, body=GOOD, **headers):
    return client.post(ADDRESS, body, content_type="application/json", headers=headers).status_code


@pytest.fixture
def eager():
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


@pytest.fixture
def simulator(settings):
    simulator = Simulator(key="key")
    settings.FRESHDESK_URL, settings.FRESHDESK_API_KEY = "http://acme.freshdesk.test", "key"
    settings.FRESHDESK_TRANSPORT = SimulatorTransport(simulator)
    settings.FRESHDESK_CLOCK = SimulatorClock(simulator)
    yield simulator
    simulator.store.close()


@pytest.mark.parametrize("headers", [{}, {"X-Webhook-Secret": ""}, {"X-Webhook-Secret": "wrong"}, {"X-Webhook-Secret": "ópen"}])
def test_a_webhook_without_the_secret_is_refused(client, headers):
    assert ring(client, **headers) == 401


def test_an_unset_secret_refuses_everybody(client, settings):
    settings.FRESHDESK_WEBHOOK_SECRET = ""
    assert ring(client, **{"X-Webhook-Secret": ""}) == 401


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        '"1"',
        "{}",
        '{"ticket_id": "x"}',
        '{"ticket_id": null}',
        '{"ticket_id": "-1"}',
        '{"ticket_id": "0"}',
        '{"ticket_id": "99999999999999999999"}',
        "\xff",
        "[" * 200_000,
    ],
)
def test_a_webhook_that_names_no_ticket_is_bad(client, body):
    assert ring(client, body, **SECRET) == 400


def test_a_webhook_is_posted(client):
    assert client.get(ADDRESS).status_code == 405


def test_a_good_webhook_brings_the_ticket_in(client, simulator, eager, django_capture_on_commit_callbacks):
    simulator.requester_writes(email="a@else.example", subject="Help", body="x")
    with django_capture_on_commit_callbacks(execute=True):
        assert ring(client, **SECRET) == 200
    assert Ticket.objects.get().subject == "Help"


def test_a_webhook_of_a_ticket_that_is_not_there_is_answered_all_the_same(client, simulator, eager, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert ring(client, **SECRET) == 200
    assert not Ticket.objects.exists()


def test_many_rings_for_one_change_are_one_pull(client, simulator, django_capture_on_commit_callbacks):
    simulator.requester_writes(email="a@else.example", subject="S", body="x")
    with django_capture_on_commit_callbacks() as rung:
        assert {ring(client, **SECRET) for _ in range(20)} == {200}
    assert len(rung) == 1
    tasks.pull_ticket(1)
    with django_capture_on_commit_callbacks() as rung:
        ring(client, **SECRET)
    assert len(rung) == 1


def test_the_ledger_forgets_what_is_older_than_a_month():
    old, new = timezone.now() - timedelta(days=31), timezone.now()
    for at in (old, new):
        SyncEntry.objects.create(at=at, direction="in", what="ticket", outcome="created")
        SyncPass.objects.create(kind="poll", began_at=at)
    tasks.forget_old_lines()
    assert (SyncEntry.objects.get().at, SyncPass.objects.get().began_at) == (new, new)
