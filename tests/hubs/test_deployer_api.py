"""The server against deployer-api.yaml: every path, every status, every document."""

import json
import re
import shutil
from datetime import timedelta

import httpx
import pytest
from jsonschema import FormatChecker

from hubs.deployers import contract
from hubs.deployers.serving import Application, Ledger, Scope
from hubs.deployers.serving.watching import STREAMS
from tests.hubs import documents
from tests.hubs.deploying import NOW
from tests.hubs.worlds.http import TOKEN, URL, HttpWorld

READER = "the-token-of-a-reader"
STRICT = FormatChecker(formats=("date-time", "uri", "uri-reference"))
DIGEST = "sha256:" + "0" * 64
JSON = {"Content-Type": "application/json; charset=utf-8"}
CHANGE = documents.change({"op": "set_culling", "idle_minutes": 30})
ONE = "/deployments/hub-request-7-r1"


class Api:
    """Calls the server as any client would, and holds each answer against the description."""

    def __init__(self, world, application=None):
        self.world = world
        self.ledger = Ledger(world.ledger_path, calls=True)
        tokens = {TOKEN: frozenset(Scope), READER: frozenset({Scope.READ})}
        self.application = application or Application(world.behind.deployer, self.ledger, tokens=tokens, clock=lambda: NOW)
        self.walked = set()

    def ask(self, method, path, *, token=TOKEN, key="", headers=None, **options):
        sent = {"Authorization": f"Bearer {token}", **({"Idempotency-Key": key} if key else {}), **(headers or {})}
        with httpx.Client(transport=httpx.WSGITransport(app=self.application), base_url=f"{URL}/v1") as client:
            answer = client.request(method, path, headers=sent, **options)
        self.hold(method.lower(), path, answer)
        return answer

    def hold(self, method, path, answer):
        found = described(path)
        if found is None or method not in found[1]:
            assert answer.status_code in {404, 405, 401}
            return hold_problem(answer)
        template, operations = found
        self.walked.add((method, template, str(answer.status_code)))
        responses = operations[method]["responses"]
        response = responses.get(str(answer.status_code), responses["default"])
        if "$ref" in response or answer.status_code >= 400:
            return hold_problem(answer)
        assert set(response.get("headers", {})) - {"Retry-After"} <= {
            name for name in headers_of(response) if name.lower() in answer.headers
        }
        kind = answer.headers.get("content-type", "").partition(";")[0]
        if "content" not in response:
            assert answer.content == b""
        elif kind not in {"text/plain", "text/event-stream"}:
            hold_document((template, method, "responses", str(answer.status_code), "content", kind, "schema"), answer)
        return None

    def order(self, request=CHANGE, *, request_id="7", **more):
        digest = self.ask("POST", "/plans", json=request).json()["digest"]
        approval = {"by": "Ben", "at": "2027-01-04T09:00:00Z", "plan_digest": digest, **more}
        return {"request_id": request_id, "revision": 1, "request": request, "approval": approval}


def headers_of(response):
    return list(response.get("headers", {}))


def described(path):
    path = path.partition("?")[0]
    for template, operations in contract.api()["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
            return template, operations
    return None


def hold_problem(answer):
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error.message for error in contract.validator("#/components/schemas/Problem", formats=STRICT).iter_errors(answer.json())] == []
    assert answer.json()["status"] == answer.status_code


def hold_document(steps, answer):
    escaped = [step.replace("~", "~0").replace("/", "~1") for step in steps]
    pointer = "#/paths/" + "/".join(escaped).replace("{", "%7B").replace("}", "%7D")
    assert [error.message for error in contract.validator(pointer, formats=STRICT).iter_errors(answer.json())] == []


@pytest.fixture(scope="module")
def template_world(tmp_path_factory):
    return HttpWorld(tmp_path_factory.mktemp("world"))


@pytest.fixture
def api(template_world, tmp_path):
    """A world of one's own, copied: making a repository takes longer than a test."""
    shutil.copytree(template_world.behind.path, tmp_path / "configuration")
    return Api(HttpWorld(tmp_path))


@pytest.fixture
def ordered(api):
    api.answer = api.ask("POST", "/deployments", key="hub-request-7-r1", json=api.order())
    return api


