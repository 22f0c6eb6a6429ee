"""The budget: credits a minute, calls a minute of four kinds, and what is written down of both."""

import pytest

from demo.freshdesk.knobs import Knobs

TICKET = {"subject": "S", "description": "D", "email": "lena@uni.example"}


LIMITED = [
    ("ticket_creates", ("POST", "tickets", TICKET)),
    ("ticket_updates", ("PUT", "tickets/1", {"priority": 2})),
    ("ticket_lists", ("GET", "tickets", None)),
    ("contact_lists", ("GET", "contacts", None)),
]


@pytest.mark.parametrize(("knob", "call"), LIMITED)
def test_a_kind_of_call_may_have_a_limit_of_its_own(api, simulator, ticket, knob, call):
    def ask():
        method, path, body = call
        return api.request(method, path, json=body)

    simulator.account.clock.advance(61)
    simulator.account.knobs.turn(knob, 2)
    first, second, third = ask(), ask(), ask()
    assert (first.is_success, second.is_success, third.status_code) == (True, True, 429)
    assert float(third.headers["x-ratelimit-remaining"]) > 0
    assert 0 < int(third.headers["retry-after"]) <= 60
    assert api.get("groups").status_code == 200
    simulator.account.clock.advance(int(third.headers["retry-after"]))
    assert ask().is_success


def test_whoever_waits_as_told_is_let_in(api, simulator):
    simulator.account.knobs.limit = 1
    api.get("groups")
    simulator.account.clock.advance(int(api.get("groups").headers["retry-after"]))
    assert api.get("groups").status_code == 200


def test_a_sliding_minute_frees_only_what_is_a_minute_old(api, simulator):
    simulator.account.knobs.limit, simulator.account.knobs.window = 3, "sliding"
    api.get("groups")
    simulator.account.clock.advance(50)
    statuses = [api.get("groups").status_code for _ in range(2)]
    simulator.account.clock.advance(11)
    statuses += [api.get("groups").status_code for _ in range(2)]
    assert statuses == [200, 200, 200, 429]
    assert 40 < int(api.get("groups").headers["retry-after"]) <= 50


def test_a_plan_sets_all_limits(api, simulator):
    simulator.account.knobs.follow("growth")
    assert api.get("groups").headers["x-ratelimit-total"] == "200.0"
    knobs = simulator.account.knobs
    assert (knobs.ticket_creates, knobs.ticket_updates, knobs.ticket_lists, knobs.contact_lists) == (80, 80, 20, 20)


@pytest.mark.parametrize(
    ("style", "headers"),
    [
        ("float", {"x-ratelimit-total": "400.0", "x-ratelimit-remaining": "399.0", "x-ratelimit-used-currentrequest": "1"}),
        ("int", {"x-ratelimit-total": "400", "x-ratelimit-remaining": "399", "x-ratelimit-used-currentrequest": "1"}),
        ("missing", {}),
    ],
)
def test_the_headers_are_floats_ints_or_not_there(api, simulator, style, headers):
    simulator.account.knobs.rate_headers = style
    answer = api.get("groups")
    assert {name: value for name, value in answer.headers.items() if name.startswith("x-ratelimit")} == headers


def test_what_was_spent_is_written_down_by_route(api, simulator, ticket):
    api.get("tickets", params={"include": "stats"})
    api.get("tickets/1", params={"include": "conversations"})
    api.get("nowhere")
    assert dict(simulator.budget.spent_on) == {"POST tickets": 1, "GET tickets": 3, "GET tickets/<ticket_id>": 2, "unknown": 1}
    assert simulator.budget.used_ever == 7


def test_the_worst_minute_is_found_across_the_windows_border(api, simulator):
    for seconds in (50, 15, 55, 200):
        for _ in range(3):
            api.get("groups")
        simulator.account.clock.advance(seconds)
    assert simulator.budget.most_in_a_minute() == 6
    assert simulator.budget.most_calls_in_a_minute("GET groups") == 6
    assert simulator.budget.most_calls_in_a_minute("GET tickets") == 0


def test_files_cost_nothing(api, browser, simulator):
    link = api.post("tickets", data=TICKET, files=[("attachments[]", ("a", b"x"))]).json()["attachments"][0]["attachment_url"]
    before = simulator.budget.used_ever
    assert browser.get(link).content == b"x"
    assert simulator.budget.used_ever == before


def test_there_is_no_knob_by_another_name():
    with pytest.raises(ValueError, match="there is no knob nonsense"):
        Knobs().turn("nonsense", 1)
