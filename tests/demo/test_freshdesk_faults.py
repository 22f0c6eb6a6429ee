"""What goes wrong on request."""

import httpx
import pytest

TICKET = {"subject": "S", "description": "D", "email": "lena@uni.example"}


def count(simulator):
    return len(simulator.store.tickets.find())


@pytest.mark.parametrize(("kind", "made"), [("drop", 1), ("down", 0)])
def test_a_broken_connection_says_nothing_of_what_was_done(api, simulator, kind, made):
    simulator.faults.arm(kind, method="POST")
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        api.post("tickets", json=TICKET)
    assert count(simulator) == made


def test_a_reset_comes_in_the_middle_of_the_body(api, simulator):
    simulator.faults.arm("reset", path="tickets")
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
        api.post("tickets", json=TICKET)
    assert count(simulator) == 1
    simulator.faults.arm("reset", path="tickets")
    with api.stream("GET", "tickets") as answer:
        assert answer.status_code == 200
        with pytest.raises(httpx.RemoteProtocolError):
            answer.read()


@pytest.mark.parametrize(
    ("fault", "status", "content"),
    [
        ({"kind": "error"}, 503, b'{"code": "internal_error", "message": "We\'re sorry, but something went wrong."}'),
        ({"kind": "error", "status": 500}, 500, b'{"code": "internal_error", "message": "We\'re sorry, but something went wrong."}'),
        ({"kind": "empty404"}, 404, b""),
    ],
)
def test_an_error_does_nothing(api, simulator, fault, status, content):
    simulator.faults.arm(**fault)
    answer = api.post("tickets", json=TICKET)
    assert (answer.status_code, answer.content, count(simulator)) == (status, content, 0)


def test_the_edge_answers_in_html(api, simulator):
    simulator.faults.arm("html")
    answer = api.post("tickets", json=TICKET)
    assert (answer.status_code, answer.headers["content-type"], count(simulator)) == (502, "text/html", 0)
    assert "502 Bad Gateway" in answer.text


def test_what_is_too_much_is_said_in_three_ways(api, simulator):
    simulator.faults.arm("throttle", times=3, seconds=7)
    answers = [api.get("groups") for _ in range(3)]
    assert {(answer.status_code, answer.headers["retry-after"]) for answer in answers} == {(429, "7")}
    assert len({answer.content for answer in answers}) == 3


def test_a_storm_refuses_everybody_for_a_while(api, simulator):
    simulator.faults.arm("storm", path="tickets", seconds=45)
    assert api.get("groups").status_code == 200
    assert api.get("tickets").status_code == 429
    simulator.account.clock.advance(40)
    refused = api.get("groups")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "5")
    simulator.account.clock.advance(6)
    assert api.get("groups").status_code == 200
    simulator.faults.arm("storm", seconds=45)
    api.get("groups")
    simulator.faults.clear()
    assert api.get("groups").status_code == 200


def test_nobody_waits_long_for_a_slow_answer_and_it_was_done_all_the_same(api, simulator):
    simulator.faults.arm("slow", seconds=60)
    with pytest.raises(httpx.ReadTimeout):
        api.post("tickets", json=TICKET)
    assert count(simulator) == 1
    simulator.faults.arm("slow", seconds=0.01)
    assert api.get("groups").status_code == 200


def test_a_fault_waits_for_its_method_and_path_and_times(api, simulator):
    simulator.faults.arm("error", method="GET", path=r"tickets/\d+", times=2)
    assert [api.get(path).status_code for path in ("groups", "tickets/1", "tickets/1", "tickets/1")] == [200, 503, 503, 404]


def test_chance_is_seeded(api, simulator):
    def struck():
        simulator.faults.seed(5)
        return [api.get("groups").status_code for _ in range(40)]

    simulator.faults.arm("error", times=0, probability=0.3)
    first = struck()
    assert first == struck()
    assert 5 < first.count(503) < 20
    assert set(first) == {200, 503}


def test_a_fault_of_no_kind_or_with_a_wrong_wish_is_refused(simulator):
    with pytest.raises(ValueError, match="kind is one of"):
        simulator.faults.arm("earthquake")
    with pytest.raises(ValueError, match="magnitude"):
        simulator.faults.arm("error", magnitude=7)


def test_somebody_acts_in_the_middle_of_a_walk(api, simulator):
    for _ in range(4):
        api.post("tickets", json=TICKET)
        simulator.account.clock.advance(60)
    walk = {"updated_since": "2020-01-01", "order_by": "updated_at", "order_type": "asc", "per_page": 2}
    seen = []

    def delete_the_first(request):
        if request.query.get("page") == "2":
            api.delete("tickets/1")
            seen.append(request.path)

    simulator.before_answer.append(delete_the_first)
    pages = [[row["id"] for row in api.get("tickets", params={**walk, "page": page}).json()] for page in (1, 2)]
    assert pages == [[1, 2], [4]]  # the third slid to the first page and was skipped
    assert seen == ["/api/v2/tickets"]
