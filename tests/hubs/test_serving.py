"""What goes on behind the served deployer: following, callbacks, and the process itself."""

import http.server
import itertools
import json
import os
import re
import signal
import subprocess
import sys
import threading
from datetime import datetime, timedelta

import httpx
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from ground.errors import Unavailable
from hubs import callbacks, serving
from hubs.deployers import Approval, Order
from hubs.deployers.http import HttpDeployer, base_address
from hubs.deployers.http.memory import Memory
from hubs.deployers.redaction import without_secrets
from hubs.deployers.serving import Caller, Follower, Ledger, Service, serve
from hubs.deployers.serving.calling import PAUSES
from tests.hubs import documents
from tests.hubs.deploying import NOW
from tests.hubs.worlds.http import TOKEN, HttpWorld

SECRET = "a-secret-between-us"
CHANGE = documents.change({"op": "set_culling", "idle_minutes": 30})


class Clock:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now

    def pass_by(self, **time):
        self.now += timedelta(**time)


class Desk:
    """Hears callbacks, as the desk does; `broken` is a status to answer with."""

    def __init__(self):
        self.broken, self.heard = 0, []

    def __call__(self, environ, start):
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        headers = {
            name.removeprefix("HTTP_").replace("_", "-").lower(): value for name, value in environ.items() if name.startswith("HTTP_")
        }
        stamp = datetime.fromtimestamp(int(headers["webhook-timestamp"]), NOW.tzinfo)
        self.heard.append((callbacks.verified(headers, body, secret=SECRET, now=stamp), stamp, json.loads(body)))
        start(f"{self.broken or 204} Status", [])
        return []


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def world(tmp_path):
    return HttpWorld(tmp_path)


@pytest.fixture
def ledger(world):
    return Ledger(world.ledger_path, calls=True)


@pytest.fixture
def desk():
    return Desk()


@pytest.fixture
def caller(ledger, desk, clock):
    return Caller(
        ledger, url="https://desk.example/webhooks/deployer/", secret=SECRET, transport=httpx.WSGITransport(app=desk), clock=clock
    )


def ordered(deployer, request=CHANGE):
    return deployer.start(Order("7", 1, request, Approval("Ben", NOW, deployer.plan(request).digest)))


def test_an_open_deployment_goes_on_without_anybody_asking(world, ledger, clock):
    deployment = ordered(world.deployer)
    follower = Follower(world.behind.again(), ledger, clock=clock)
    rounds = 0
    while ledger.open_ids():
        assert follower.follow() == 1
        clock.pass_by(seconds=2)
        rounds += 1
    assert (world.deployer.read(deployment.id).state, rounds, world.changes()) == ("succeeded", 4, 1)


def test_of_two_processes_one_follows(world, ledger, clock):
    ordered(world.deployer)
    first, second = (Follower(world.behind.again(), ledger, clock=clock) for _process in range(2))
    assert (first.follow(), second.follow()) == (1, 0)


def test_a_deployment_that_cannot_be_read_stops_no_other(world, ledger, clock):
    deployment = ordered(world.deployer)
    world.behind.deployer.repository.remove(f"refs/hubdesk/deployments/{deployment.id}")
    other = documents.event()
    second = world.deployer.start(Order("8", 1, other, Approval("Ben", NOW, world.deployer.plan(other).digest)))
    follower = Follower(world.behind.again(), ledger, clock=clock)
    assert follower.follow() == 1
    assert world.deployer.read(second.id).version > second.version


def test_every_step_is_called_out_once_in_order_and_signed(world, ledger, desk, caller, clock):
    deployment = ordered(world.deployer)
    follower = Follower(world.behind.again(), ledger, clock=clock)
    while ledger.open_ids():
        follower.follow()
        clock.pass_by(seconds=2)
    assert caller.call_due() == 5
    assert caller.call_due() == 0
    told = [body["data"] for _identity, _stamp, body in desk.heard]
    assert [data["version"] for data in told] == sorted({data["version"] for data in told})
    assert told[-1] == {
        "deployment_id": deployment.id,
        "request_id": "7",
        "state": "succeeded",
        "stage": "recorded",
        "version": told[-1]["version"],
    }
    assert len({identity for identity, _stamp, _body in desk.heard}) == 5


