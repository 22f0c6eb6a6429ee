"""Attachments: from the outside, without the key, and never from within."""

import gzip

import httpx
import pytest

from ground.addresses import addresses_of, is_within
from ground.errors import Rejected, Unavailable
from support.freshdesk.downloads import Downloads
from tests.support.freshdesk.answering import API, Saying, Stopped, client

CDN = "https://s3.example/files/kernel.log?X-Amz-Signature=abc"
OUTSIDE = "93.184.216.34"


def fetched(*answers, url=CDN, api=API, resolve=lambda host, port: [OUTSIDE], largest=100):
    """The octets, and what was asked for."""
    said = Saying(*answers)
    with Downloads(api, transport=httpx.MockTransport(said), resolve=resolve) as downloads, downloads.open(url, largest=largest) as pieces:
        return b"".join(pieces), said.asked


def moved(to):
    return httpx.Response(302, headers={"location": to})


def test_a_file_comes_without_the_key_from_the_address_that_was_looked_at():
    octets, [request] = fetched(httpx.Response(200, content=b"died\n"))
    assert octets == b"died\n"
    assert "authorization" not in request.headers
    assert (request.url.host, request.headers["host"], request.extensions["sni_hostname"]) == (OUTSIDE, "s3.example", "s3.example")
    assert request.url.query == b"X-Amz-Signature=abc"


def test_even_the_apis_own_host_does_not_get_the_key():
    said = Saying(httpx.Response(200, content=b"x"))
    with client(said) as freshdesk, freshdesk.download(f"{API}/attachments/7?token=1") as pieces:
        assert list(pieces) == [b"x"]
    [request] = said.asked
    assert ("authorization" in request.headers, request.url.host) == (False, "acme.freshdesk.test")


def test_a_name_and_a_password_in_an_address_are_left_out():
    _, [request] = fetched(httpx.Response(200), url="https://key:X@s3.example/a")
    assert "authorization" not in request.headers


def test_three_redirects_are_followed_and_not_a_fourth():
    hops = [moved(f"/{hop}") for hop in "abc"]
    octets, asked = fetched(*hops, httpx.Response(200, content=b"x"))
    assert (octets, [request.url.path for request in asked]) == (b"x", ["/files/kernel.log", "/a", "/b", "/c"])
    with pytest.raises(Rejected, match="redirects"):
        fetched(moved("/a"))


@pytest.mark.parametrize(
    "url", ["ftp://s3.example/a", "file:///etc/passwd", "s3.example/a", "", "https://", "http://[::zz]/", "javascript:alert(1)"]
)
def test_only_the_web_is_asked(url):
    with pytest.raises(Rejected, match="address"):
        fetched(httpx.Response(200), url=url)


@pytest.mark.parametrize("target", ["http://s3.example/a", "gopher://s3.example/", "https://127.0.0.1/", "https://[::1]/"])
def test_a_redirect_leads_neither_within_nor_off_the_safe_way(target):
    said = Saying(moved(target))
    transport = httpx.MockTransport(said)
    with (
        Downloads(API, transport=transport, resolve=lambda host, port: [OUTSIDE]) as downloads,
        pytest.raises(Rejected),
        downloads.open(CDN),
    ):
        pass
    assert len(said.asked) == 1


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.1.1",
        "172.16.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "100.64.0.1",
        "224.0.0.1",
        "::1",
        "fe80::1%eth0",
        "fc00::1",
        "::ffff:10.0.0.1",
        "::",
    ],
)
def test_what_is_within_is_known(address):
    assert is_within(address)


@pytest.mark.parametrize("address", [OUTSIDE, "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_what_is_outside_is_known(address):
    assert not is_within(address)


@pytest.mark.parametrize("found", [["10.0.0.7"], [OUTSIDE, "127.0.0.1"]])
def test_a_name_that_leads_within_is_refused_unasked(found):
    said = Saying(httpx.Response(200))

    def resolve(host, port):
        return found if host == "s3.example" else [OUTSIDE]

    with Downloads(API, transport=httpx.MockTransport(said), resolve=resolve) as downloads, pytest.raises(Rejected), downloads.open(CDN):
        pass
    assert said.asked == []


def test_where_the_api_is_within_its_files_may_be_too():
    octets, _ = fetched(httpx.Response(200, content=b"x"), url="http://127.0.0.1:9000/a", api="http://127.0.0.1:8001")
    assert octets == b"x"


def test_the_apis_name_may_lead_within_too():
    octets, _ = fetched(
        httpx.Response(200, content=b"x"), url="http://files.test/a", api="http://desk.test:8001", resolve=lambda host, port: ["10.0.0.7"]
    )
    assert octets == b"x"


def test_a_name_nobody_knows_is_an_outage():
    with pytest.raises(Unavailable, match="cannot be found"):
        addresses_of("nobody.invalid..", 443)
    assert "127.0.0.1" in addresses_of("127.0.0.1", 80)


def test_an_expired_address_is_rejected_with_403():
    with pytest.raises(Rejected) as refusal:
        fetched(httpx.Response(403, text="<Error><Code>AccessDenied</Code></Error>"))
    assert refusal.value.status == 403


@pytest.mark.parametrize(
    "trouble", [httpx.Response(500), httpx.Response(503), httpx.Response(429), httpx.ReadTimeout("slow"), httpx.ConnectError("x")]
)
def test_a_host_in_trouble_is_an_outage(trouble):
    with pytest.raises(Unavailable):
        fetched(trouble)


def test_a_file_larger_than_it_says_is_broken_off():
    with pytest.raises(Rejected) as refusal:
        fetched(httpx.Response(200, content=(b"x" * 60 for _ in range(3))))
    assert refusal.value.status == 413


def test_a_file_that_says_it_is_too_large_is_not_read():
    with pytest.raises(Rejected) as refusal:
        fetched(httpx.Response(200, headers={"content-length": "101"}, stream=httpx.ByteStream(b"x" * 101)))
    assert refusal.value.status == 413


def test_what_unpacks_too_large_is_broken_off():
    packed = gzip.compress(b"0" * 10_000)
    assert len(packed) < 100
    with pytest.raises(Rejected) as refusal:
        fetched(httpx.Response(200, headers={"content-encoding": "gzip"}, content=packed))
    assert refusal.value.status == 413


def test_a_file_that_breaks_off_is_an_outage():
    def breaking():
        yield b"x"
        raise httpx.ReadError("reset")

    with pytest.raises(Unavailable, match="broke off"):
        fetched(httpx.Response(200, content=breaking()))


def test_a_file_that_trickles_is_broken_off():
    clock = Stopped()

    def trickling():
        while True:
            clock.sleep(1)
            yield b"x"

    transport = httpx.MockTransport(Saying(httpx.Response(200, content=trickling())))
    trickled = pytest.raises(Unavailable, match="too long")
    with Downloads(API, transport=transport, clock=clock) as downloads, trickled, downloads.open(CDN, largest=1000) as pieces:
        list(pieces)
    assert len(clock.waits) == 121
