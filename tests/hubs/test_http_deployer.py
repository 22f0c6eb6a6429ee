"""The client of the deployer API: what it sends, and what it makes of answers of every kind."""

import dataclasses
import json
import logging

import httpx
import pytest
import time_machine

from ground.errors import Rejected, Unavailable
from hubs.deployers import Approval, Order, State
from hubs.deployers.http.memory import MOST, Memory
from hubs.schema import Notice
from tests.hubs import documents
from tests.hubs.deploying import NOW
from tests.hubs.faulty import DEPLOYMENT, Losing, Scripted, client, ok, over, problem
from tests.hubs.worlds.http import TOKEN, HttpWorld

ORDER = Order("7", 1, documents.change({"op": "set_culling"}), Approval("Ben", NOW, "sha256:" + "0" * 64))
PLAN = {"digest": "sha256:" + "0" * 64, "base": "", "files": [], "redeploys": [], "preconditions": [], "warnings": [], "checks": []}
CALLS = {
    "read": lambda deployer: deployer.read("d-1"),
    "start": lambda deployer: deployer.start(ORDER),
    "cancel": lambda deployer: deployer.cancel("d-1", by="Ana", reason="x"),
    "settle": lambda deployer: deployer.settle("d-1", "home-disk", status="met", by="Ben"),
    "plan": lambda deployer: deployer.plan(ORDER.request),
}


def unavailable(call):
    with pytest.raises(Unavailable) as caught:
        call()
    assert "a-token-nobody-sees" not in str(caught.value)
    return caught.value


def test_an_order_is_sent_with_its_key_and_the_token_and_without_blanks():
    deployer, app = client(ok(status=202))
    assert deployer.start(ORDER).stage == "dancing"
    [(method, path, _query, headers, body)] = app.asked
    assert (method, path, headers["IDEMPOTENCY_KEY"]) == ("POST", "/v1/deployments", "hub-request-7-r1")
    assert headers["AUTHORIZATION"] == "Bearer a-token-nobody-sees"
    assert json.loads(body) == {
        "request_id": "7",
        "revision": 1,
        "request": ORDER.request,
        "approval": {"by": "Ben", "at": "2027-01-04T09:00:00+00:00", "plan_digest": ORDER.approval.plan_digest},
    }


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout])
def test_what_was_never_sent_has_a_known_outcome(name, error):
    deployer = over(Losing(Scripted(ok()), lose=1, error=error, before=True))
    assert unavailable(lambda: CALLS[name](deployer)).outcome_unknown is False


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("error", [httpx.ReadTimeout, httpx.ReadError, httpx.RemoteProtocolError, httpx.WriteTimeout])
def test_a_lost_answer_leaves_the_outcome_of_a_change_unknown(name, error):
    deployer = over(Losing(Scripted(ok()), lose=1, error=error))
    assert unavailable(lambda: CALLS[name](deployer)).outcome_unknown is (name != "read")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (problem("upstream-unavailable", 503), (None, False)),
        (ok({}, 503, Retry_After="7"), (7.0, False)),
        (ok({}, 429, Retry_After="100000"), (3600.0, False)),
        (ok({}, 429, Retry_After="soon"), (None, False)),
        (ok({}, 429, Retry_After="-5"), (None, False)),
        (ok({}, 429, Retry_After="Mon, 04 Jan 2027 09:01:00 GMT"), (60.0, False)),
        (ok({}, 429, Retry_After="Mon, 04 Jan 2027 08:00:00 GMT"), (0.0, False)),
        (problem("idempotency-key-in-use", 409), (None, False)),
        (problem("unauthorised", 401), (None, False)),
        (ok(b"<html>", 500), (None, True)),
        (ok(b"<html>", 502), (None, True)),
        (ok(b"<html>", 404), (None, False)),
        (ok({"type": 7}, 422), (None, False)),
        (ok(b"", 302, Location="https://elsewhere.example/"), (None, False)),
    ],
)
def test_an_answer_that_is_no_answer_is_asked_for_again(answer, expected):
    deployer, app = client(answer)
    with time_machine.travel(NOW, tick=False):
        error = unavailable(lambda: deployer.start(ORDER))
    assert (error.retry_after, error.outcome_unknown) == expected
    assert len(app.asked) == 1


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (problem("plan-changed", 409, detail="Look again"), ("Look again", 409, "plan-changed", [("", "plan-changed")])),
        (
            problem("invalid-request", 422, errors=[{"pointer": "/request/hub", "code": "pattern", "detail": "No"}]),
            ("Title", 422, "invalid-request", [("/hub", "pattern")]),
        ),
        (problem("forbidden", 403), ("Title", 403, "forbidden", [("", "forbidden")])),
        (problem("x" * 500, 418, detail="\x00teapot"), ("teapot", 418, "x" * 60, [("", "x" * 60)])),
    ],
)
def test_a_refusal_names_its_fields(answer, expected):
    deployer, _app = client(answer)
    with pytest.raises(Rejected) as caught:
        deployer.start(ORDER)
    error = caught.value
    assert (str(error), error.status, error.code, [(each["pointer"], each["code"]) for each in error.errors]) == expected