def test_every_path_and_every_status_is_as_described(api):
    """A walk over the whole description, with what it names at the end."""
    ask = api.ask
    ask("GET", "/capabilities")
    tag = ask("GET", "/request-schema").headers["etag"]
    assert ask("GET", "/request-schema", headers={"If-None-Match": tag}).status_code == 304
    ask("GET", "/clusters")
    ask("GET", "/hubs")
    ask("GET", "/hubs/shared/staging")
    assert ask("POST", "/plans", json={"kind": "event"}).status_code == 422
    order = api.order(documents.new_hub())
    assert ask("POST", "/deployments", key="hub-request-7-r1", json=order).status_code == 202
    assert ask("POST", "/deployments", key="hub-request-7-r1", json={**order, "revision": 2}).status_code == 422
    wrong = {**order, "request_id": "8", "approval": {**order["approval"], "plan_digest": DIGEST}}
    assert ask("POST", "/deployments", key="hub-request-8-r1", json=wrong).status_code == 409
    ask("GET", "/deployments")
    for _round in range(5):
        tag = ask("GET", ONE).headers["etag"]
    assert ask("GET", ONE, headers={"If-None-Match": f'W/"x", {tag}'}).status_code == 304
    ask("GET", f"{ONE}/events")
    ask("GET", f"{ONE}/steps/propose/log")
    ask("PUT", f"{ONE}/preconditions/home-disk", json={"status": "met", "by": "Ben", "outputs": {"volumeId": "vol-0abc"}})
    assert ask("POST", f"{ONE}/retry", key="retry-7-1").status_code == 409
    assert ask("POST", f"{ONE}/cancel", json={"by": "Ana", "reason": "Not needed"}).status_code == 202
    done = ask("POST", "/deployments", key="hub-request-5-r1", json=api.order(request_id="5")).json()["id"]
    while ask("GET", f"/deployments/{done}").json()["state"] != "succeeded":
        pass
    assert ask("POST", f"/deployments/{done}/cancel", json={"by": "Ana", "reason": ""}).status_code == 409
    failed(api)
    assert ask("POST", "/deployments/hub-request-9-r1/retry", key="retry-9-1").status_code == 202
    assert {
        (method, path, status)
        for path, operations in contract.api()["paths"].items()
        for method, operation in operations.items()
        if method != "parameters"
        for status in operation["responses"]
        if status != "default"
    } - api.walked == set()


def failed(api):
    """A deployment that can be tried again: the checks fail on a file that somebody broke meanwhile."""
    wanted = api.order(documents.change({"op": "admins", "add": ["eve@hubs.example"]}), request_id="9")
    api.ask("POST", "/deployments", key="hub-request-9-r1", json=wanted)
    behind = api.world.behind.again()
    record, token = behind.records.get("hub-request-9-r1")
    from hubs.deployers import Failure, State

    broken = record.changed(at=NOW, what="check failed", state=State.FAILED, error=Failure("urn:x", "Broken", 422, retryable=True))
    behind.records.save(broken, token=token)


@pytest.mark.parametrize(
    ("method", "path", "options", "expected"),
    [
        ("GET", "/nothing", {}, (404, "not-found")),
        ("GET", "/../capabilities", {}, (404, "not-found")),
        ("DELETE", "/hubs", {}, (405, "method-not-allowed")),
        ("POST", "/deployments/x/events", {}, (405, "method-not-allowed")),
        ("GET", "/capabilities", {"token": "wrong"}, (401, "unauthorised")),
        ("GET", "/capabilities", {"token": ""}, (401, "unauthorised")),
        ("GET", "/capabilities", {"headers": {"Authorization": "Basic abc"}}, (401, "unauthorised")),
        ("POST", "/plans", {"token": READER, "json": CHANGE}, (403, "forbidden")),
        ("POST", "/deployments", {"token": READER, "json": CHANGE, "key": "12345678"}, (403, "forbidden")),
        ("POST", "/plans", {"content": b"x" * (1024 * 1024 + 1)}, (413, "too-large")),
        ("POST", "/plans", {}, (422, "invalid-request")),
        ("POST", "/plans", {"content": b"{", "headers": JSON}, (422, "invalid-request")),
        ("POST", "/plans", {"content": b"[1]", "headers": JSON}, (422, "invalid-request")),
        ("POST", "/plans", {"content": json.dumps(CHANGE)}, (415, "unsupported-media-type")),
        ("POST", "/plans", {"content": json.dumps(CHANGE), "headers": {"Content-Type": "text/plain"}}, (415, "unsupported-media-type")),
        ("POST", "/plans", {"data": {"kind": "change"}}, (415, "unsupported-media-type")),
        ("GET", f"/hubs?{'&'.join(f'q{number}=1' for number in range(60))}", {}, (422, "invalid-request")),
        ("POST", "/plans", {"json": {**CHANGE, "hub": "nobody"}}, (404, "unknown-hub")),
        ("POST", "/plans", {"json": {**CHANGE, "cluster": "nowhere"}}, (404, "unknown-cluster")),
        ("GET", "/hubs/shared/nobody", {}, (404, "unknown-hub")),
        ("GET", "/hubs?limit=0", {}, (422, "invalid-request")),
        ("GET", "/hubs?limit=201", {}, (422, "invalid-request")),
        ("GET", "/hubs?limit=-1", {}, (422, "invalid-request")),
        ("GET", "/hubs?cursor=%C3%A9", {}, (422, "invalid-request")),
        ("GET", "/deployments?cursor=abc", {}, (422, "invalid-request")),
        ("GET", "/deployments?state=dancing", {}, (422, "invalid-request")),
        ("GET", "/deployments?updated_after=yesterday", {}, (422, "invalid-request")),
        ("GET", "/deployments?updated_after=2027-01-04T09:00:00", {}, (422, "invalid-request")),
        ("GET", "/deployments/unknown", {}, (404, "not-found")),
        ("GET", "/deployments/unknown/events", {}, (404, "not-found")),
        ("GET", "/deployments/unknown/steps/propose/log", {}, (404, "not-found")),
        ("GET", f"{ONE}/steps/propose/log?offset=x", {}, (422, "invalid-request")),
        ("POST", "/deployments", {"json": {}}, (422, "invalid-request")),
        ("POST", "/deployments", {"json": {}, "key": "12345678"}, (422, "invalid-request")),
        ("POST", f"{ONE}/cancel", {"json": {"by": "Ana"}}, (422, "invalid-request")),
        ("POST", f"{ONE}/cancel", {"json": {"by": "Ana", "reason": "x" * 501}}, (422, "invalid-request")),
        ("PUT", f"{ONE}/preconditions/home-disk", {"json": {"status": "maybe", "by": "Ben"}}, (422, "invalid-request")),
        ("POST", f"{ONE}/retry", {}, (422, "invalid-request")),
    ],
)
def test_what_cannot_be_answered_is_a_problem(api, method, path, options, expected):
    answer = api.ask(method, path, **options)
    assert (answer.status_code, answer.json()["type"]) == (expected[0], f"urn:deployer:problem:{expected[1]}")


