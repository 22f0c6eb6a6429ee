"""Webhooks: string payloads, best effort, tried again, put off, dropped, doubled and out of order; and a restart loses none."""

import json

import httpx
import pytest

from demo.freshdesk import Simulator

MINUTE, HOUR = 60, 3600


class House:
    """Where the webhook rings: it writes down what it hears and opens when it likes."""

    def __init__(self):
        self.heard, self.status = [], 200

    def __call__(self, environ, start_response):
        said = json.loads(environ["wsgi.input"].read())
        self.heard.append((said, environ["HTTP_X_WEBHOOK_SECRET"]))
        start_response(f"{self.status} X", [("content-length", "0")])
        return [b""]

    @property
    def tickets(self):
        return [said["ticket_id"] for said, _ in self.heard]


@pytest.fixture
def house():
    return House()


def ringing(house, folder=None):
    transport = httpx.WSGITransport(app=house)
    return Simulator(folder, key="key", webhook_url="http://desk.test/hook/", webhook_secret="sesame", webhook_transport=transport)


@pytest.fixture
def simulator(house):
    simulator = ringing(house)
    yield simulator
    simulator.store.close()


def mail(simulator, number=1):
    for _ in range(number):
        simulator.requester_writes(email="a@b.example", subject="S", body="x")
    assert simulator.hooks_are_out()


def test_everything_is_said_in_strings_with_the_secret(house, simulator):
    mail(simulator)
    assert house.heard == [({"ticket_id": "1", "event": "{ticket_action:created}", "v": 1}, "sesame")]


def test_what_people_do_rings_and_what_the_key_does_is_silent(house, simulator, api):
    mail(simulator)
    note = api.post("tickets/1/notes", json={"body": "n"}).json()["id"]
    api.put("tickets/1", json={"status": 3})
    simulator.agent_does(1, "change", status=4)
    simulator.agent_does(1, "edit", conversation_id=note, body="m")
    simulator.agent_does(1, "spam")
    assert simulator.hooks_are_out()
    assert [said["event"] for said, _ in house.heard] == [
        "{ticket_action:created}",
        "{status:{from:3,to:4}}",
        "{note_action:edited}",
        "{ticket_action:spam}",
    ]


def test_a_failure_is_tried_again_after_5_30_and_60_minutes_and_then_given_up(house, simulator):
    house.status = 500
    mail(simulator)
    heard = []
    for wait in (4 * MINUTE, 2 * MINUTE, 29 * MINUTE, 2 * MINUTE, 59 * MINUTE, 2 * MINUTE, 5 * HOUR):
        simulator.account.clock.advance(wait)
        assert simulator.hooks_are_out()
        heard.append(len(house.heard))
    assert heard == [1, 2, 2, 3, 3, 4, 4]
    assert simulator.store.effects.find("kind = 'hook'") == []


def test_nobody_at_home_is_a_failure_too(simulator, house):
    house.status = 500
    mail(simulator)
    house.status = 200
    simulator.account.clock.advance(5 * MINUTE + 1)
    assert simulator.hooks_are_out()
    assert (len(house.heard), simulator.store.effects.find("kind = 'hook'")) == (2, [])


@pytest.mark.parametrize("copies", [0, 2])
def test_a_hook_may_come_twice_or_never(house, simulator, copies):
    simulator.account.knobs.hook_copies = copies
    mail(simulator)
    assert house.tickets == ["1"] * copies


@pytest.mark.parametrize("order", ["kept", "reversed", "shuffled"])
def test_those_due_together_come_in_any_order(house, simulator, order):
    simulator.account.knobs.hook_order, simulator.account.knobs.hook_delay = order, 10
    mail(simulator, 8)
    assert house.tickets == []
    simulator.account.clock.advance(20)
    assert simulator.hooks_are_out()
    kept = [str(number) for number in range(1, 9)]
    assert sorted(house.tickets) == kept
    assert {"kept": house.tickets == kept, "reversed": house.tickets == kept[::-1], "shuffled": house.tickets != kept}[order]


def test_the_surplus_of_an_hour_waits_and_what_is_a_day_old_is_dropped(house, simulator):
    simulator.account.knobs.hooks_an_hour = 2
    mail(simulator, 5)
    assert len(house.heard) == 2
    simulator.account.clock.advance(HOUR + 1)
    assert simulator.hooks_are_out()
    assert len(house.heard) == 4
    simulator.account.clock.advance(25 * HOUR)
    assert simulator.hooks_are_out()
    assert (len(house.heard), simulator.store.effects.find("kind = 'hook'")) == (4, [])


def test_a_restart_loses_no_hook(house, tmp_path):
    first = ringing(house, tmp_path)
    first.account.knobs.hook_delay = 1000
    mail(first)
    first.store.close()
    again = ringing(house, tmp_path)
    again.account.clock.advance(1001)
    assert again.hooks_are_out()
    again.store.close()
    assert house.tickets == ["1"]


def test_nobody_listening_nothing_is_kept():
    simulator = Simulator(key="key")
    simulator.requester_writes(email="a@b.example", subject="S", body="x")
    assert (simulator.hooks_are_out(), simulator.store.effects.find("kind = 'hook'")) == (True, [])
    simulator.store.close()