@pytest.mark.parametrize(
    "change",
    [
        {"state": "dancing"},
        {"version": "3"},
        {"version": None},
        {"id": "d-2"},
        {"id": "x" * 300},
        {"created_at": "yesterday"},
        {"created_at": "2027-01-04T09:00:00"},
        {"steps": {}},
        {"steps": [{"name": "a"}]},
        {"preconditions": [{"key": 7, "title": "x", "status": "open", "who": "engineer"}]},
        {"error": "no"},
    ],
)
def test_a_deployment_of_another_shape_is_not_believed(change):
    deployer, _app = client(ok({**DEPLOYMENT, **change}))
    assert unavailable(lambda: deployer.read("d-1")).outcome_unknown is True


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"null", b"[" * 100_000, b'{"id": NaN}', b"\xff\xfe"])
def test_what_is_no_json_is_not_believed(body):
    deployer, _app = client(ok(body))
    unavailable(lambda: deployer.read("d-1"))
    unavailable(deployer.hubs)


def test_an_answer_without_end_is_not_waited_for():
    deployer, _app = client(ok(b"x" * (9 * 1024 * 1024)))
    assert "without end" in str(unavailable(lambda: deployer.read("d-1")))


def test_a_deployment_about_another_request_is_not_believed():
    deployer, _app = client(ok({**DEPLOYMENT, "request_id": "8"}, 202))
    assert unavailable(lambda: deployer.start(ORDER)).outcome_unknown is True


def test_what_grew_is_ignored_and_what_a_page_could_not_show_is_taken_out():
    hub = {
        "cluster": "a",
        "name": "b",
        "display_name": "B",
        "url": "javascript:alert(1)",
        "community": None,
        "conditions": [],
        "mood": "good",
    }
    step = {"name": "merge", "title": "Me\x00rge\ud800", "status": "running", "url": "ftp://x", "started_at": None}
    told = {**DEPLOYMENT, "steps": [step], "hubs": [hub], "change": {"url": "https://forge.example/1"}, "error": None, "mood": "good"}
    deployer, _app = client(ok(json.dumps(told).encode()))
    deployment = deployer.read("d-1")
    assert (deployment.steps[0].title, deployment.steps[0].url, deployment.hubs[0].url) == ("Merge?", "", "")
    assert (deployment.hubs[0].community, deployment.change.url) == ("", "https://forge.example/1")


def test_what_did_not_change_is_not_sent_again():
    memory = Memory()
    deployer, app = client(ok(ETag='"one"'), ok(b"", 304), memory=memory)
    assert deployer.read("d-1") == deployer.read("d-1")
    assert [asked[3].get("IF_NONE_MATCH") for asked in app.asked] == [None, '"one"']


def test_not_changed_that_nobody_asked_for_is_not_believed():
    deployer, _app = client(ok(b"", 304))
    unavailable(lambda: deployer.read("d-1"))


def test_abilities_are_asked_for_once_and_kept_within_bounds():
    told = {"implementation": "other", "kinds": ["change"], "features": {"retry": False, "dance": True}, "poll_after_seconds": 10**9}
    deployer, app = client(ok(told))
    able = deployer.capabilities()
    assert (able.kinds, able.features.retry, able.poll_after_seconds) == (("change",), False, 3600)
    assert (deployer.capabilities(), len(app.asked)) == (able, 1)


def test_lists_are_read_to_their_end():
    cluster = {"name": "a", "provider": "aws", "shared": True, "region": None}
    pages = [ok({"items": [cluster], "next_cursor": "2"}), ok({"items": [{**cluster, "name": "b"}], "next_cursor": None})]
    deployer, app = client(*pages)
    assert [found.name for found in deployer.clusters()] == ["a", "b"]
    assert [asked[2] for asked in app.asked] == ["limit=200", "limit=200&cursor=2"]