def test_whoever_uses_another_method_is_told_which_there_are(api):
    assert api.ask("PATCH", "/deployments").headers["allow"] == "GET, POST"


def test_an_order_is_answered_with_where_it_is_and_when_to_ask(ordered):
    answer = ordered.answer
    assert (answer.status_code, answer.headers["location"], answer.headers["retry-after"]) == (202, f"/v1{ONE}", "2")


def test_an_unsound_order_points_into_what_was_sent(api):
    order = api.order()
    answer = api.ask("POST", "/deployments", key="12345678", json={**order, "request": {**CHANGE, "hub": "../x"}, "surplus": 1})
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [("/surplus", "unknown")]
    answer = api.ask("POST", "/deployments", key="12345678", json={**order, "request": {**CHANGE, "hub": "../x"}})
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/request/hub"]
    answer = api.ask("POST", "/deployments", key="12345678", json={**order, "approval": {"by": "Ben"}})
    assert {error["pointer"] for error in answer.json()["errors"]} == {"/approval/at", "/approval/plan_digest"}
    answer = api.ask("POST", "/deployments", key="12345678", json={**order, "not_before": "2027-02-01T09:00:00Z"})
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/not_before"]


def test_each_field_of_a_small_body_that_is_wrong_has_its_entry(api, ordered):
    answer = api.ask("PUT", f"{ONE}/preconditions/home-disk", json={"status": "maybe", "more": 1})
    found = [(error["pointer"], error["code"], error.get("allowed")) for error in answer.json()["errors"]]
    assert found == [
        ("/by", "required", None),
        ("/more", "unknown", ["by", "note", "outputs", "status"]),
        ("/status", "not-in-enum", ["met", "not-needed"]),
    ]


def test_a_key_stands_for_one_order_and_a_refused_one_may_be_sent_again(api):
    order = api.order()
    refused = {**order, "approval": {**order["approval"], "plan_digest": DIGEST}}
    assert api.ask("POST", "/deployments", key="any-key-at-all", json=refused).json()["type"].endswith("plan-changed")
    first = api.ask("POST", "/deployments", key="any-key-at-all", json=order)
    assert api.ask("POST", "/deployments", key="any-key-at-all", json=order).json()["id"] == first.json()["id"]
    spaced = json.dumps(dict(reversed(order.items())), indent=2)
    assert api.ask("POST", "/deployments", key="any-key-at-all", content=spaced, headers=JSON).json()["id"] == first.json()["id"]
    other = {**order, "ticket_url": "https://desk.example/7"}
    assert api.ask("POST", "/deployments", key="any-key-at-all", json=other).json()["type"].endswith("idempotency-key-reused")


def test_an_order_that_is_being_taken_is_409_until_whoever_took_it_is_surely_gone(api):
    order = api.order()
    body = json.dumps(order, sort_keys=True).encode()
    key = "/v1/deployments hub-request-7-r1"
    api.ledger.take(key, body, now=NOW)
    answer = api.ask("POST", "/deployments", key="hub-request-7-r1", content=body, headers=JSON)
    assert (answer.status_code, answer.json()["type"], answer.headers["retry-after"]) == (
        409,
        "urn:deployer:problem:idempotency-key-in-use",
        "1",
    )
    api.ledger.not_taken(key)
    api.ledger.take(key, body, now=NOW - timedelta(minutes=3))
    assert api.ask("POST", "/deployments", key="hub-request-7-r1", content=body, headers=JSON).status_code == 202


