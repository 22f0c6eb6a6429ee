"""The connection to GitHub: what is kept, how lists are read, what a redirect may and may not do."""

import httpx
import pytest
import stamina

from ground.errors import Rejected, Unavailable
from ground.github import Connection, FixedToken


@pytest.fixture(autouse=True)
def _no_waiting():
    with stamina.set_testing(True, attempts=2):
        yield


def connected(answer, api_url="https://api.github.test"):
    asked = []

    def handle(request):
        asked.append(request)
        return answer(request)

    return Connection(api_url, FixedToken("a-token"), transport=httpx.MockTransport(handle)), asked


def test_answer_that_has_not_changed_is_the_one_kept():
    def answer(request):
        if request.headers.get("if-none-match") == '"1"':
            return httpx.Response(304)
        return httpx.Response(200, json={"a": 1}, headers={"etag": '"1"'})

    github, asked = connected(answer)
    assert [github.look("o/r", "pulls/1"), github.look("o/r", "pulls/1")] == [{"a": 1}, {"a": 1}]
    assert [request.headers.get("if-none-match") for request in asked] == [None, '"1"']


def test_other_questions_have_their_own_answers():
    github, asked = connected(lambda request: httpx.Response(200, json={"q": str(request.url.query)}, headers={"etag": '"1"'}))
    assert github.look("o/r", "runs", head_sha="a") != github.look("o/r", "runs", head_sha="b")
    assert "if-none-match" not in asked[1].headers


def test_list_is_read_to_its_end():
    def answer(request):
        page = int(request.url.params["page"])
        headers = {"link": '<https://elsewhere.test/?page=9>; rel="next"'} if page < 3 else {}
        return httpx.Response(200, json={"jobs": [page]}, headers=headers)

    github, asked = connected(answer)
    assert github.pages("o/r", "jobs", within="jobs") == [1, 2, 3]
    assert {request.url.host for request in asked} == {"api.github.test"}


def test_list_without_an_end_is_no_answer():
    github, asked = connected(lambda _request: httpx.Response(200, json=[1], headers={"link": '<https://x.test/>; rel="next"'}))
    with pytest.raises(Unavailable):
        github.pages("o/r", "pulls")
    assert len(asked) == 20


@pytest.mark.parametrize("payload", [[], {"jobs": 7}, {}])
def test_list_that_is_none_is_no_answer(payload):
    github, _asked = connected(lambda _request: httpx.Response(200, json=payload))
    with pytest.raises(Unavailable):
        github.pages("o/r", "jobs", within="jobs")


def test_file_elsewhere_is_read_without_our_token_and_not_beyond_the_limit():
    def answer(request):
        if request.url.path.endswith("/logs"):
            return httpx.Response(302, headers={"location": "https://api.github.test/_logs/1?key=x"})
        return httpx.Response(200, content=b"0123456789")

    github, asked = connected(answer)
    assert github.download("o/r", "actions/jobs/1/logs", limit=4) == b"0123"
    assert [request.headers.get("authorization") for request in asked] == ["Bearer a-token", None]


@pytest.mark.parametrize("address", ["http://127.0.0.1/x", "http://169.254.169.254/latest/meta-data", "http://[::1]/x", "http://10.0.0.7/"])
def test_file_within_our_walls_is_not_read(address):
    github, asked = connected(lambda _request: httpx.Response(302, headers={"location": address}))
    with pytest.raises(Rejected):
        github.download("o/r", "actions/jobs/1/logs", limit=4)
    assert len(asked) == 1


@pytest.mark.parametrize("status", [404, 410])
def test_file_that_is_not_there_is_refused(status):
    github, _asked = connected(lambda _request: httpx.Response(status, json={"message": "Not Found"}))
    with pytest.raises(Rejected) as caught:
        github.download("o/r", "actions/jobs/1/logs", limit=4)
    assert caught.value.status == status


def test_file_whose_short_lived_address_has_ended_is_asked_for_later():
    answers = iter([httpx.Response(302, headers={"location": "https://api.github.test/_logs"}), httpx.Response(403)])
    github, _asked = connected(lambda _request: next(answers))
    with pytest.raises(Unavailable):
        github.download("o/r", "actions/jobs/1/logs", limit=4)


def test_write_that_is_sent_elsewhere_is_refused():
    github, asked = connected(lambda _request: httpx.Response(307, headers={"location": "https://elsewhere.test/"}))
    with pytest.raises(Rejected):
        github.send("POST", "o/r", "pulls", json={})
    assert len(asked) == 1
