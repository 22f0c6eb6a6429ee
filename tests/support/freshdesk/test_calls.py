"""Calls that the rehearsal does not know yet: what is asked, and what is made of the answer."""

from datetime import UTC, datetime

import httpx
import pytest

from ground.errors import Rejected
from support.freshdesk.drafts import MergeNote, TicketChanges
from tests.support.freshdesk.answering import Saying, client, rows, saying

SINCE = datetime(2026, 11, 22, 10, tzinfo=UTC)
NO_CONTENT = httpx.Response(204)


def asked(answer, ask):
    """Method and path of one call, and what it came to."""
    said = Saying(answer)
    with client(said) as freshdesk:
        result = ask(freshdesk)
    return said.paths, result


@pytest.mark.parametrize(
    ("ask", "path"),
    [
        (lambda freshdesk: freshdesk.ticket(7), "tickets/7"),
        (lambda freshdesk: freshdesk.ticket(7, include=("conversations", "stats")), "tickets/7?include=conversations%2Cstats"),
        (lambda freshdesk: freshdesk.archived_ticket(7), "tickets/archived/7"),
        (lambda freshdesk: freshdesk.group(3), "groups/3"),
    ],
)
def test_one_object_is_asked_for_by_its_path(ask, path):
    paths, found = asked(httpx.Response(200, json={"id": 7, "archived": True}), ask)
    assert (paths, found.id) == ([("GET", path)], 7)


@pytest.mark.parametrize(
    ("ask", "path"),
    [
        (lambda freshdesk: freshdesk.archived_conversations(7), "tickets/archived/7/conversations?page=1&per_page=100"),
        (lambda freshdesk: freshdesk.canned_response_folders(), "canned_response_folders?page=1&per_page=100"),
        (lambda freshdesk: freshdesk.canned_responses(5), "canned_response_folders/5/responses?page=1&per_page=100"),
        (lambda freshdesk: freshdesk.groups(), "groups?page=1&per_page=100"),
        (lambda freshdesk: freshdesk.ticket_fields(), "ticket_fields"),
    ],
)
def test_a_whole_list_is_asked_for_by_its_path(ask, path):
    paths, found = asked(rows({"id": 1}, {"id": 2}), ask)
    assert (paths, [each.id for each in found]) == ([("GET", path)], [1, 2])


@pytest.mark.parametrize(
    ("ask", "path"),
    [
        (lambda freshdesk: freshdesk.companies(), "companies?page=1&per_page=100"),
        (
            lambda freshdesk: freshdesk.companies(updated_since=SINCE, page=2),
            "companies?page=2&per_page=100&updated_since=2026-11-22T10%3A00%3A00Z",
        ),
        (lambda freshdesk: freshdesk.contacts(state="deleted", page=3), "contacts?page=3&per_page=100&state=deleted"),
        (
            lambda freshdesk: freshdesk.satisfaction_ratings(created_since=SINCE),
            "surveys/satisfaction_ratings?page=1&per_page=100&created_since=2026-11-22T10%3A00%3A00Z",
        ),
        (
            lambda freshdesk: freshdesk.time_entries(executed_after=SINCE),
            "time_entries?page=1&per_page=100&executed_after=2026-11-22T10%3A00%3A00Z",
        ),
        (lambda freshdesk: freshdesk.conversations_page(7, page=2), "tickets/7/conversations?page=2&per_page=100"),
        (
            lambda freshdesk: freshdesk.tickets(
                updated_since=SINCE, page=4, order_type="desc", filter_name="spam", company_id=9, requester_id=8, include=("stats",)
            ),
            "tickets?page=4&per_page=100&updated_since=2026-11-22T10%3A00%3A00Z&order_by=updated_at&order_type=desc&filter=spam&requester_id=8&company_id=9&include=stats",
        ),
    ],
)
def test_a_page_is_asked_for_by_its_path(ask, path):
    paths, page = asked(rows({"id": 1}, more=True), ask)
    assert (paths, [each.id for each in page.items], page.has_next) == ([("GET", path)], [1], True)


