"""Contacts: their states, their addresses, their merging and their end; and the companies that claim them."""

import pytest

TICKET = {"subject": "S", "description": "D", "email": "lena@uni.example"}


@pytest.fixture
def lena(api):
    return api.post("contacts", json={"name": "Lena Berg", "email": "lena@uni.example", "other_emails": ["Berg@uni.example"]}).json()


def ids(answer):
    return [row["id"] for row in answer.json()]


def duplicate(answer):
    [error] = answer.json()["errors"]
    return answer.status_code, error["code"], error["additional_info"]["user_id"]


@pytest.mark.parametrize(
    "wish", [{"email": "LENA@uni.example"}, {"email": "berg@uni.example"}, {"email": "x@uni.example", "other_emails": ["lena@uni.example"]}]
)
def test_an_address_has_one_holder(api, lena, wish):
    assert duplicate(api.post("contacts", json={"name": "X", **wish})) == (409, "duplicate_value", lena["id"])
    assert api.put(f"contacts/{lena['id']}", json={"other_emails": ["berg@uni.example"]}).status_code == 200


@pytest.mark.parametrize("name", ["unique_external_id", "twitter_id"])
def test_other_names_have_one_holder_too(api, name):
    first = api.post("contacts", json={"name": "A", name: "one"}).json()["id"]
    assert duplicate(api.post("contacts", json={"name": "B", name: "one"})) == (409, "duplicate_value", first)


def test_a_further_address_names_the_same_requester(api, lena):
    assert api.post("tickets", json={**TICKET, "email": "berg@uni.example"}).json()["requester_id"] == lena["id"]


def test_a_requester_made_by_external_id_keeps_it(api):
    first = api.post("tickets", json={"subject": "S", "description": "D", "name": "Ola", "unique_external_id": "u1"}).json()["requester_id"]
    assert api.post("tickets", json={"subject": "S", "description": "D", "unique_external_id": "u1"}).json()["requester_id"] == first
    assert api.get(f"contacts/{first}").json()["unique_external_id"] == "u1"


def test_a_deleted_contact_is_out_of_sight_refuses_changes_and_comes_back(api, lena):
    path = f"contacts/{lena['id']}"
    assert api.delete(path).status_code == 204
    assert (ids(api.get("contacts")), ids(api.get("contacts", params={"state": "deleted"}))) == ([], [lena["id"]])
    assert (api.put(path, json={"name": "x"}).status_code, api.delete(path).status_code) == (405, 405)
    assert api.get(path).json()["deleted"] is True
    assert api.put(f"{path}/restore").status_code == 204
    assert ids(api.get("contacts")) == [lena["id"]]


def test_states_cut_the_list(api, browser, lena):
    other = api.post("contacts", json={"name": "Ola", "email": "ola@uni.example"}).json()["id"]
    browser.post("/_control/contacts", json={"contact_id": lena["id"], "state": "blocked"})
    browser.post("/_control/contacts", json={"contact_id": other, "state": "verified"})
    states = {state: ids(api.get("contacts", params={"state": state})) for state in ("blocked", "verified", "unverified", "deleted")}
    assert states == {"blocked": [lena["id"]], "verified": [other], "unverified": [], "deleted": []}
    assert api.put(f"contacts/{lena['id']}", json={"name": "x"}).status_code == 405
    assert api.get("contacts", params={"state": "lost"}).status_code == 400


def test_an_end_for_good_takes_the_tickets_along_and_needs_force(api, lena):
    ticket = api.post("tickets", json=TICKET).json()["id"]
    path = f"contacts/{lena['id']}/hard_delete"
    assert api.delete(path).status_code == 405
    assert api.delete(path, params={"force": "true"}).status_code == 204
    assert (api.get(f"contacts/{lena['id']}").status_code, api.get(f"tickets/{ticket}").status_code) == (404, 404)