def test_a_callback_nobody_hears_is_tried_later_and_later_with_the_same_name(world, desk, caller, clock):
    desk.broken = 503
    ordered(world.deployer)
    moments = []
    for pause in (*PAUSES, timedelta(days=1), timedelta(days=1)):
        before = len(desk.heard)
        caller.call_due()
        moments += [clock.now] * (len(desk.heard) - before)
        assert caller.call_due() == 0
        clock.now += pause
    assert [later - earlier for earlier, later in itertools.pairwise(moments)] == list(PAUSES)
    assert len({identity for identity, _stamp, _body in desk.heard}) == 1
    assert [stamp for _identity, stamp, _body in desk.heard] == moments


def test_a_callback_that_was_not_heard_is_heard_next_time(world, desk, caller, clock):
    desk.broken = 500
    ordered(world.deployer)
    assert caller.call_due() == 0
    desk.broken = 0
    clock.pass_by(seconds=6)
    assert caller.call_due() == 1


def test_a_desk_that_cannot_be_reached_is_tried_again(world, ledger, clock):
    def away(_request):
        raise httpx.ConnectError("no")

    ordered(world.deployer)
    away = Caller(ledger, url="https://desk.example/", secret=SECRET, transport=httpx.MockTransport(away), clock=clock)
    assert away.call_due() == 0
    assert len(ledger.due(now=clock.now + timedelta(seconds=6), lease=timedelta(0))) == 1


def test_a_caller_killed_while_calling_leaves_the_callback_to_be_sent(world, ledger, caller, clock):
    ordered(world.deployer)
    assert len(ledger.due(now=clock.now, lease=timedelta(minutes=5))) == 1  # and it was never settled
    assert caller.call_due() == 0
    clock.pass_by(minutes=6)
    assert caller.call_due() == 1


def test_a_hub_that_changed_without_the_desk_is_called_out(world, ledger, desk, caller, clock):
    follower = Follower(world.behind.again(), ledger, clock=clock)
    assert (follower.look_at_hubs(), caller.call_due()) == (0, 0)
    world.behind.let_it_happen(ordered(world.behind.deployer, documents.new_hub()))
    assert follower.look_at_hubs() == 0  # it has just looked
    clock.pass_by(seconds=61)
    assert (follower.look_at_hubs(), caller.call_due()) == (1, 1)
    assert [(body["type"], body["data"]) for _identity, _stamp, body in desk.heard] == [
        ("hub.changed", {"cluster": "shared", "hub": "aurora"})
    ]


def test_hubs_that_cannot_be_looked_at_are_looked_at_later(world, ledger, clock):
    deployer = world.behind.again()
    deployer.repository.path = world.behind.path / "elsewhere"
    assert Follower(deployer, ledger, clock=clock).look_at_hubs() == 0


def test_without_an_address_nothing_is_kept_to_be_called(world, tmp_path):
    ledger = Ledger(tmp_path / "quiet.sqlite3")
    ledger.keep(ordered(world.behind.deployer), now=NOW)
    assert ledger.due(now=NOW + timedelta(days=1), lease=timedelta(0)) == []


def test_over_real_sockets_it_goes_on_and_calls_back(world, tmp_path):
    """The whole of it once: server, follower and caller as threads, our client, and a desk that listens."""
    heard = threading.Event()

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()
            if body["data"]["state"] == "succeeded":
                heard.set()

        def log_message(self, *_arguments):
            pass

    listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    ledger = Ledger(world.ledger_path, calls=True)
    deployer = world.behind.again()
    caller = Caller(ledger, url=f"http://127.0.0.1:{listener.server_port}/", secret=SECRET)
    service = Service(world.application(deployer), Follower(deployer, ledger), caller)
    server = serve(service.application, host="127.0.0.1", port=0)
    threads = [threading.Thread(target=each.serve_forever, kwargs={"poll_interval": 0.05}) for each in (listener, server)]
    for thread in threads:
        thread.start()
    service.begin()
    try:
        ordered(HttpDeployer(base_address(f"http://127.0.0.1:{server.server_port}"), token=TOKEN, memory=Memory()))
        assert heard.wait(60)
    finally:
        service.end()
        for each in (listener, server):
            each.shutdown()
            each.server_close()
        for thread in threads:
            thread.join()
    assert world.changes() == 1


