"""What else hangs on an account: time entries, ratings, canned responses."""

import pytest

RATING = {"ratings": {"default_question": 103}, "feedback": "Good"}


def test_time_spent_is_kept_and_leaves_the_ticket_alone(api, simulator, ticket):
    simulator.account.clock.advance(60)
    before = api.get("tickets/1").json()["updated_at"]
    entry = api.post("tickets/1/time_entries", json={"time_spent": "01:30", "note": "n", "executed_at": "2026-01-01"}).json()
    assert (entry["time_spent_in_seconds"], entry["executed_at"], entry["ticket_id"]) == (5400, "2026-01-01T00:00:00Z", 1)
    assert api.get("tickets/1").json()["updated_at"] == before
    assert api.get("tickets/1/time_entries").json() == [entry]
    assert api.put(f"time_entries/{entry['id']}", json={"time_spent": "0:15"}).json()["time_spent_in_seconds"] == 900
    assert api.delete(f"time_entries/{entry['id']}").status_code == 204
    assert api.get("time_entries").json() == []
    assert api.put(f"time_entries/{entry['id']}", json={}).status_code == 404


def test_time_entries_are_cut_by_agent_billing_and_day(api, ticket):
    me = api.get("agents/me").json()["id"]
    for day, billable in (("2026-01-01", True), ("2026-01-03", False)):
        api.post("tickets/1/time_entries", json={"time_spent": "1:00", "executed_at": day, "billable": billable})

    def days(**wish):
        return [row["executed_at"][:10] for row in api.get("time_entries", params=wish).json()]

    assert days(executed_after="2026-01-02") == ["2026-01-03"]
    assert days(executed_before="2026-01-02", agent_id=me) == ["2026-01-01"]
    assert days(billable="false") == ["2026-01-03"]
    assert days(agent_id=1) == []
    assert api.post("tickets/1/time_entries", json={"time_spent": "an hour"}).status_code == 400


def test_a_rating_is_kept_and_its_words_stand_among_the_conversations(api, simulator, ticket):
    rating = api.post("tickets/1/satisfaction_ratings", json=RATING).json()
    assert (rating["ratings"], rating["user_id"], rating["ticket_id"]) == ({"default_question": 103}, ticket["requester_id"], 1)
    assert api.get("tickets/1/satisfaction_ratings").json() == [rating]
    words = api.get("tickets/1/conversations").json()[0]
    assert (words["source"], words["category"], words["incoming"], words["body_text"]) == (6, 7, True, "Good")
    simulator.account.clock.advance(60)
    since = simulator.account.now()
    assert api.get("surveys/satisfaction_ratings", params={"created_since": since}).json() == []
    simulator.requester_rates(1, rating=-103)
    assert [row["ratings"] for row in api.get("surveys/satisfaction_ratings", params={"created_since": since}).json()] == [
        {"default_question": -103}
    ]
    assert len(api.get("surveys/satisfaction_ratings", params={"user_id": ticket["requester_id"]}).json()) == 2


@pytest.mark.parametrize("ratings", [{"default_question": 7}, {"question_1": 103}, {}])
def test_a_rating_is_one_of_seven(api, ticket, ratings):
    assert api.post("tickets/1/satisfaction_ratings", json={"ratings": ratings}).status_code == 400


def test_there_is_one_survey(api):
    [survey] = api.get("surveys", params={"state": "active"}).json()
    assert survey["questions"][0]["accepted_ratings"] == [103, 102, 101, 100, -101, -102, -103]


def test_canned_responses_lie_in_folders(api):
    [folder] = api.get("canned_response_folders").json()
    assert (folder["name"], folder["responses_count"]) == ("General", 2)
    within = api.get(f"canned_response_folders/{folder['id']}").json()["canned_responses"]
    assert [row["title"] for row in within] == ["Received", "Restart your server"]
    whole = api.get(f"canned_response_folders/{folder['id']}/responses").json()
    assert "{{ticket.url}}" in whole[0]["content"]
    assert api.get(f"canned_responses/{within[0]['id']}").json() == whole[0]
    assert api.get("canned_response_folders/1").status_code == 404
    assert api.get("canned_responses/1").status_code == 404


def test_a_canned_response_is_written_and_changed(api):
    folder = api.post("canned_response_folders", json={"name": "Ours"}).json()["id"]
    wish = {"title": "T", "content_html": "<p>c</p>", "folder_id": folder, "visibility": 0}
    made = api.post("canned_responses", json=wish).json()
    changed = api.put(f"canned_responses/{made['id']}", json={"content_html": "<p>d</p>"}).json()
    assert (changed["title"], changed["content"]) == ("T", "<p>d</p>")