def test_merged_contacts_leave_their_tickets_and_addresses_to_the_first(api, simulator, lena):
    other = api.post("contacts", json={"name": "L", "email": "l@else.example"}).json()["id"]
    ticket = api.post("tickets", json={**TICKET, "email": "l@else.example"}).json()
    simulator.account.clock.advance(60)
    before = api.get(f"tickets/{ticket['id']}").json()["updated_at"]
    answer = api.post(
        "contacts/merge", json={"primary_contact_id": lena["id"], "secondary_contact_ids": [other], "contact": {"phone": "1"}}
    )
    assert answer.status_code == 204
    kept = api.get(f"contacts/{lena['id']}").json()
    assert (kept["other_emails"], kept["phone"]) == (["berg@uni.example", "l@else.example"], "1")
    assert api.get(f"contacts/{other}").status_code == 404
    moved = api.get(f"tickets/{ticket['id']}").json()
    assert (moved["requester_id"], moved["updated_at"]) == (lena["id"], before)


def test_a_merge_of_nobody_or_with_oneself_is_refused(api, lena):
    for others, status in (([], 400), ([lena["id"]], 400), ([5], 404)):
        wish = {"primary_contact_id": lena["id"], "secondary_contact_ids": others}
        assert api.post("contacts/merge", json=wish).status_code == status


def test_the_name_of_the_parameter_differs_between_accounts(api, simulator, lena):
    def asked(name):
        return api.get("contacts", params={name: "2020-01-01T00:00:00Z"})

    assert [ids(asked(name)) for name in ("updated_since", "_updated_since")] == [[lena["id"]]] * 2
    for name, other in (("updated_since", "_updated_since"), ("_updated_since", "updated_since")):
        simulator.account.knobs.contacts_since = name
        assert ids(asked(name)) == [lena["id"]]
        assert (asked(other).status_code, asked(other).json()["errors"][0]["code"]) == (400, "invalid_field")
    assert api.get("contacts", params={name: "2101-01-01"}).json() == []


def test_the_list_is_cut_by_what_a_contact_has(api, lena):
    api.post("contacts", json={"name": "Ola", "phone": "12"})
    assert [row["name"] for row in api.get("contacts", params={"phone": "12"}).json()] == ["Ola"]
    assert [row["name"] for row in api.get("contacts").json()] == ["Lena Berg", "Ola"]


def test_a_name_is_completed_from_the_start_of_any_word(api, lena):
    assert api.get("contacts/autocomplete", params={"term": "ber"}).json() == [{"id": lena["id"], "name": "Lena Berg"}]
    assert api.get("contacts/autocomplete", params={"term": "erg"}).json() == []


def test_a_contact_may_become_an_agent_and_is_no_contact_then(api, lena):
    assert api.put(f"contacts/{lena['id']}/make_agent").json()["contact"]["name"] == "Lena Berg"
    assert api.get(f"contacts/{lena['id']}").status_code == 404
    assert api.get(f"agents/{lena['id']}").json()["id"] == lena["id"]


def test_an_agent_as_requester_is_shown_as_one(api):
    me = api.get("agents/me").json()
    api.post("tickets", json={"subject": "S", "description": "D", "requester_id": me["id"]})
    [row] = api.get("tickets", params={"include": "requester"}).json()
    assert row["requester"] == {
        "id": me["id"],
        "name": me["contact"]["name"],
        "email": me["contact"]["email"],
        "mobile": None,
        "phone": None,
    }


def test_a_company_claims_who_has_its_domain_and_no_company(api, lena):
    company = api.post("companies", json={"name": "Uni", "domains": ["uni.example"]}).json()["id"]
    assert api.get(f"contacts/{lena['id']}").json()["company_id"] == company
    other = api.post("companies", json={"name": "Other"}).json()["id"]
    api.put(f"companies/{other}", json={"domains": ["uni.example"]})
    assert api.get(f"contacts/{lena['id']}").json()["company_id"] == company
    assert api.delete(f"companies/{company}").status_code == 204
    assert api.get(f"contacts/{lena['id']}").json()["company_id"] is None


def test_companies_are_asked_for_by_their_last_change(api, simulator):
    api.post("companies", json={"name": "Old"})
    simulator.account.clock.advance(100)
    since = simulator.account.now()
    api.post("companies", json={"name": "New"})
    assert [row["name"] for row in api.get("companies", params={"updated_since": since}).json()] == ["New"]
    assert api.get("companies", params={"updated_since": "yesterday"}).status_code == 400
