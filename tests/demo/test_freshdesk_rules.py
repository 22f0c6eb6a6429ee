"""What the ticket form accepts, what it silently changes, and whom it shows a ticket."""

import pytest

TICKET = {"subject": "S", "description": "D", "email": "lena@uni.example"}


def refused(answer):
    assert answer.status_code == 400
    return [(error["field"], error["code"]) for error in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"cc_emails": ["a@b.example"]}, ("cc_emails", "invalid_field")),
        ({"created_at": "2020-01-01"}, ("created_at", "invalid_field")),
        ({"tags": ["x" * 33]}, ("tags", "invalid_value")),
        ({"tags": [1]}, ("tags", "datatype_mismatch")),
        ({"group_id": 7}, ("group_id", "invalid_value")),
        ({"responder_id": 7}, ("responder_id", "invalid_value")),
        ({"requester_id": 7}, ("requester_id", "invalid_value")),
        ({"due_by": "2001-01-01"}, ("due_by", "invalid_value")),
        ({"due_by": "2101-01-01", "status": 3}, ("due_by", "invalid_value")),
        ({"due_by": "soon"}, ("due_by", "invalid_value")),
    ],
)
def test_a_change_that_may_not_be_is_named(api, ticket, change, error):
    assert refused(api.put("tickets/1", json=change)) == [error]


def test_a_due_time_ahead_is_taken_and_stays(api, simulator):
    api.post("tickets", json={**TICKET, "due_by": "2101-01-01T10:00:00+02:00", "fr_due_by": "2101-01-01"})
    simulator.account.clock.advance(5)
    shown = api.get("tickets/1").json()
    assert (shown["due_by"], shown["fr_due_by"]) == ("2101-01-01T08:00:00Z", "2101-01-01T00:00:00Z")


def test_a_changed_due_time_may_show_only_later(api, simulator, ticket):
    simulator.account.clock.advance(5)
    before = api.get("tickets/1").json()["due_by"]
    simulator.account.knobs.late_due_by = True
    assert api.put("tickets/1", json={"due_by": "2101-01-01"}).json()["due_by"] == before
    simulator.account.clock.advance(5)
    assert api.get("tickets/1").json()["due_by"] == "2101-01-01T00:00:00Z"


def test_what_closing_needs_is_asked_for(api, simulator, ticket):
    simulator.account.knobs.required_for_closure = ["cf_hub"]
    assert refused(api.put("tickets/1", json={"status": 4})) == [("cf_hub", "missing_field")]
    assert api.put("tickets/1", json={"status": 5, "custom_fields": {"cf_hub": "north"}}).status_code == 200
    assert [row["name"] for row in api.get("ticket_fields").json() if row["required_for_closure"]] == ["cf_hub"]


def test_a_new_field_is_on_every_ticket_and_has_changed_none(api, browser, simulator, ticket):
    simulator.account.clock.advance(60)
    before = api.get("tickets").json()[0]["updated_at"]
    simulator.account.clock.advance(60)
    assert browser.post("/_control/fields", json={"name": "cf_size", "label": "Size", "kind": "custom_number"}).status_code == 201
    [row] = api.get("tickets").json()
    assert (row["custom_fields"], row["updated_at"]) == ({"cf_hub": None, "cf_size": None}, before)
    assert api.get("ticket_fields").json()[-1]["name"] == "cf_size"
    api.put("tickets/1", json={"custom_fields": {"cf_size": 3}})
    assert api.get("tickets/1").json()["custom_fields"] == {"cf_hub": None, "cf_size": 3}


@pytest.mark.parametrize(
    ("kind", "values", "code"),
    [
        ("custom_number", (3, "3"), "datatype_mismatch"),
        ("custom_number", (3, True), "datatype_mismatch"),
        ("custom_checkbox", (True, "true"), "datatype_mismatch"),
        ("custom_date", ("2026-01-31", "31.1.2026"), "invalid_value"),
        ("custom_dropdown", ("red", "blue"), "invalid_value"),
        ("custom_number", (3, None), "datatype_mismatch"),
    ],
)
def test_a_typed_field_takes_its_type_and_no_null_on_creation(api, simulator, kind, values, code):
    good, bad = values
    simulator.add_field("cf_typed", label="Typed", kind=kind, choices=["red"])
    assert refused(api.post("tickets", json={**TICKET, "custom_fields": {"cf_typed": bad}})) == [("cf_typed", code)]
    assert api.post("tickets", json={**TICKET, "custom_fields": {"cf_typed": good}}).json()["custom_fields"]["cf_typed"] == good


