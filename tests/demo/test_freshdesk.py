"""The simulator holds to what is known of the real one."""

import re

import httpx
import pytest

from demo.freshdesk import Simulator, shapes
from demo.freshdesk.transport import SimulatorTransport

TICKET = {"subject": "S", "description": "D", "email": "test-ticket@uni.example", "status": 2, "priority": 1, "source": 2}


def test_a_created_ticket_has_the_recorded_keys_and_headers(api):
    answer = api.post("tickets", json=TICKET)
    assert answer.status_code == 201
    assert list(answer.json()) == shapes.CREATED_TICKET
    assert answer.headers["location"] == "http://sim.test/api/v2/tickets/1"
    assert (answer.headers["x-ratelimit-total"], answer.headers["x-ratelimit-remaining"]) == ("400.0", "399.0")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", answer.json()["created_at"])


def test_an_unknown_requester_becomes_a_contact_named_after_the_address(api):
    api.post("tickets", json=TICKET)
    [contact] = api.get("contacts", params={"email": "test-ticket@uni.example"}).json()
    assert contact["name"] == "Test-ticket"


def test_a_contact_belongs_to_the_company_of_its_domain_and_its_tickets_too(api):
    company = api.post("companies", json={"name": "Uni", "domains": ["uni.example"]}).json()
    assert api.post("tickets", json=TICKET).json()["company_id"] == company["id"]


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"created_at": "2020-01-01"}, "created_at", "invalid_field"),
        ({"subject": ""}, "subject", "missing_field"),
        ({"priority": "high"}, "priority", "datatype_mismatch"),
        ({"status": 99}, "status", "invalid_value"),
        ({"custom_fields": {"cf_none": 1}}, "cf_none", "invalid_field"),
        ({"company_id": 1}, "company_id", "incompatible_field"),
    ],
)
def test_a_bad_field_is_a_400_that_names_it(api, change, field, code):
    answer = api.post("tickets", json={**TICKET, **change})
    assert answer.status_code == 400
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]


def test_unknown_parameters_and_pages_are_refused(api):
    assert api.get("tickets/1", params={"per_page": 5}).json()["errors"][0]["code"] == "invalid_field"
    assert api.get("tickets", params={"per_page": 101}).status_code == 400
    beyond = api.get("tickets", params={"page": 301}).json()["errors"][0]
    assert beyond == {
        "field": "page",
        "message": "You cannot access tickets beyond the 300th page. Please provide a smaller page number.",
        "code": "invalid_value",
    }


def test_without_the_key_it_is_401(api):
    answer = api.get("tickets", auth=("wrong", "X"))
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_credentials")


def test_what_is_not_there_is_an_empty_404_and_a_wrong_method_a_405(api):
    assert (api.get("tickets/99").status_code, api.get("tickets/99").content) == (404, b"")
    answer = api.put("ticket_fields", json={})
    assert (answer.status_code, answer.json()["message"]) == (405, "PUT method is not allowed. It should be one of these method(s): GET")


def test_the_link_header_is_there_only_while_there_is_more(api):
    for _ in range(3):
        api.post("tickets", json=TICKET)
    first = api.get("tickets", params={"per_page": 2})
    assert "page=2" in first.headers["link"]
    assert "link" not in api.get("tickets", params={"per_page": 2, "page": 2}).headers


def test_without_updated_since_a_list_forgets_after_30_days(api, simulator):
    api.post("tickets", json=TICKET)
    simulator.account.clock.advance(31 * 24 * 3600)
    assert api.get("tickets").json() == []
    assert len(api.get("tickets", params={"updated_since": "2020-01-01T00:00:00Z"}).json()) == 1


def test_updated_since_is_inclusive(api):
    ticket = api.post("tickets", json=TICKET).json()
    assert [row["id"] for row in api.get("tickets", params={"updated_since": ticket["updated_at"]}).json()] == [1]


def test_includes_cost_credits_and_lists_cost_more(api):
    api.post("tickets", json=TICKET)
    assert api.get("tickets", params={"include": "stats,requester"}).headers["x-ratelimit-used-currentrequest"] == "5"
    assert api.get("tickets/1", params={"include": "conversations,company"}).headers["x-ratelimit-used-currentrequest"] == "3"


def test_included_conversations_stop_at_ten(api):
    api.post("tickets", json=TICKET)
    for number in range(12):
        api.post("tickets/1/notes", json={"body": f"{number}"})
    assert len(api.get("tickets/1", params={"include": "conversations"}).json()["conversations"]) == 10
    assert len(api.get("tickets/1/conversations").json()) == 12


def test_a_reply_and_a_note_have_their_own_keys_and_bump_the_ticket(api, simulator):
    created = api.post("tickets", json=TICKET).json()
    simulator.account.clock.advance(60)
    assert list(api.post("tickets/1/reply", json={"body": "Hi"}).json()) == shapes.REPLY
    note = api.post("tickets/1/notes", json={"body": "<p>n</p>"}).json()
    assert (list(note), note["private"]) == (shapes.NOTE, True)
    assert api.get("tickets/1").json()["updated_at"] > created["updated_at"]
    assert list(api.get("tickets/1/conversations").json()[0]) == shapes.LISTED_CONVERSATION


def test_plain_text_comes_back_wrapped(api):
    api.post("tickets", json=TICKET)
    assert api.post("tickets/1/reply", json={"body": "Hi"}).json()["body"] == "<div>Hi</div>"


