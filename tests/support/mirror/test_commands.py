"""The mirror's commands: what they print, and how they end."""

import io
import json

import pytest
import stamina
from django.core.management import CommandError, call_command

from demo.freshdesk import Simulator
from demo.freshdesk.transport import SimulatorClock, SimulatorTransport
from support.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def simulator(settings):
    simulator = Simulator(key="key")
    settings.FRESHDESK_URL, settings.FRESHDESK_API_KEY = "http://acme.freshdesk.test", "key"
    settings.FRESHDESK_TRANSPORT = SimulatorTransport(simulator)
    settings.FRESHDESK_CLOCK = SimulatorClock(simulator)
    with stamina.set_testing(True, attempts=2):
        yield simulator
    simulator.store.close()


def last_line(*command):
    out = io.StringIO()
    call_command(*command, stdout=out)
    return json.loads(out.getvalue().strip().splitlines()[-1])


def test_sync_tells_what_it_did_in_one_object(simulator):
    simulator.requester_writes(email="a@else.example", subject="Help", body="x")
    figures = last_line("sync_freshdesk", "--json")
    assert list(figures) == ["pushed", "pulled", "created", "updated", "conflicts", "unknown", "dead", "credits", "seconds"]
    assert (figures["pulled"], figures["created"], figures["dead"]) == (1, 1, 0)
    assert figures["credits"] == simulator.budget.used_ever


def test_only_a_full_sync_sees_what_left_no_trace_on_its_ticket(simulator):
    ticket = simulator.requester_writes(email="a@else.example", subject="Help", body="x")
    note = simulator.agent_does(ticket["id"], "note", body="hm")
    last_line("sync_freshdesk", "--json")
    simulator.store.conversations.remove(note["id"])
    assert last_line("sync_freshdesk", "--json")["updated"] == 0
    assert last_line("sync_freshdesk", "--full", "--json")["updated"] == 1
    assert Message.objects.get().removed_at is not None


def test_reconcile_tells_what_it_compared(simulator):
    simulator.requester_writes(email="a@else.example", subject="Help", body="x")
    assert last_line("reconcile_freshdesk", "--json") == {"compared": 1, "repaired": 1, "left": 0}
    assert last_line("reconcile_freshdesk", "--json") == {"compared": 1, "repaired": 0, "left": 0}


@pytest.mark.parametrize("command", ["sync_freshdesk", "reconcile_freshdesk"])
def test_a_command_without_freshdesk_ends_with_2_and_says_why(command):
    with pytest.raises(CommandError, match="FRESHDESK_URL") as failure:
        call_command(command)
    assert failure.value.returncode == 2


@pytest.mark.parametrize("command", ["sync_freshdesk", "reconcile_freshdesk"])
def test_a_command_whose_freshdesk_is_away_ends_with_2(simulator, command):
    simulator.faults.arm("html", times=0)
    with pytest.raises(CommandError, match="502") as failure:
        call_command(command)
    assert failure.value.returncode == 2
