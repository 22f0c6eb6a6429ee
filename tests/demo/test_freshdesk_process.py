"""As a process the simulator answers, and breaks connections for real."""

import json

import httpx
import pytest

TICKET = {"subject": "S", "description": "D", "email": "test-ticket@uni.example"}

pytestmark = pytest.mark.services


@pytest.fixture
def client(process):
    with httpx.Client(base_url=process, auth=("key", "X"), trust_env=False) as client:
        yield client


def arm(client, **fault):
    client.post("/_control/faults", content=json.dumps(fault))


def test_as_a_process_it_answers_and_a_drop_really_drops(client):
    assert client.post("/api/v2/tickets", json=TICKET).status_code == 201
    arm(client, kind="drop", method="POST")
    with pytest.raises(httpx.RemoteProtocolError):
        client.post("/api/v2/tickets", json=TICKET)
    assert len(client.get("/api/v2/tickets").json()) == 2
    assert "#2" in client.get("/").text


def test_as_a_process_a_reset_cuts_the_body_in_half(client):
    arm(client, kind="reset", method="POST", path="tickets")
    with client.stream("POST", "/api/v2/tickets", json=TICKET) as answer:
        assert answer.status_code == 201
        with pytest.raises(httpx.RemoteProtocolError, match=r"complete message body"):
            answer.read()
    assert len(client.get("/api/v2/tickets").json()) == 1


def test_as_a_process_files_go_in_and_out_without_the_key(process, client):
    made = client.post("/api/v2/tickets", data=TICKET, files=[("attachments[]", ("a.bin", bytes(range(256)) * 4000))]).json()
    [file] = made["attachments"]
    assert client.get(file["attachment_url"]).status_code == 400
    assert httpx.get(file["attachment_url"], trust_env=False).content == bytes(range(256)) * 4000


def test_at_the_door_people_play_and_the_clock_moves(client):
    client.post("/_control/requester", json={"email": "a@b.example", "subject": "S", "body": "x"})
    client.post("/_control/requester", json={"ticket_id": 1, "body": "more"})
    client.post("/_control/requester", json={"ticket_id": 1, "rating": 103, "feedback": "Good"})
    client.post("/_control/agent", json={"ticket_id": 1, "do": "change", "status": 5})
    everything = client.get("/_control/everything").json()
    assert ([row["status"] for row in everything["tickets"]], len(everything["conversations"]), len(everything["ratings"])) == ([5], 2, 1)
    client.post("/_control/clock", json={"advance": 121 * 24 * 3600})
    assert client.get("/api/v2/tickets/archived/1").json()["archived"] is True


def test_at_the_door_an_account_is_filled_and_its_budget_read(client):
    wish = {"tickets": 150, "conversations_each": 2, "contacts": 5, "companies": 2, "same_second": True}
    filled = client.post("/_control/fill", json=wish).json()
    assert filled == {"tickets": 150, "conversations": 300, "contacts": 5, "companies": 2, "attachments": 0}
    assert len(client.get("/api/v2/tickets", params={"updated_since": "2000-01-01", "per_page": 100, "page": 2}).json()) == 50
    budget = client.get("/_control/budget").json()
    assert budget == {"used": 1.0, "used_ever": 1.0, "most_in_a_minute": 1.0, "spent_on": {"GET tickets": 1.0}}
