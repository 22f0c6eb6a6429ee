"""Search: the sentence, the pages, and an index that lags."""

import pytest

TICKET = {"subject": "S", "description": "D", "email": "lena@uni.example"}


def found(api, sentence, kind="tickets", **more):
    answer = api.get(f"search/{kind}", params={"query": f'"{sentence}"', **more})
    assert answer.status_code == 200, answer.text
    return sorted(row["id"] for row in answer.json()["results"])


@pytest.fixture
def three(api):
    group = api.get("groups").json()[0]["id"]
    for change in (
        {"tags": ["ext-a"], "priority": 1},
        {"priority": 4, "group_id": group},
        {"priority": 4, "status": 3, "type": "Incident"},
    ):
        api.post("tickets", json={**TICKET, **change})
    return group


@pytest.mark.parametrize(
    ("sentence", "ids"),
    [
        ("tag:'ext-a'", [1]),
        ("tag:null", [2, 3]),
        ("priority:4", [2, 3]),
        ("priority:4 AND status:3", [3]),
        ("priority:1 OR status:3", [1, 3]),
        ("(priority:1 OR priority:4) AND status:2", [1, 2]),
        ("priority:>2", [2, 3]),
        ("priority:<2", [1]),
        ("type:'incident'", [3]),
        ("agent_id:null", [1, 2, 3]),
        ("created_at:>'2020-01-01' AND updated_at:>'2020-01-01'", [1, 2, 3]),
        ("created_at:<'2020-01-01'", []),
        ("cf_hub:null", [1, 2, 3]),
    ],
)
def test_a_sentence_finds_what_it_says(api, three, sentence, ids):
    assert found(api, sentence) == ids


def test_a_custom_field_and_a_group_are_found(api, three):
    api.put("tickets/1", json={"custom_fields": {"cf_hub": "north"}})
    assert found(api, "cf_hub:'north'") == [1]
    assert found(api, f"group_id:{three}") == [2]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("priority:1", "query"),
        ('"priority"', "query"),
        ('"priority:1 AND"', "query"),
        ('"priority:1 priority:2"', "query"),
        ('"priority:1) OR (status:2"', "query"),
        ('"(priority:1"', "query"),
        ('"subject:x"', "subject"),
        ('"priority:high"', "priority"),
        ("\"created_at:'2020-01-01T00:00:00Z'\"", "created_at"),
        ('"' + " OR ".join(["priority:1"] * 60) + '"', "query"),
    ],
)
def test_a_sentence_that_is_none_is_refused(api, query, field):
    answer = api.get("search/tickets", params={"query": query})
    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (400, [field])


def test_thirty_a_page_ten_pages_and_the_whole_count(api, simulator):
    for _ in range(31):
        api.post("tickets", json=TICKET)
    answer = api.get("search/tickets", params={"query": '"priority:1"', "page": 2}).json()
    assert (answer["total"], len(answer["results"])) == (31, 1)
    assert len(api.get("search/tickets", params={"query": '"priority:1"'}).json()["results"]) == 30
    assert api.get("search/tickets", params={"query": '"priority:1"', "page": 11}).status_code == 400
    assert api.get("search/tickets", params={"query": '"priority:1"', "per_page": 5}).status_code == 400


def test_the_index_lags_behind_and_finds_what_was(api, simulator):
    simulator.account.knobs.search_lag = 120
    api.post("tickets", json={**TICKET, "tags": ["old"]})
    assert found(api, "tag:'old'") == []
    simulator.account.clock.advance(200)
    assert found(api, "tag:'old'") == [1]
    api.put("tickets/1", json={"tags": ["new"]})
    simulator.account.clock.advance(60)
    assert (found(api, "tag:'old'"), found(api, "tag:'new'")) == ([1], [])
    simulator.account.clock.advance(70)
    assert (found(api, "tag:'old'"), found(api, "tag:'new'")) == ([], [1])


def test_a_deleted_ticket_is_found_until_the_index_knows(api, simulator):
    simulator.account.knobs.search_lag = 120
    api.post("tickets", json=TICKET)
    simulator.account.clock.advance(200)
    api.delete("tickets/1")
    assert found(api, "priority:1") == [1]
    simulator.account.clock.advance(200)
    assert found(api, "priority:1") == []


def test_contacts_and_companies_are_found_too(api):
    company = api.post("companies", json={"name": "Uni", "domains": ["uni.example"]}).json()["id"]
    contact = api.post("contacts", json={"name": "Lena", "email": "lena@uni.example"}).json()["id"]
    assert found(api, "domain:'uni.example'", "companies") == [company]
    assert found(api, f"company_id:{company} AND email:'lena@uni.example'", "contacts") == [contact]
    assert found(api, "active:true", "contacts") == []