def test_a_whole_list_goes_on_to_the_last_page():
    said = Saying(rows({"id": 1}, more=True), rows({"id": 2}, more=True), rows({"id": 3}))
    with client(said) as freshdesk:
        assert [row.id for row in freshdesk.conversations(7)] == [1, 2, 3]


def listed(count):
    return [{"id": number} for number in range(count)]


@pytest.mark.parametrize("count", [0, 9])
def test_a_ticket_with_few_conversations_is_one_call(count):
    said = Saying(httpx.Response(200, json={"id": 7, "conversations": listed(count)}))
    with client(said) as freshdesk:
        whole = freshdesk.ticket_with_conversations(7)
    assert (len(said.asked), whole.ticket.id, len(whole.conversations)) == (1, 7, count)


@pytest.mark.parametrize("included", [{"conversations": listed(10)}, {"conversations": None}, {}])
def test_ten_included_conversations_may_be_more_and_none_may_be_a_gap(included):
    at = {"date": "Sun, 22 Nov 2026 10:00:00 GMT"}
    said = Saying(httpx.Response(200, json={"id": 7, **included}, headers=at), rows(*listed(100), more=True), rows({"id": 100}))
    with client(said) as freshdesk:
        whole = freshdesk.ticket_with_conversations(7)
    assert (len(said.asked), len(whole.conversations), whole.at) == (3, 101, SINCE)


@pytest.mark.parametrize(
    ("page", "total", "has_next"), [(1, 31, True), (1, 30, False), (9, 5000, True), (10, 5000, False), (1, None, False)]
)
def test_a_search_ends_at_three_hundred(page, total, has_next):
    paths, found = asked(
        httpx.Response(200, json={"total": total, "results": [{"id": 1, "new": 2}]}),
        lambda freshdesk: freshdesk.search_tickets("tag:'ext-1'", page=page),
    )
    assert paths == [("GET", f"search/tickets?query=%22tag%3A%27ext-1%27%22&page={page}")]
    assert ([each.raw for each in found.items], found.has_next, found.total) == ([{"id": 1, "new": 2}], has_next, total or 1)


def test_a_search_without_results_is_empty():
    _, found = asked(httpx.Response(200, json={}), lambda freshdesk: freshdesk.search_tickets("status:2"))
    assert (found.items, found.total) == ((), 0)


REMOVALS = [
    (lambda freshdesk: freshdesk.delete_ticket(7), ("DELETE", "tickets/7")),
    (lambda freshdesk: freshdesk.restore_ticket(7), ("PUT", "tickets/7/restore")),
    (lambda freshdesk: freshdesk.delete_conversation(7), ("DELETE", "conversations/7")),
    (lambda freshdesk: freshdesk.delete_attachment(7), ("DELETE", "attachments/7")),
    (lambda freshdesk: freshdesk.restore_contact(7), ("PUT", "contacts/7/restore")),
]


@pytest.mark.parametrize(("ask", "path"), REMOVALS)
def test_a_removal_is_done_sends_nothing_and_reads_nothing(ask, path):
    said = Saying(NO_CONTENT)
    with client(said) as freshdesk:
        assert ask(freshdesk)
    assert (said.paths, said.asked[0].content) == ([path], b"")


@pytest.mark.parametrize("status", [404, 405])
@pytest.mark.parametrize(("ask", "path"), REMOVALS)
def test_what_is_gone_already_is_gone(ask, path, status):
    assert asked(httpx.Response(status), ask) == ([path], False)


@pytest.mark.parametrize(("ask", "path"), REMOVALS)
def test_a_removal_may_be_refused(ask, path):
    with pytest.raises(Rejected) as refusal:
        asked(httpx.Response(403, json={"code": "access_denied"}), ask)
    assert refusal.value.code == "access_denied"


def test_a_merge_names_both_sides_and_their_notes():
    said = Saying(NO_CONTENT)
    with client(said) as freshdesk:
        freshdesk.merge_tickets(7, [8, 9], here=MergeNote(body="8 and 9 came in here"), there=MergeNote(body="See 7", private=False))
    [request] = said.asked
    assert said.paths == [("PUT", "tickets/merge")]
    assert request.content == (
        b'{"primary_id":7,"ticket_ids":[8,9],"note_in_primary":{"body":"8 and 9 came in here","private":true},'
        b'"note_in_secondary":{"body":"See 7","private":false}}'
    )


