"""The client of GitHub against a simulator that speaks HTTP: calls, limits, lost answers, an App's tokens."""

from datetime import UTC, datetime, timedelta

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from demo.github.faults import Fault
from demo.github.transport import SimulatorTransport
from ground.errors import Rejected, Unavailable
from ground.github import AppTokens, FixedToken, Throttled
from support.github import GitHub, Issue


def make(client, title="Slow"):
    return client.create_issue("hubs/infra", title=title, body="It is slow", labels=["support"])


def test_create_then_read_gives_the_same_issue(client_of):
    made = make(client_of)

    assert client_of.issue("hubs/infra", 1) == made
    assert (made.number, made.title, made.body, made.state, made.labels) == (1, "Slow", "It is slow", "open", ("support",))


def test_list_with_the_etag_of_before_is_unchanged_until_something_changes(client_of, simulator):
    make(client_of)
    first = client_of.issues("hubs/infra")
    again = client_of.issues("hubs/infra", etag=first.etag)
    simulator.close("hubs/infra", 1)
    changed = client_of.issues("hubs/infra", etag=first.etag)

    assert (len(first.issues), again.is_unchanged, changed.is_unchanged) == (1, True, False)
    assert [(issue.state, issue.state_reason) for issue in changed.issues] == [("closed", "completed")]


def test_list_is_read_page_by_page_and_since_a_moment(client_of, simulator):
    for _ in range(101):
        simulator.store.add("hubs/infra", title="x", body="", labels=[], host="")
    simulator.store.find("hubs/infra", 1)["updated_at"] = "2020-01-01T00:00:00Z"

    whole, rest = client_of.issues("hubs/infra"), client_of.issues("hubs/infra", page=2)
    lately = client_of.issues("hubs/infra", since=datetime.now(UTC) - timedelta(days=1))

    assert (len(whole.issues), whole.has_next, len(rest.issues), rest.has_next) == (100, True, 1, False)
    assert 1 not in {issue.number for issue in lately.issues}


def test_pull_requests_are_no_issues(client_of, simulator):
    make(client_of)
    simulator.store.add("hubs/infra", title="A patch", body="", labels=[], host="")["pull_request"] = {}

    assert [issue.title for issue in client_of.issues("hubs/infra").issues] == ["Slow"]


def test_issue_that_moved_is_found_where_it_is(client_of, simulator):
    make(client_of)
    simulator.store.add("hubs/private", title="Slow", body="", labels=[], host="")
    simulator.store.find("hubs/infra", 1)["moved_to"] = "/repos/hubs/private/issues/1"

    assert client_of.issue("hubs/infra", 1).url.endswith("hubs/private/issues/1")


@pytest.mark.parametrize(
    ("fault", "wait"),
    [
        (Fault("secondary", seconds=42), 42.0),
        (Fault("secondary-untold"), 60.0),
        (Fault("refuse", status=429), 60.0),
    ],
)
def test_limit_says_how_long_to_wait_and_nothing_was_done(client_of, simulator, fault, wait):
    simulator.faults.add(fault)

    with pytest.raises(Throttled) as raised:
        make(client_of)

    assert (raised.value.retry_after, raised.value.outcome_unknown, simulator.store.open("hubs/infra")) == (wait, False, [])


def test_used_up_hour_waits_until_it_is_reset(simulator):
    now = datetime.now(UTC).timestamp()
    client = GitHub("http://api.github.test", FixedToken("token"), transport=SimulatorTransport(simulator), now=lambda: now)
    simulator.faults.add(Fault("primary", seconds=600))

    with pytest.raises(Throttled) as raised:
        client.issues("hubs/infra")

    assert 590 < raised.value.retry_after < 610


@pytest.mark.parametrize("kind", ["drop", "timeout"])
def test_lost_answer_to_a_create_leaves_the_outcome_unknown(client_of, simulator, kind):
    simulator.faults.add(Fault(kind, method="POST"))

    with pytest.raises(Unavailable) as raised:
        make(client_of)

    assert (raised.value.outcome_unknown, len(simulator.store.open("hubs/infra"))) == (True, 1)


def test_create_is_said_once_and_a_read_twice_when_github_stumbles(client_of, simulator):
    simulator.faults.add(Fault("error", method="POST"))
    with pytest.raises(Unavailable):
        make(client_of)
    make(client_of)
    simulator.faults.add(Fault("error", method="GET"))

    assert client_of.issue("hubs/infra", 1).number == 1
    assert [request.method for request in simulator.seen] == ["POST", "POST", "GET", "GET"]


def test_page_in_place_of_json_is_no_answer(client_of, simulator):
    simulator.faults.add(Fault("html", method="POST"))

    with pytest.raises(Unavailable) as raised:
        make(client_of)

    assert raised.value.outcome_unknown


@pytest.mark.parametrize(("repository", "status"), [("hubs/unknown", 404), ("hubs/infra", 422)])
def test_refusal_carries_its_status(client_of, repository, status):
    with pytest.raises(Rejected) as raised:
        client_of.create_issue(repository, title="" if status == 422 else "x", body="")

    assert raised.value.status == status


def test_wrong_token_is_refused(simulator):
    client = GitHub("http://api.github.test", FixedToken("other"), transport=SimulatorTransport(simulator))

    with pytest.raises(Rejected) as raised:
        client.issues("hubs/infra")

    assert raised.value.status == 401


def test_server_that_is_not_there_did_nothing():
    def refuse(request):
        raise httpx.ConnectError("no route", request=request)

    client = GitHub("http://api.github.test", FixedToken("t"), transport=httpx.MockTransport(refuse))

    with pytest.raises(Unavailable) as raised:
        client.create_issue("hubs/infra", title="x", body="")

    assert not raised.value.outcome_unknown


@pytest.mark.parametrize("payload", [{}, {"number": "x"}, [], None, {"number": 1, "title": "t"}])
def test_what_is_no_issue_is_no_answer(payload):
    with pytest.raises(Unavailable):
        Issue.read(payload)


def test_app_asks_for_a_token_once_and_signs_with_its_key(simulator):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()
    client = GitHub("http://api.github.test", AppTokens("77", pem.replace("\n", "\\n")), transport=SimulatorTransport(simulator))

    make(client)
    client.issue("hubs/infra", 1)

    assert [request.path for request in simulator.seen] == [
        "/repos/hubs/infra/installation",
        "/app/installations/4242/access_tokens",
        "/repos/hubs/infra/issues",
        "/repos/hubs/infra/issues/1",
    ]
    said = jwt.decode(simulator.seen[0].bearer, key.public_key(), algorithms=["RS256"])
    assert (said["iss"], 0 < said["exp"] - said["iat"] <= 660) == ("77", True)


def test_app_whose_key_is_none_is_refused_before_anything_is_asked(simulator):
    client = GitHub("http://api.github.test", AppTokens("77", "no key"), transport=SimulatorTransport(simulator))

    with pytest.raises(Rejected):
        client.issues("hubs/infra")

    assert simulator.seen == []