def test_saying_the_same_again_does_not_bump(api, simulator):
    created = api.post("tickets", json=TICKET).json()
    simulator.account.knobs.due_by_delay = 999
    simulator.account.clock.advance(1.5)
    assert api.put("tickets/1", json={"status": 2}).status_code == 200
    simulator.account.clock.advance(-1.5)
    assert api.get("tickets/1").json()["updated_at"] == created["updated_at"]


def test_a_duplicate_contact_is_409_with_the_holder(api):
    holder = api.post("contacts", json={"name": "A", "email": "a@b.example"}).json()
    answer = api.post("contacts", json={"name": "B", "email": "A@b.example"})
    assert answer.status_code == 409
    assert answer.json()["errors"] == [
        {
            "field": "email",
            "additional_info": {"user_id": holder["id"]},
            "message": "It should be a unique value",
            "code": "duplicate_value",
        }
    ]


def test_an_agent_is_no_contact(api):
    answer = api.put(f"contacts/{api.get('agents/me').json()['id']}", json={"name": "x"})
    assert (answer.status_code, answer.content) == (404, b"")


def test_a_responder_outside_the_group_silently_falls_away(api, simulator):
    group = api.get("groups").json()[0]["id"]
    ticket = api.post("tickets", json={**TICKET, "group_id": group, "responder_id": 5}).json()
    assert ticket["responder_id"] is None


def test_spam_and_deleted_vanish_from_the_list_and_refuse_changes(api, simulator):
    api.post("tickets", json=TICKET)
    assert api.delete("tickets/1").status_code == 204
    assert api.get("tickets").json() == []
    assert api.put("tickets/1", json={"status": 3}).status_code == 405
    assert api.delete("tickets/1").status_code == 405
    assert api.get("tickets", params={"filter": "deleted"}).json()[0]["id"] == 1
    assert api.put("tickets/1/restore").status_code == 204
    assert api.get("tickets").json()[0]["id"] == 1


def test_the_budget_runs_out_and_comes_back(api, simulator):
    simulator.account.knobs.limit = 2
    assert [api.get("groups").status_code for _ in range(3)] == [200, 200, 429]
    assert int(api.get("groups").headers["retry-after"]) > 0
    simulator.account.clock.advance(61)
    assert api.get("groups").status_code == 200


def test_a_late_creation_happens_later(api, simulator):
    simulator.faults.arm("late", method="POST", path="tickets", seconds=30)
    with pytest.raises(httpx.RemoteProtocolError):
        api.post("tickets", json=TICKET)
    assert api.get("tickets").json() == []
    simulator.account.clock.advance(31)
    assert len(api.get("tickets").json()) == 1


def test_faults_are_armed_and_cleared_at_the_door(api, browser):
    assert browser.post("/_control/faults", json={"kind": "error", "times": 0}).status_code == 201
    assert api.get("groups").status_code == 503
    assert browser.get("/_control/faults").json()[0]["kind"] == "error"
    browser.delete("/_control/faults")
    assert api.get("groups").status_code == 200
    assert browser.post("/_control/faults", json={"kind": "earthquake"}).status_code == 400
    assert browser.put("/_control/knobs", json={"limit": 7}).json()["limit"] == 7
    assert browser.put("/_control/knobs", json={"nonsense": 7}).status_code == 400


def test_the_agent_answers_by_browser(api, browser):
    company = api.post("companies", json={"name": "Ocean Lab", "domains": ["uni.example"]}).json()
    api.post("tickets", json={**TICKET, "subject": "<b>Bold</b>", "description": "<p>Help</p><script>alert(1)</script>"})
    listed = browser.get("/").text
    assert "&lt;b&gt;Bold&lt;/b&gt;" in listed
    assert company["name"] in listed
    page = browser.post("/tickets/1/reply", data={"body": "Try again\n\nnow", "status": "3"}).text
    assert "<p>Try again</p><p>now</p>" in page
    assert "<script" not in page
    reply = api.get("tickets/1/conversations").json()[0]
    assert (reply["incoming"], reply["private"], reply["user_id"] == api.get("agents/me").json()["id"]) == (False, False, False)
    assert api.get("tickets/1").json()["status"] == 3


def test_the_agent_notes_and_marks_and_the_requester_writes(api, browser):
    browser.post("/mail", data={"email": "new@other.example", "subject": "From outside", "body": "Hello"})
    browser.post("/tickets/1/note", data={"body": "for us"})
    browser.post("/tickets/1/mail", data={"body": "more"})
    assert [(row["private"], row["incoming"]) for row in api.get("tickets/1/conversations").json()] == [(True, False), (False, True)]
    browser.post("/tickets/1/spam")
    assert "Restore" in browser.get("/tickets/1").text
    assert browser.get("/tickets/77").status_code == 404
    assert browser.get("/style.css").headers["content-type"].startswith("text/css")


def test_it_remembers_in_its_folder(tmp_path):
    for _ in range(2):
        simulator = Simulator(tmp_path, key="key")
        with httpx.Client(transport=SimulatorTransport(simulator), base_url="http://sim.test/api/v2/", auth=("key", "X")) as client:
            client.post("tickets", json=TICKET)
        simulator.store.close()
    simulator = Simulator(tmp_path)
    assert len(simulator.store.tickets.find()) == 2
    assert len(simulator.store.agents.find()) == 3
    simulator.store.close()
