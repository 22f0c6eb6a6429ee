"""The connection: what is sent once and what again, who waits, and answers nobody promised."""

from datetime import UTC, datetime

import httpx
import pytest

from demo.freshdesk.transport import SimulatorTransport
from ground.errors import Rejected, Unavailable
from support.freshdesk import Freshdesk
from support.freshdesk.budget import Lane, OwnBudget
from support.freshdesk.drafts import ContactFacts, NewNote, NewTicket, TicketChanges
from support.freshdesk.multipart import File
from support.freshdesk.wire import Wire
from tests.support.freshdesk.answering import API, Saying, Stopped, client, rows, saying

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
ASK = NewTicket(subject="Kernel dies", description="<p>At noon</p>", email="lena@uni.example", name="Lena")


def test_a_wrong_key_is_rejected_with_401(simulator):
    with (
        Freshdesk("http://acme.freshdesk.test", "wrong", transport=SimulatorTransport(simulator)) as client,
        pytest.raises(Rejected) as refusal,
    ):
        client.me()
    assert refusal.value.status == 401


def test_a_lost_answer_to_a_creation_is_unknown_and_not_repeated(freshdesk, simulator):
    simulator.faults.arm("drop", method="POST", path="tickets")
    with pytest.raises(Unavailable) as outage:
        freshdesk.create_ticket(ASK)
    assert outage.value.outcome_unknown
    assert len(simulator.store.tickets.find()) == 1


@pytest.mark.parametrize("kind", ["error", "html"])
def test_a_5xx_to_a_creation_is_unknown_and_not_repeated(freshdesk, simulator, kind):
    simulator.faults.arm(kind, times=0)
    with pytest.raises(Unavailable) as outage:
        freshdesk.create_ticket(ASK)
    assert outage.value.outcome_unknown
    assert simulator.budget.used == 1


def test_reading_is_tried_again_until_it_works(freshdesk, simulator):
    simulator.faults.arm("error")
    simulator.faults.arm("drop")
    assert freshdesk.me().name == "Hubdesk integration"


def test_a_short_retry_after_is_waited_for_and_a_long_one_handed_on(freshdesk, simulator):
    simulator.faults.arm("throttle", seconds=1)
    assert freshdesk.me().name
    simulator.faults.arm("throttle", seconds=40, times=0)
    with pytest.raises(Unavailable) as outage:
        freshdesk.me()
    assert (outage.value.retry_after, outage.value.outcome_unknown) == (40, False)


def test_a_throttled_creation_is_known_not_to_have_happened(freshdesk, simulator):
    simulator.faults.arm("throttle", seconds=9)
    with pytest.raises(Unavailable) as outage:
        freshdesk.create_ticket(ASK)
    assert (outage.value.outcome_unknown, outage.value.retry_after) == (False, 9)


def test_a_timeout_of_a_change_is_unknown(freshdesk, simulator):
    ticket = freshdesk.create_ticket(ASK)
    simulator.faults.arm("slow", seconds=30, path=f"tickets/{ticket.id}/reply")
    with pytest.raises(Unavailable) as outage:
        freshdesk.reply(ticket.id, body="<p>Hello</p>")
    assert outage.value.outcome_unknown
    assert len(freshdesk.conversations(ticket.id)) == 1


def test_nobody_at_the_address_means_nothing_happened():
    def refuse(request):
        raise httpx.ConnectError("refused", request=request)

    with (
        Freshdesk("http://acme.freshdesk.test", "key", transport=httpx.MockTransport(refuse)) as client,
        pytest.raises(Unavailable) as outage,
    ):
        client.create_ticket(ASK)
    assert not outage.value.outcome_unknown


@pytest.mark.parametrize("answer", [httpx.Response(404), httpx.Response(404, html="<h1>no</h1>"), httpx.Response(404, json=["odd"])])
def test_a_404_of_any_body_is_rejected(answer):
    with saying(answer) as client, pytest.raises(Rejected) as refusal:
        client.ticket(7)
    assert (refusal.value.status, refusal.value.errors) == (404, [])


def test_a_redirect_is_not_followed():
    with saying(httpx.Response(302, headers={"location": "https://evil.example/"})) as client, pytest.raises(Rejected) as refusal:
        client.me()
    assert refusal.value.status == 302


def test_a_success_that_is_not_json_is_an_outage():
    with saying(httpx.Response(200, html="<h1>Maintenance</h1>")) as client, pytest.raises(Unavailable):
        client.me()


