"""Looking at a hub, against one that answers real HTTP, well and badly."""

import socket
import threading
from contextlib import contextmanager
from wsgiref.simple_server import WSGIRequestHandler, make_server

import httpx
import pytest

from ground.errors import Unavailable
from hubs.conditions import REASONS
from hubs.probing import LARGEST, Look, Outcome, Prober, Why
from tests.hubs.small_hub import SmallHub

URL = "https://hub.example.org/"


def look(hub, url=URL, **more):
    with Prober(name="test", transport=httpx.WSGITransport(app=hub)) as prober:
        return prober.look(url, **more)


def judged(found):
    return found.outcome, found.why


class Quiet(WSGIRequestHandler):
    def log_message(self, *_args):
        pass


@contextmanager
def served(hub):
    """That hub on loopback; its address."""
    with make_server("127.0.0.1", 0, hub, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_a_hub_that_answers_is_asked_once_without_any_token():
    hub = SmallHub()
    found = look(hub)
    assert (found.outcome, found.why, found.version, found.took_ms < 1000) == (Outcome.ANSWERS, None, "", True)
    assert hub.asked == [("/hub/health", "", "")]


def test_the_version_is_asked_for_on_demand():
    hub = SmallHub()
    assert (look(hub, with_version=True).version, [path for path, *_rest in hub.asked]) == ("6.1.1", ["/hub/health", "/hub/api"])


@pytest.mark.parametrize(
    ("status", "outcome", "why"),
    [
        (204, Outcome.ANSWERS, None),
        (500, Outcome.SILENT, Why.ERROR),
        (503, Outcome.SILENT, Why.ERROR),
        (404, Outcome.SILENT, Why.NOT_A_HUB),
        (418, Outcome.SILENT, Why.NOT_A_HUB),
        (401, Outcome.HIDDEN, Why.LOCKED),
        (403, Outcome.HIDDEN, Why.LOCKED),
        (429, Outcome.HIDDEN, Why.BUSY),
    ],
)
def test_a_status_is_judged(status, outcome, why):
    hub = SmallHub()
    hub.broken = status
    assert judged(look(hub)) == (outcome, why)


def test_a_binder_hub_is_found_at_its_own_address():
    def binder(environ, start):
        start("200 OK" if environ["PATH_INFO"] == "/health" else "404 Not Found", [])
        return [b""]

    assert look(binder).outcome == Outcome.ANSWERS


@pytest.mark.parametrize(
    "location", ["http://elsewhere.example/", "//elsewhere.example/hub/health", "ftp://hub.example.org/", "http://[", "javascript:1"]
)
def test_a_redirect_elsewhere_is_not_followed(location):
    hub = SmallHub()
    hub.broken, hub.location = 302, location
    assert judged(look(hub)) == (Outcome.HIDDEN, Why.ELSEWHERE)
    assert len(hub.asked) == 1


def test_a_redirect_on_the_same_host_is_followed_but_not_for_ever():
    hub = SmallHub()
    hub.broken, hub.location = 302, "/hub/health/again"
    assert judged(look(hub)) == (Outcome.SILENT, Why.NOT_A_HUB)
    assert len(hub.asked) == 4


@pytest.mark.parametrize("version", [None, 6, ["6"], "\x1b[31m", {"version": "1"}])
def test_a_version_that_is_none_is_left_out(version):
    hub = SmallHub()
    hub.version = version
    assert look(hub, with_version=True).version == ""


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"7", b"[" * 20_000, b'{"version": "1"}' + b" " * LARGEST])
def test_an_answer_without_sense_or_end_leaves_the_hub_answering(body):
    hub = SmallHub()
    hub.body = body
    assert (look(hub, with_version=True).outcome, look(hub, with_version=True).version) == (Outcome.ANSWERS, "")


def test_a_slow_hub_is_silent_after_its_time():
    hub = SmallHub()
    hub.slow = 0.3
    with served(hub) as address, Prober(name="test", seconds=0.05) as prober:
        assert judged(prober.look(address, private=True)) == (Outcome.SILENT, Why.TIMEOUT)


def test_nobody_there_is_refused():
    with socket.socket() as kept:
        kept.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{kept.getsockname()[1]}/"
        with Prober(name="test") as prober:
            assert judged(prober.look(address, private=True)) == (Outcome.SILENT, Why.REFUSED)


def test_a_certificate_that_is_none_is_told_apart():
    with served(SmallHub()) as address, Prober(name="test") as prober:
        assert judged(prober.look(address.replace("http:", "https:"), private=True)) == (Outcome.SILENT, Why.CERTIFICATE)


def test_a_conversation_that_breaks_off_is_silence():
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up():
            connection, _address = server.accept()
            connection.recv(1000)
            connection.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        with Prober(name="test") as prober:
            found = prober.look(f"http://127.0.0.1:{server.getsockname()[1]}/", private=True)
        thread.join()
    assert judged(found) == (Outcome.SILENT, Why.BROKEN_OFF)


def nobody(host, _port):
    raise Unavailable(f"{host} cannot be found")


def test_a_name_that_nobody_knows_is_silence():
    with Prober(name="test", resolve=nobody) as prober:
        assert judged(prober.look(URL)) == (Outcome.SILENT, Why.NO_NAME)


@pytest.mark.parametrize("address", ["10.1.2.3", "127.0.0.1", "169.254.169.254", "192.168.1.7", "::1", "fd00::1"])
def test_a_name_that_leads_within_our_walls_is_not_looked_at(address):
    with Prober(name="test", resolve=lambda _host, _port: [address]) as prober:
        assert judged(prober.look(URL)) == (Outcome.HIDDEN, Why.PRIVATE)


def test_a_hub_within_our_walls_is_looked_at_where_that_is_allowed():
    with served(SmallHub()) as address, Prober(name="test") as prober:
        assert prober.look(address, private=True, with_version=True).version == "6.1.1"
        assert judged(prober.look(address)) == (Outcome.HIDDEN, Why.PRIVATE)


@pytest.mark.parametrize("url", ["ftp://hub.example.org", "hub.example.org", "https://", "http://[::1", ""])
def test_what_is_no_address_of_the_web_cannot_be_seen(url):
    assert judged(look(SmallHub(), url=url)) == (Outcome.HIDDEN, Why.NO_ADDRESS)


def test_only_silence_without_a_byte_may_be_our_own_trouble():
    assert {why for why in Why if Look(Outcome.SILENT, why).is_unheard} == {Why.TIMEOUT, Why.REFUSED, Why.NO_NAME, Why.BROKEN_OFF}


def test_every_reason_has_words():
    assert set(REASONS) == {str(why) for why in Why}
