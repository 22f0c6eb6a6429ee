"""Merged tickets and bulk jobs."""

import pytest

TICKET = {"subject": "S", "description": "D", "email": "lena@uni.example"}


@pytest.fixture
def three(api):
    return [api.post("tickets", json=TICKET).json() for _ in range(3)]


def test_a_merge_closes_the_others_without_a_word_and_moves_theirs(api, simulator, three):
    api.post("tickets/2/notes", data={"body": "from two"}, files=[("attachments[]", ("a.txt", b"x"))])
    simulator.account.clock.advance(60)
    wish = {
        "primary_id": 1,
        "ticket_ids": [2, 3],
        "note_in_primary": {"body": "took 2, 3", "private": True},
        "note_in_secondary": {"body": "see 1"},
    }
    answer = api.put("tickets/merge", json={**wish, "convert_recepients_to_cc": True})
    assert (answer.status_code, answer.content) == (204, b"")
    second = api.get("tickets/2").json()
    assert (second["status"], second["association_type"], second["updated_at"] > three[1]["updated_at"]) == (5, None, True)
    assert not {key for key in second if "merge" in key}
    words = api.get("tickets/1/conversations").json()
    assert [row["body_text"] for row in words] == ["from two", "took 2, 3"]
    assert words[0]["attachments"][0]["name"] == "a.txt"
    assert [row["body_text"] for row in api.get("tickets/2/conversations").json()] == ["see 1"]
    assert api.get("tickets/1").json()["updated_at"] > three[0]["updated_at"]


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"primary_id": 9, "ticket_ids": [2]}, "primary_id"),
        ({"primary_id": 1, "ticket_ids": [9]}, "ticket_ids"),
        ({"primary_id": 1, "ticket_ids": [1]}, "ticket_ids"),
        ({"primary_id": 1, "ticket_ids": ["2"]}, "ticket_ids"),
        ({"primary_id": 1}, "ticket_ids"),
    ],
)
def test_a_merge_of_what_cannot_be_merged_is_refused(api, three, wish, field):
    answer = api.put("tickets/merge", json=wish)
    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (400, [field])


def test_an_agent_merges_too(api, simulator, three):
    simulator.agent_does(1, "merge", ticket_ids=[2])
    assert [api.get(f"tickets/{number}").json()["status"] for number in (1, 2, 3)] == [2, 5, 2]


def test_a_bulk_update_stamps_every_ticket_with_one_second(api, simulator, three):
    simulator.account.clock.advance(60)
    answer = api.post(
        "tickets/bulk_update", json={"bulk_action": {"ids": [1, 2, 99], "properties": {"priority": 4}, "reply": {"body": "Hi"}}}
    )
    job = answer.json()
    assert (answer.status_code, answer.headers["x-request-id"]) == (202, job["job_id"])
    assert job["href"] == f"http://sim.test/api/v2/jobs/{job['job_id']}"
    rows = api.get("tickets", params={"updated_since": "2020-01-01", "order_by": "updated_at", "order_type": "asc"}).json()
    assert {row["id"]: row["priority"] for row in rows} == {1: 4, 2: 4, 3: 1}
    assert len({row["updated_at"] for row in rows if row["id"] != 3}) == 1
    assert [row["body_text"] for row in api.get("tickets/2/conversations").json()] == ["Hi"]
    done = api.get(f"jobs/{job['job_id']}").json()
    assert (done["id"], done["status"]) == (job["job_id"], "COMPLETED")


def test_a_job_may_take_its_time(api, simulator, three):
    simulator.account.knobs.job_delay = 30
    job = api.post("tickets/bulk_delete", json={"bulk_action": {"ids": [1, 2]}}).json()["job_id"]
    assert (api.get(f"jobs/{job}").json()["status"], len(api.get("tickets").json())) == ("IN PROGRESS", 3)
    simulator.account.clock.advance(31)
    assert (api.get(f"jobs/{job}").json()["status"], len(api.get("tickets").json())) == ("COMPLETED", 1)
    assert api.get("tickets/1").json()["deleted"] is True


def test_a_bulk_job_names_its_tickets_and_knows_its_fields(api, three):
    for action in ({"ids": []}, {"ids": [1]}, {"ids": [1], "properties": {"subject": "x", "cc_emails": []}}):
        assert api.post("tickets/bulk_update", json={"bulk_action": action}).status_code == 400
    assert api.get("jobs/00000000-0000-0000-0000-000000000000").status_code == 404