@pytest.mark.parametrize(
    ("headers", "used"),
    [
        ({}, 1.0),
        ({"X-RateLimit-Used-CurrentRequest": "3"}, 3.0),
        ({"x-ratelimit-used-currentrequest": "2.0"}, 2.0),
        ({"x-ratelimit-used-currentrequest": "?"}, 1.0),
    ],
)
def test_credits_are_counted_whatever_the_headers_look_like(headers, used):
    with saying(httpx.Response(200, json={"id": 1}, headers=headers)) as client:
        client.me()
    assert client.credits_used == used


def test_a_retry_after_may_be_a_date():
    answer = httpx.Response(429, headers={"date": "Sun, 22 Nov 2026 10:00:00 GMT", "retry-after": "Sun, 22 Nov 2026 10:00:45 GMT"})
    with saying(answer) as client, pytest.raises(Unavailable) as outage:
        client.me()
    assert outage.value.retry_after == 45


def test_the_key_goes_with_every_request_to_the_api():
    said = Saying(httpx.Response(200, json={"id": 1}))
    with client(said) as freshdesk:
        freshdesk.me()
    [request] = said.asked
    assert (request.url.host, request.headers["authorization"]) == ("acme.freshdesk.test", "Basic a2V5Olg=")


@pytest.mark.parametrize("path", ["https://evil.example/tickets", "/tickets", "//evil.example/"])
def test_only_what_is_below_the_api_is_asked_for(path):
    with Wire(API, "key") as wire, pytest.raises(ValueError, match="not relative"):
        wire.get(path)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200),
        httpx.Response(200, json=None),
        httpx.Response(200, json="odd"),
        httpx.Response(200, json=[1, 2]),
        httpx.Response(200, html="<h1>Maintenance</h1>"),
        httpx.Response(200, content=b"\xff\xfe{"),
    ],
)
def test_a_good_answer_of_the_wrong_kind_is_an_outage_and_of_a_change_unknown(answer):
    with saying(answer) as freshdesk:
        with pytest.raises(Unavailable) as outage:
            freshdesk.me()
        assert not outage.value.outcome_unknown
        with pytest.raises(Unavailable) as outage:
            freshdesk.create_ticket(ASK)
        assert outage.value.outcome_unknown


def test_an_object_in_place_of_a_list_is_an_outage():
    with saying(httpx.Response(200, json={"tickets": []})) as freshdesk, pytest.raises(Unavailable, match="dict in place of list"):
        freshdesk.agents()


@pytest.mark.parametrize("row", [None, 3, "x", ["x"]])
def test_a_row_that_is_no_object_is_an_outage(row):
    with saying(rows({"id": 1}, row)) as freshdesk, pytest.raises(Unavailable):
        freshdesk.agents()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"code": "require_feature", "message": "The Surveys feature(s) is/are not supported in your plan."}, "require_feature"),
        ({"description": "Validation failed", "errors": [{"field": "name", "code": "missing_field"}]}, "missing_field"),
        ({"description": "Validation failed", "errors": "odd"}, ""),
        ({"description": "Validation failed", "errors": [3, {"field": "name", "code": None}]}, ""),
        (None, ""),
    ],
)
def test_a_refusal_has_freshdesks_own_word(body, code):
    with saying(httpx.Response(403, json=body)) as freshdesk, pytest.raises(Rejected) as refusal:
        freshdesk.me()
    assert (refusal.value.status, refusal.value.code) == (403, code)


def test_an_answer_that_cannot_be_unpacked_is_an_outage():
    def broken():
        return httpx.Response(200, headers={"content-encoding": "gzip"}, stream=httpx.ByteStream(b"not gzip"))

    with saying(broken) as freshdesk, pytest.raises(Unavailable):
        freshdesk.me()


@pytest.mark.parametrize(
    "trouble", [httpx.ReadTimeout("slow"), httpx.ReadError("reset"), httpx.Response(500), httpx.Response(502, html="x")]
)
def test_what_may_be_said_twice_is_tried_three_times(trouble):
    said = Saying(trouble)
    with client(said) as freshdesk:
        for ask in (freshdesk.me, lambda: freshdesk.update_ticket(7, TicketChanges(status=4)), lambda: freshdesk.delete_ticket(7)):
            with pytest.raises(Unavailable):
                ask()
    assert [method for method, _ in said.paths] == ["GET"] * 3 + ["PUT"] * 3 + ["DELETE"] * 3