def test_a_note_is_changed_by_its_id():
    paths, note = asked(
        httpx.Response(200, json={"id": 5, "body": "<p>b</p>"}), lambda freshdesk: freshdesk.update_note(5, body="<p>b</p>")
    )
    assert (paths, note.body) == ([("PUT", "conversations/5")], "<p>b</p>")


def test_null_is_said_where_it_empties_a_field():
    said = Saying(httpx.Response(200, json={"id": 7}))
    with client(said) as freshdesk:
        freshdesk.update_ticket(7, TicketChanges(responder_id=None, type=None, tags=()))
    assert said.asked[0].content == b'{"type":null,"responder_id":null,"tags":[]}'


REFUSED = httpx.Response(400, json={"description": "Validation failed", "errors": [{"field": "updated_since", "code": "invalid_field"}]})


def test_the_filter_that_an_account_takes_is_found_once_and_remembered():
    said = Saying(REFUSED, rows())
    with client(said) as freshdesk:
        freshdesk.contacts(updated_since=SINCE)
        freshdesk.contacts(updated_since=SINCE, page=2)
    assert [request.url.params.get("_updated_since") for request in said.asked] == [None, "2026-11-22T10:00:00Z", "2026-11-22T10:00:00Z"]


def test_another_refusal_of_contacts_is_not_tried_around():
    said = Saying(httpx.Response(400, json={"errors": [{"field": "page", "code": "invalid_value"}]}))
    with client(said) as freshdesk, pytest.raises(Rejected):
        freshdesk.contacts(updated_since=SINCE, page=-1)
    assert len(said.asked) == 1


def test_an_account_that_takes_neither_filter_says_so():
    refused_too = httpx.Response(400, json={"errors": [{"field": "_updated_since", "code": "invalid_field"}]})
    with saying(REFUSED, refused_too) as freshdesk, pytest.raises(Rejected) as refusal:
        freshdesk.contacts(updated_since=SINCE)
    assert refusal.value.errors[0]["field"] == "_updated_since"


def test_contacts_that_were_not_filtered_are_asked_for_by_the_other_name():
    old, new = {"id": 1, "updated_at": "2020-01-01T00:00:00Z"}, {"id": 2, "updated_at": "2026-11-22T10:00:00Z"}
    said = Saying(rows(old, new), rows(new))
    with client(said) as freshdesk:
        assert [each.id for each in freshdesk.contacts(updated_since=SINCE).items] == [2]
        freshdesk.contacts(updated_since=SINCE)
    assert ["_updated_since" in request.url.params for request in said.asked] == [False, True, True]


def test_contacts_that_are_filtered_by_neither_name_come_all():
    old = {"id": 1, "updated_at": "2020-01-01T00:00:00Z"}
    said = Saying(rows(old))
    with client(said) as freshdesk:
        assert [each.id for each in freshdesk.contacts(updated_since=SINCE).items] == [1]
        freshdesk.contacts(updated_since=SINCE, page=2)
    assert len(said.asked) == 3


@pytest.mark.parametrize("answer", [{"companies": [{"id": 9, "name": "Ocean Lab"}]}, [{"id": 9, "name": "Ocean Lab"}]])
def test_a_company_is_found_in_either_answer(answer):
    said = Saying(httpx.Response(200, json=answer), httpx.Response(200, json={"id": 9, "name": "Ocean Lab"}))
    with client(said) as freshdesk:
        assert freshdesk.find_company("ocean lab").id == 9


@pytest.mark.parametrize(
    "answer", [httpx.Response(200), httpx.Response(200, json={"companies": None}), httpx.Response(200, json={"companies": []})]
)
def test_no_company_is_found_in_an_empty_answer(answer):
    with saying(answer) as freshdesk:
        assert freshdesk.find_company("Ocean Lab") is None
