"""The client of a hub's own API, against a small hub that answers real HTTP."""

import threading
from datetime import UTC, datetime
from wsgiref.simple_server import WSGIRequestHandler, make_server

import httpx
import pytest

from ground.errors import Rejected, Unavailable
from hubs.jupyterhub import HubUser, JupyterHub, separate_people
from tests.hubs.small_hub import SmallHub, person

URL = "https://hub.example.org"
SEEN = "2026-11-20T08:15:00.123456Z"


def client(hub, token="for-tests", url=URL):
    return JupyterHub(url, token, transport=httpx.WSGITransport(app=hub))


def test_users_are_read_page_by_page_from_the_one_host():
    hub = SmallHub([person(f"p{number}", SEEN) for number in range(7)], largest=3)
    with client(hub) as connected:
        names = [user.name for user in connected.users()]
    assert names == [f"p{number}" for number in range(7)]
    assert [query for _path, query, _token in hub.asked] == ["offset=0&limit=200", "offset=3&limit=200", "offset=6&limit=200"]
    assert {(path, token) for path, _query, token in hub.asked} == {("/hub/api/users", "token for-tests")}


def test_a_user_is_read_whole():
    with client(SmallHub([person("ana", SEEN, admin=True), person("luis")])) as connected:
        assert list(connected.users()) == [
            HubUser("ana", is_admin=True, last_activity=datetime(2026, 11, 20, 8, 15, 0, 123456, tzinfo=UTC)),
            HubUser("luis", is_admin=False, last_activity=None),
        ]


def test_a_hub_without_pages_gives_all_at_once():
    hub = SmallHub([person(f"p{number}") for number in range(5)], old=True)
    with client(hub) as connected:
        assert len(list(connected.users())) == 5
    assert len(hub.asked) == 1


@pytest.mark.parametrize(
    ("status", "raised"), [(500, Unavailable), (503, Unavailable), (429, Unavailable), (404, Rejected), (302, Rejected)]
)
def test_what_the_hub_refuses_is_told_apart(status, raised):
    hub = SmallHub()
    hub.broken = status
    with client(hub) as connected, pytest.raises(raised):
        list(connected.users())
    assert len(hub.asked) == 1


def test_a_redirect_to_what_is_no_address_is_rejected():
    hub = SmallHub()
    hub.broken, hub.location = 302, "javascript:1"
    with client(hub) as connected, pytest.raises(Rejected):
        list(connected.users())


def test_a_wrong_token_is_rejected_and_never_repeated_in_the_words():
    with client(SmallHub(), token="a-secret") as connected, pytest.raises(Rejected) as refused:
        list(connected.users())
    assert (refused.value.status, "a-secret" in str(refused.value)) == (403, False)


@pytest.mark.parametrize(
    "body", [b"<html>", b"{}", b'{"items": [{}], "_pagination": {"next": null}}', b"[1]", b'[{"name": "a", "last_activity": "soon"}]']
)
def test_an_answer_that_is_not_a_list_of_users_is_rejected(body):
    hub = SmallHub()
    hub.body = body
    with client(hub) as connected, pytest.raises(Rejected):
        list(connected.users())


@pytest.mark.parametrize("url", ["ftp://hub.example.org", "hub.example.org", "https://", "http://[::1"])
def test_what_is_no_address_of_the_web_is_rejected(url):
    with pytest.raises(Rejected):
        client(SmallHub(), url=url)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://10.1.2.3", "http://169.254.169.254", "http://[::1]:80"])
def test_an_address_within_our_walls_is_rejected_before_anything_is_sent(url):
    with JupyterHub(url, "for-tests") as connected, pytest.raises(Rejected):
        list(connected.users())


def test_a_name_that_leads_within_our_walls_is_rejected():
    with JupyterHub(URL, "for-tests", resolve=lambda _host, _port: ["192.168.1.7"]) as connected, pytest.raises(Rejected):
        list(connected.users())


class Quiet(WSGIRequestHandler):
    def log_message(self, *_args):
        pass


def test_a_hub_within_our_walls_is_read_where_that_is_allowed():
    hub = SmallHub([person("ana", SEEN)])
    with make_server("127.0.0.1", 0, hub, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        with JupyterHub(f"http://127.0.0.1:{server.server_port}", "for-tests", private=True) as connected:
            assert [user.name for user in connected.users()] == ["ana"]
        thread.join()


def test_nobody_there_is_unavailable():
    with JupyterHub("http://127.0.0.1:9", "for-tests", private=True) as connected, pytest.raises(Unavailable):
        list(connected.users())


def test_separate_people_leaves_out_admins_the_idle_and_the_named():
    since = datetime(2026, 11, 14, tzinfo=UTC)
    recent, old = datetime(2026, 11, 14, tzinfo=UTC), datetime(2026, 11, 13, 23, 59, tzinfo=UTC)
    users = [
        HubUser("ana", is_admin=False, last_activity=recent),
        HubUser("Ana", is_admin=False, last_activity=recent),
        HubUser("luis", is_admin=True, last_activity=recent),
        HubUser("mia", is_admin=False, last_activity=old),
        HubUser("rep@example.org", is_admin=False, last_activity=recent),
        HubUser("new", is_admin=False, last_activity=None),
    ]
    assert separate_people(users, since=since, without={"rep@example.org"}) == 1