@pytest.mark.parametrize("page", [{"items": [], "next_cursor": "again"}, {"items": 7}, {"items": [{}]}, {"items": [], "next_cursor": 7}])
def test_a_list_without_end_or_shape_is_not_believed(page):
    deployer, _app = client(ok(page))
    unavailable(deployer.hubs)


def test_what_our_programme_asks_in_advance_is_ours_to_warn_of():
    theirs = {
        **PLAN,
        "warnings": [{"pointer": "/event/starts_at", "code": "notice", "detail": "1 day"}, {"pointer": "", "detail": "Careful"}],
    }
    deployer, _app = client(ok(theirs))
    with time_machine.travel(NOW, tick=False):
        plan = deployer.plan(documents.event(), notice=Notice(event=1000, ending=30))
    assert [(warning.code, warning.detail) for warning in plan.warnings] == [
        ("", "Careful"),
        ("notice", "Only 63 days' notice; 1000 days are asked for."),
    ]


def test_retry_is_asked_once_for_each_attempt():
    deployer, app = client(ok({**DEPLOYMENT, "state": "failed", "attempt": 4}), ok({**DEPLOYMENT, "attempt": 5}, 202))
    assert deployer.retry("d-1", by="Ben").attempt == 5
    assert (app.asked[1][1], app.asked[1][3]["IDEMPOTENCY_KEY"]) == ("/v1/deployments/d-1/retry", "retry-d-1-4")


def test_settling_and_cancelling_say_who_and_why():
    deployer, app = client(ok())
    deployer.settle("d-1", "home disk/2", status="met", by="Ben", outputs={"volumeId": "vol-1"})
    deployer.cancel("d-1", by="Ana", reason="x" * 600)
    assert [(asked[0], asked[1]) for asked in app.asked] == [
        ("PUT", "/v1/deployments/d-1/preconditions/home disk/2"),  # a WSGI server decodes it; it was sent as one step
        ("POST", "/v1/deployments/d-1/cancel"),
    ]
    assert json.loads(app.asked[0][4]) == {"status": "met", "by": "Ben", "outputs": {"volumeId": "vol-1"}}
    assert json.loads(app.asked[1][4]) == {"by": "Ana", "reason": "x" * 500}


@pytest.mark.parametrize(("told", "expected"), [("12", 12), ("2", 5), ("x", 8), ("", 8)])
def test_a_log_goes_on_and_keeps_no_secret(told, expected):
    deployer, _app = client(ok(b"ok\x00", X_Next_Offset=told))
    assert (deployer.log("d-1", "check", offset=5).text, deployer.log("d-1", "check", offset=5).next_offset) == ("ok", expected)
    deployer, _app = client(ok(b"password: hunter2\n"))
    assert "hunter2" not in deployer.log("d-1", "check").text


def test_the_token_is_in_no_log(caplog):
    deployer, _app = client(problem("forbidden", 403))
    with caplog.at_level(logging.DEBUG), pytest.raises(Rejected):
        deployer.read("d-1")
    assert "a-token-nobody-sees" not in caplog.text
    assert "a-token-nobody-sees" not in repr(deployer)


@pytest.mark.parametrize("lost", [1, 2, 5, 8])
def test_whichever_answer_is_lost_one_deployment_and_one_change_come_of_it(tmp_path, lost):
    world = HttpWorld(tmp_path)
    transport = Losing(world.application(world.behind.again()))
    deployer = over(transport, token=TOKEN)
    request = documents.change({"op": "set_culling", "idle_minutes": 30})
    wanted = dataclasses.replace(ORDER, request=request, approval=Approval("Ben", NOW, deployer.plan(request).digest))
    transport.left = lost
    for _round in range(30):
        try:
            if deployer.read(deployer.start(wanted).id).state is State.SUCCEEDED:
                break
        except Unavailable:
            continue
    assert (deployer.start(wanted).state, world.changes(), len(world.behind.again().records.all())) == (State.SUCCEEDED, 1, 1)


def test_memory_forgets_the_oldest_and_the_old():
    now = [0.0]
    memory = Memory(clock=lambda: now[0])
    for number in range(MOST + 1):
        memory.keep("key", str(number), value=number, seconds=10)
    assert (memory.get("key", "0"), memory.get("key", "1"), memory.get("nothing")) == (None, 1, None)
    now[0] = 11
    assert memory.get("key", "1") is None
