"""As a process the simulator answers, and breaks connections for real."""

import json

import httpx
import pytest

TICKET = {"subject": "S", "description": "D", "email": "test-ticket@uni.example"}


@pytest.mark.services
def test_as_a_process_it_answers_and_a_drop_really_drops(process):
    with httpx.Client(base_url=process, auth=("key", "X"), trust_env=False) as client:
        assert client.post("/api/v2/tickets", json=TICKET).status_code == 201
        client.post("/_control/faults", content=json.dumps({"kind": "drop", "method": "POST"}))
        with pytest.raises(httpx.RemoteProtocolError):
            client.post("/api/v2/tickets", json=TICKET)
        assert len(client.get("/api/v2/tickets").json()) == 2
        assert "#2" in client.get("/").text
