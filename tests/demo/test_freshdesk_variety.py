"""The same answer on another account, and the settings somebody reads rarely."""

import pytest

MAIL = {"email": "lena@uni.example", "subject": "S", "description": "D", "email_config_id": 158000601}


def test_an_untold_key_may_be_on_every_object(api, simulator, ticket):
    api.post("tickets/1/notes", json={"body": "n"})
    simulator.account.knobs.untold_keys = True
    shown = api.get("tickets/1", params={"include": "conversations,requester"}).json()
    rows = [shown, shown["conversations"][0], shown["requester"], api.get("contacts").json()[0], api.get("tickets").json()[0]]
    assert [row["brand_new"] for row in rows] == [{"since": "today", "numbers": [1, 2]}] * 5
    assert "brand_new" not in api.get("tickets/9", params={"x": 1}).json()


def test_an_empty_list_may_be_null(api, simulator, ticket):
    simulator.account.knobs.null_lists = True
    [row] = api.get("tickets").json()
    assert (row["cc_emails"], row["fwd_emails"], row["to_emails"], row["tags"]) == (None, None, None, [])


def test_a_link_may_be_written_loosely(api, simulator, ticket):
    api.post("tickets", json={**MAIL, "email_config_id": None})
    simulator.account.knobs.loose_links = True
    assert api.get("tickets", params={"per_page": 1}).headers["link"] == '< http://sim.test/api/v2/tickets?per_page=1&page=2>;rel="next"'


@pytest.mark.parametrize("path", ["roles", "products", "business_hours", "email_configs", "sla_policies"])
def test_settings_are_lists(api, path):
    [row] = api.get(path).json()
    assert row["created_at"] == api.get("agents/me").json()["created_at"]
    assert api.get(path, params={"page": 2}).json() == []


def test_the_account_and_the_helpdesk_say_what_they_are(api):
    assert (api.get("account").json()["account_domain"], api.get("account").json()["total_agents"]["full_time"]) == ("sim.test", 3)
    assert api.get("settings/helpdesk").json()["primary_language"] == "en"


def test_our_own_mail_opens_a_closed_ticket_whose_words_stay(api):
    made = api.post("tickets/outbound_email", json=MAIL).json()
    assert (made["source"], made["status"]) == (10, 5)
    refused = api.put(f"tickets/{made['id']}", json={"subject": "other"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "subject")
    assert api.put(f"tickets/{made['id']}", json={"priority": 2}).status_code == 200
    assert api.post("tickets/outbound_email", json={"email": "a@b.example"}).status_code == 400


def test_a_forward_is_a_conversation_of_its_own_kind(api, simulator, ticket):
    simulator.agent_does(1, "forward", body="fyi", to_emails=["x@else.example"])
    [row] = api.get("tickets/1/conversations").json()
    assert (row["source"], row["category"], row["to_emails"], row["private"]) == (8, 2, ["x@else.example"], True)


def test_what_an_erased_contact_said_elsewhere_is_nobodys(api, ticket):
    other = api.post("contacts", json={"name": "O", "email": "o@uni.example"}).json()["id"]
    api.post("tickets/1/notes", json={"body": "n", "user_id": other, "incoming": True, "private": False})
    api.delete(f"contacts/{other}/hard_delete", params={"force": "true"})
    assert [row["user_id"] for row in api.get("tickets/1/conversations").json()] == [None]