def test_a_form_says_typed_fields_in_words(api, simulator):
    simulator.add_field("cf_size", label="Size", kind="custom_number")
    simulator.add_field("cf_sure", label="Sure", kind="custom_checkbox")
    parts = {**TICKET, "custom_fields[cf_size]": "3", "custom_fields[cf_sure]": "true"}
    shown = api.post("tickets", files=[(name, (None, value)) for name, value in parts.items()]).json()
    assert shown["custom_fields"] == {"cf_hub": None, "cf_size": 3, "cf_sure": True}


def test_custom_fields_merge_and_tags_replace(api, simulator):
    simulator.add_field("cf_other", label="Other")
    api.post("tickets", json={**TICKET, "tags": ["a"], "custom_fields": {"cf_hub": "north"}})
    shown = api.put("tickets/1", json={"tags": ["b"], "custom_fields": {"cf_other": "x"}}).json()
    assert (shown["tags"], shown["custom_fields"]) == (["b"], {"cf_hub": "north", "cf_other": "x"})


def test_somebody_with_only_a_phone_needs_a_name(api):
    by_phone = {"subject": "S", "description": "D", "phone": "123"}
    assert refused(api.post("tickets", json=by_phone)) == [("name", "missing_field")]
    first = api.post("tickets", json={**by_phone, "name": "Lena"}).json()["requester_id"]
    assert api.post("tickets", json={**by_phone, "name": "Lena"}).json()["requester_id"] == first


def test_lists_are_cut_by_requester_and_company(api, simulator):
    company = api.post("companies", json={"name": "Uni", "domains": ["uni.example"]}).json()["id"]
    mine = api.post("tickets", json=TICKET).json()
    api.post("tickets", json={**TICKET, "email": "x@else.example"})
    for wish in ({"requester_id": mine["requester_id"]}, {"company_id": company}, {"email": "LENA@uni.example"}):
        assert [row["id"] for row in api.get("tickets", params={**wish, "updated_since": "2020-01-01"}).json()] == [1]
    assert refused(api.get("tickets", params={"requester_id": "me"})) == [("requester_id", "datatype_mismatch")]


def test_without_the_feature_a_stream_is_refused_and_the_rest_goes_on(api, simulator, ticket):
    simulator.account.knobs.unsupported = {"surveys", "time_entries", "companies", "archived"}
    for path in ("surveys", "tickets/1/satisfaction_ratings", "time_entries", "companies", "tickets/archived/1"):
        answer = api.get(path)
        assert (answer.status_code, answer.json()["code"]) == (403, "require_feature")
    assert api.get("surveys").json()["message"].startswith("The Surveys feature(s) is/are not supported in your plan.")
    assert api.get("tickets/1").status_code == 200


def test_out_of_scope_tickets_vanish_and_come_back(api, simulator):
    group = api.get("groups").json()[0]["id"]
    api.post("tickets", json=TICKET)
    api.post("tickets", json={**TICKET, "group_id": group})
    note = api.post("tickets/1/notes", json={"body": "n"}).json()["id"]
    simulator.account.knobs.visible_groups = [group]
    assert [row["id"] for row in api.get("tickets").json()] == [2]
    assert [api.get(path).status_code for path in ("tickets/1", "tickets/1/conversations", "tickets/2")] == [404, 404, 200]
    assert api.put(f"conversations/{note}", json={"body": "x"}).status_code == 404
    assert api.get("search/tickets", params={"query": '"priority:1"'}).json()["total"] == 1
    simulator.agent_does(1, "change", status=3)
    simulator.account.knobs.scope_lost = True
    assert (api.get("tickets").json(), api.get("tickets/2").status_code) == ([], 404)
    simulator.account.knobs.scope_lost, simulator.account.knobs.visible_groups = False, None
    assert len(api.get("tickets").json()) == 2


def test_only_json_or_anything_is_given(api):
    assert api.get("groups", headers={"accept": "text/html"}).status_code == 406
    assert api.get("groups", headers={"accept": "application/json"}).status_code == 200


def test_a_group_alone_says_who_is_in_it(api):
    [group] = api.get("groups").json()
    alone = api.get(f"groups/{group['id']}").json()
    assert ("agent_ids" in group, len(alone["agent_ids"])) == (False, 3)
    assert api.get("groups/1").status_code == 404


def test_the_form_names_groups_and_agents_and_its_choices_have_many_shapes(api):
    choices = {row["name"]: row.get("choices") for row in api.get("ticket_fields").json()}
    assert (choices["status"]["9000"][0], choices["source"]["SMS"], choices["ticket_type"][0]) == ("Assigned to AI Agent", 22, "Question")
    assert list(choices["group"]) == ["Hub support"]