@pytest.mark.parametrize("trouble", [httpx.ReadTimeout("slow"), httpx.Response(502), httpx.Response(429, headers={"retry-after": "1"})])
def test_what_adds_something_is_sent_once(trouble):
    file = File("a.txt", b"x", "text/plain")
    asks = (
        lambda freshdesk: freshdesk.create_ticket(ASK),
        lambda freshdesk: freshdesk.reply(7, body="x"),
        lambda freshdesk: freshdesk.note(7, NewNote(body="x")),
        lambda freshdesk: freshdesk.create_contact(ContactFacts(name="x", email="x@y.example")),
        lambda freshdesk: freshdesk.update_ticket(7, TicketChanges(status=4), files=[file]),
        lambda freshdesk: freshdesk.merge_tickets(7, [8]),
    )
    for ask in asks:
        said = Saying(trouble)
        with client(said) as freshdesk, pytest.raises(Unavailable) as outage:
            ask(freshdesk)
        assert len(said.asked) == 1
        assert outage.value.outcome_unknown == (getattr(trouble, "status_code", 0) != 429)


def test_a_retry_after_holds_for_every_call_that_follows():
    clock = Stopped()
    said = Saying(httpx.Response(429, headers={"retry-after": "3"}), httpx.Response(200, json={"id": 1}))
    with client(said, clock=clock) as freshdesk:
        with pytest.raises(Unavailable):
            freshdesk.reply(7, body="x")
        assert freshdesk.me().id == 1
    assert clock.waits == [3]


def test_a_storm_of_429s_is_outlasted_by_who_has_the_patience():
    clock = Stopped()
    storm = [httpx.Response(429, headers={"retry-after": "20"})] * 8
    said = Saying(*storm, httpx.Response(200, json={"id": 1}))
    with client(said, clock=clock, patience=60) as freshdesk:
        assert freshdesk.me().id == 1
    assert clock.waits == [20] * 8


def test_a_429_that_does_not_say_how_long_is_a_minute():
    with saying(httpx.Response(429)) as freshdesk, pytest.raises(Unavailable) as outage:
        freshdesk.me()
    assert outage.value.retry_after == 60


def test_who_has_no_patience_is_told_how_long_before_anything_is_sent():
    said = Saying(httpx.Response(200, json={"id": 1}, headers={"x-ratelimit-total": "10.0"}))
    with client(said, lane=Lane.BACKFILL) as freshdesk:
        for _ in range(7):
            freshdesk.me()
        with pytest.raises(Unavailable) as outage:
            freshdesk.me()
    assert (len(said.asked), outage.value.retry_after, outage.value.outcome_unknown) == (7, 63, False)


def test_lists_stay_below_their_own_limit():
    clock = Stopped()
    said = Saying(httpx.Response(200, json=[], headers={"x-ratelimit-total": "200.0"}))
    with client(said, clock=clock, patience=90) as freshdesk:
        for _ in range(21):
            freshdesk.tickets(updated_since=LONG_AGO)
    assert clock.waits == [63]


@pytest.mark.parametrize(
    ("ask", "credits_"),
    [
        (lambda freshdesk: freshdesk.tickets(updated_since=LONG_AGO), 1),
        (lambda freshdesk: freshdesk.tickets(updated_since=LONG_AGO, include=("description", "stats")), 5),
        (lambda freshdesk: freshdesk.contacts(updated_since=LONG_AGO), 1),
    ],
)
def test_a_call_pays_what_it_costs_before_it_leaves(ask, credits_):
    budget = OwnBudget(Stopped())
    with saying(httpx.Response(200, json=[], headers={"x-ratelimit-used-currentrequest": str(credits_)}), budget=budget) as freshdesk:
        ask(freshdesk)
    assert [each.credits for each in budget.ledger.spent] == [credits_]


def test_a_view_pays_one_credit_for_each_include():
    budget = OwnBudget(Stopped())
    with saying(httpx.Response(500), budget=budget) as freshdesk, pytest.raises(Unavailable):
        freshdesk.ticket(7, include=("conversations", "requester"))
    assert budget.ledger.used(1000.0) == 9  # three tries


def test_the_servers_clock_comes_with_pages_and_objects():
    at = {"date": "Sun, 22 Nov 2026 10:00:00 GMT"}
    noon = datetime(2026, 11, 22, 10, tzinfo=UTC)
    with saying(httpx.Response(200, json=[{"id": 1}], headers=at), httpx.Response(200, json={"id": 1}, headers=at)) as freshdesk:
        page, ticket = freshdesk.tickets(updated_since=LONG_AGO), freshdesk.ticket(1)
    assert (page.at, page.items[0].seen_at, ticket.seen_at) == (noon, noon, noon)


def test_a_name_nobody_knows_is_no_answer_and_nothing_happened():
    with saying(httpx.ConnectTimeout("nobody")) as freshdesk, pytest.raises(Unavailable) as outage:
        freshdesk.reply(7, body="x")
    assert not outage.value.outcome_unknown