def test_deployments_are_listed_newest_first_by_pages_and_filters(api):
    for number in ("1", "2", "3"):
        event = documents.event(title=f"Workshop {number}")
        order = api.order(event, request_id=number)
        assert api.ask("POST", "/deployments", key=f"hub-request-{number}", json=order).status_code == 202
        while api.ask("GET", f"/deployments/hub-request-{number}-r1").json()["state"] != "succeeded":
            pass
    page = api.ask("GET", "/deployments?limit=2").json()
    rest = api.ask("GET", f"/deployments?limit=2&cursor={page['next_cursor']}").json()
    assert [row["request_id"] for row in page["items"]] == ["3", "2"]
    assert ([row["request_id"] for row in rest["items"]], rest["next_cursor"]) == (["1"], None)
    assert [row["request_id"] for row in api.ask("GET", "/deployments?request_id=2").json()["items"]] == ["2"]
    assert api.ask("GET", "/deployments?state=waiting").json()["items"] == []
    assert len(api.ask("GET", "/deployments?state=succeeded&updated_after=2027-01-01T00:00:00Z").json()["items"]) == 3
    assert api.ask("GET", "/deployments", params={"updated_after": "2027-02-01T00:00:00+00:00"}).json()["items"] == []


def test_hubs_are_listed_by_pages_and_filters(api):
    api.world.let_it_happen(api.world.deployer.start(_order_of(api, documents.new_hub())))
    page = api.ask("GET", "/hubs?limit=1").json()
    rest = api.ask("GET", f"/hubs?limit=1&cursor={page['next_cursor']}").json()
    assert [row["name"] for row in (*page["items"], *rest["items"])] == ["aurora", "staging"]
    assert rest["next_cursor"] is None
    assert api.ask("GET", "/hubs?cluster=nowhere").json()["items"] == []


def test_a_page_of_hubs_ends_where_it_would_be_too_long_to_read(api, monkeypatch):
    api.world.let_it_happen(api.world.deployer.start(_order_of(api, documents.new_hub())))
    monkeypatch.setattr("hubs.deployers.serving.discovery.LARGEST_PAGE", 10)
    page = api.ask("GET", "/hubs").json()
    rest = api.ask("GET", f"/hubs?cursor={page['next_cursor']}").json()
    assert ([[row["name"] for row in each["items"]] for each in (page, rest)], rest["next_cursor"]) == ([["aurora"], ["staging"]], None)


def _order_of(api, request):
    from tests.hubs.test_deployer_contract import order

    return order(api.world.deployer, request, request_id="4")


def test_a_log_is_plain_text_with_where_it_goes_on(ordered):
    for _round in range(3):
        ordered.ask("GET", ONE)
    answer = ordered.ask("GET", f"{ONE}/steps/propose/log")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text.splitlines() == ["2027-01-04 09:00:00Z begun", "2027-01-04 09:00:00Z done"]
    assert answer.headers["x-next-offset"] == str(len(answer.text))


def test_events_are_streamed_until_the_end(ordered):
    stream = ordered.ask("GET", f"{ONE}/events", headers={"Accept": "text/event-stream", "Last-Event-ID": "1"})
    events = [block for block in stream.text.split("\n\n") if block.startswith("id:")]
    assert events[0].splitlines()[:2] == ["id: 2", "event: step"]
    assert stream.text.endswith("event: end\ndata: {}\n\n")
    taken = [STREAMS.acquire(blocking=False) for _place in range(16)]
    try:
        assert ordered.ask("GET", f"{ONE}/events", headers={"Accept": "text/event-stream"}).status_code == 429
    finally:
        for _place in filter(None, taken):
            STREAMS.release()
    assert taken == [True] * 16


def test_a_deployer_that_is_away_is_503_and_what_breaks_tells_nothing(api):
    api.world.behind.deployer.repository.path = api.world.behind.path / "elsewhere"
    answer = api.ask("GET", "/hubs")
    assert (answer.status_code, answer.json()["retryable"], answer.headers["retry-after"]) == (503, True, "5")
    broken = Api(api.world, Application(None, api.ledger, tokens={TOKEN: frozenset(Scope)}))
    answer = broken.ask("GET", "/hubs")
    assert (answer.status_code, answer.json()["detail"]) == (500, "Something went wrong here; it is written down.")


def test_without_tokens_everybody_may(api):
    open_to_all = Api(api.world, Application(api.world.behind.deployer, api.ledger))
    assert open_to_all.ask("GET", "/capabilities", token="").status_code == 200