@pytest.mark.services
def test_as_a_process_it_says_what_it_serves_answers_and_stops(tmp_path):
    settings = {"DJANGO_SETTINGS_MODULE": "tests.settings", "VAR_DIR": str(tmp_path), "DEPLOYER_TOKEN": TOKEN, "PYTHONWARNINGS": ""}
    command = [sys.executable, "manage.py", "serve_deployer", "--port", "0", "--url", f"git+file://{tmp_path}/configuration"]
    with subprocess.Popen(command, env={**os.environ, **settings}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline()
            port = int(re.search(r"127\.0\.0\.1:(\d+)/v1 \(no callbacks\)", line)[1])
            deployer = HttpDeployer(base_address(f"http://127.0.0.1:{port}"), token=TOKEN, memory=Memory())
            deployment = ordered(deployer)
            while not deployment.state.is_final:
                deployment = deployer.read(deployment.id)
            assert [hub.name for hub in deployer.hubs()] == ["staging"]
            stranger = HttpDeployer(base_address(f"http://127.0.0.1:{port}"), token="wrong", memory=Memory())
            with pytest.raises(Unavailable):
                stranger.capabilities()
        finally:
            process.send_signal(signal.SIGTERM)
            out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (0, "Stopped.\n")
    assert TOKEN not in line + out + err


@pytest.mark.parametrize("port", ["65536", "-1"])
def test_a_port_that_cannot_be_is_told_in_a_line(port):
    with pytest.raises(CommandError, match="from 0 to 65535") as told:
        call_command("serve_deployer", f"--port={port}")
    assert told.value.returncode == 2


def test_it_refuses_to_serve_everybody(settings, tmp_path):
    settings.VAR_DIR, settings.DEPLOYER_URL = tmp_path, f"git+file://{tmp_path}/configuration"
    with pytest.raises(ImproperlyConfigured, match="DEPLOYER_TOKEN"):
        serving.service()
    settings.DEBUG = True
    assert serving.service().caller is None


@pytest.mark.parametrize(
    ("url", "secret", "about"),
    [
        ("ftp://desk.example/", SECRET, "DEPLOYER_CALLBACK_URL"),
        ("http://desk.example/", SECRET, "https://"),
        ("https://desk.example/webhooks/deployer/", "", "DEPLOYER_CALLBACK_SECRET"),
    ],
)
def test_it_calls_nobody_without_a_secret_or_in_the_open(settings, tmp_path, url, secret, about):
    settings.VAR_DIR, settings.DEPLOYER_URL, settings.DEPLOYER_TOKEN = tmp_path, f"git+file://{tmp_path}/configuration", TOKEN
    settings.DEPLOYER_CALLBACK_URL, settings.DEPLOYER_CALLBACK_SECRET = url, secret
    with pytest.raises(ImproperlyConfigured, match=about):
        serving.service()


def test_a_desk_and_its_deployer_may_read_the_same_settings(settings, tmp_path):
    settings.VAR_DIR, settings.DEPLOYER_URL, settings.DEPLOYER_TOKEN = tmp_path, "https://deployer.example", TOKEN
    settings.DEPLOYER_CALLBACK_URL, settings.DEPLOYER_CALLBACK_SECRET = "https://desk.example/webhooks/deployer/", SECRET
    settings.DEPLOYER_READ_TOKEN = "reader"
    assert serving.served_by_default() == f"git+file://{tmp_path}/configuration"
    assert serving.service().caller is not None
    assert serving.tokens() == {TOKEN: serving.EVERYTHING, "reader": serving.READING}
    with pytest.raises(ImproperlyConfigured):
        serving.service("https://deployer.example")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("password: hunter2 and more", "password: [taken out] and more"),
        ('{"client_secret": "abc", "x": 1}', '{"client_secret": "[taken out]", "x": 1}'),
        ("Authorization: Bearer abc.def", "Authorization: [taken out]"),
        ("git clone https://user:pw@forge.example/x", "git clone https://[taken out]@forge.example/x"),
        ("ghp_abcdefghijklmnopqrstuvwxyz012345", "[taken out]"),
        ("key AKIAABCDEFGHIJKLMNOP end", "key [taken out] end"),
        ("-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\nafter", "[taken out]\nafter"),
        ("-----BEGIN PRIVATE KEY-----\nhalf of one", "[taken out]"),
        ("The passwords of “aurora”, encrypted in enc-aurora.secret.values.yaml", None),
        ("2027-01-04 09:00:00Z check begun", None),
    ],
)
def test_what_looks_like_a_secret_is_taken_out(text, expected):
    assert without_secrets(text) == (text if expected is None else expected)
    assert without_secrets(f"x{TOKEN}y", known=[TOKEN, ""]) == "x[taken out]y"
