"""What happens by itself: due times, escalation, late bumps, archive and purge; each as of the moment it was due."""

from datetime import timedelta
from email.utils import parsedate_to_datetime

import httpx
import pytest

from demo.freshdesk.clock import parse

TICKET = {"subject": "S", "description": "D", "email": "lena@uni.example"}
EPOCH = {"updated_since": "2020-01-01T00:00:00Z"}
DAY = 24 * 3600


def test_due_times_show_as_a_change_of_the_moment_they_were_due(api, simulator, ticket):
    simulator.account.clock.advance(500)
    assert parse(api.get("tickets/1").json()["updated_at"]) - parse(ticket["updated_at"]) <= timedelta(seconds=3)


def test_an_unsolved_ticket_is_escalated_and_a_solved_one_is_not(api, simulator):
    simulator.account.knobs.escalation_delay = 100
    for _ in range(2):
        api.post("tickets", json=TICKET)
    simulator.account.clock.advance(50)
    before = api.put("tickets/2", json={"status": 4}).json()
    simulator.account.clock.advance(60)
    escalated, solved = api.get("tickets/1").json(), api.get("tickets/2").json()
    assert (escalated["is_escalated"], escalated["updated_at"] > before["updated_at"]) == (True, True)
    assert (solved["is_escalated"], solved["updated_at"]) == (False, before["updated_at"])


def test_a_conversation_may_show_late_on_its_ticket(api, simulator, ticket):
    simulator.account.clock.advance(60)
    before = api.get("tickets/1").json()["updated_at"]
    simulator.account.knobs.bump_delay = 8
    note = api.post("tickets/1/notes", json={"body": "n"}).json()
    assert api.get("tickets/1").json()["updated_at"] == before
    simulator.account.clock.advance(30)
    assert parse(api.get("tickets/1").json()["updated_at"]) - parse(note["created_at"]) in {timedelta(seconds=8), timedelta(seconds=9)}


def test_edits_show_on_the_ticket_only_where_the_account_does_so(api, simulator, ticket):
    note = api.post("tickets/1/notes", json={"body": "n"}).json()["id"]
    simulator.account.clock.advance(60)
    before = api.get("tickets/1").json()["updated_at"]
    simulator.agent_does(1, "edit", conversation_id=note, body="m")
    edited = api.get("tickets/1/conversations").json()[0]
    assert (edited["body_text"], edited["last_edited_user_id"]) == ("m", simulator.account.human["id"])
    assert api.get("tickets/1").json()["updated_at"] == before
    simulator.account.knobs.edits_bump = True
    simulator.agent_does(1, "erase", conversation_id=note)
    assert api.get("tickets/1/conversations").json() == []
    assert api.get("tickets/1").json()["updated_at"] > before


def test_a_requesters_words_reopen_where_the_account_does_so(api, simulator, ticket):
    api.put("tickets/1", json={"status": 5})
    simulator.requester_answers(1, body="again")
    assert api.get("tickets/1").json()["status"] == 5
    simulator.account.knobs.reopens = True
    simulator.requester_answers(1, body="and again")
    shown = api.get("tickets/1", params={"include": "stats"}).json()
    assert (shown["status"], shown["stats"]["reopened_at"] is not None) == (2, True)


def test_120_days_after_closing_a_ticket_is_only_in_the_archive(api, simulator, ticket):
    api.post("tickets/1/notes", json={"body": "n"})
    api.put("tickets/1", json={"status": 5})
    assert api.get("tickets/archived/1").status_code == 404
    simulator.account.clock.advance(121 * DAY)
    assert (api.get("tickets", params=EPOCH).json(), api.get("tickets/1").status_code, api.get("tickets/1").content) == ([], 404, b"")
    assert api.get("search/tickets", params={"query": '"status:5"'}).json() == {"total": 0, "results": []}
    shown = api.get("tickets/archived/1").json()
    assert (shown["archived"], shown["status"], shown["subject"]) == (True, 5, "S")
    assert [row["body_text"] for row in api.get("tickets/archived/1/conversations").json()] == ["n"]
    assert [api.put("tickets/1", json={"status": 2}).status_code, api.post("tickets/1/notes", json={"body": "n"}).status_code] == [404, 404]
    answered = simulator.requester_answers(1, body="hello?")
    assert (answered["id"], answered["subject"]) == (2, "Re: S")
    assert api.delete("tickets/archived/1").status_code == 204
    assert api.get("tickets/archived/1").status_code == 404


def test_30_days_in_the_trash_or_in_spam_end_everything(api, simulator):
    for _ in range(3):
        api.post("tickets", json=TICKET)
    api.post("tickets/1/notes", data={"body": "n"}, files=[("attachments[]", ("a", b"x"))])
    api.delete("tickets/1")
    simulator.agent_does(2, "spam")
    simulator.account.clock.advance(29 * DAY)
    assert api.get("tickets/1").json()["deleted"] is True
    simulator.account.clock.advance(2 * DAY)
    assert [api.get(f"tickets/{number}").status_code for number in (1, 2, 3)] == [404, 404, 200]
    assert (simulator.store.conversations.find(), simulator.store.attachments.find()) == ([], [])
    assert api.get("tickets", params={**EPOCH, "filter": "spam"}).json() == []


def test_a_number_is_never_given_twice(api, simulator, ticket):
    api.delete("tickets/1")
    simulator.account.clock.advance(31 * DAY)
    assert api.get("tickets/1").status_code == 404
    assert api.post("tickets", json=TICKET).json()["id"] == 2


def test_a_wrong_date_header_leaves_the_times_right(api, simulator, ticket):
    simulator.account.knobs.skew = -3600
    answer = api.get("tickets/1")
    told = parsedate_to_datetime(answer.headers["date"])
    assert timedelta(minutes=59) < simulator.account.clock.now() - told < timedelta(minutes=61)


def test_a_late_request_that_is_refused_by_then_hurts_nobody(api, simulator, ticket):
    simulator.faults.arm("late", method="PUT", seconds=10)
    with pytest.raises(httpx.RemoteProtocolError):
        api.put("tickets/1", json={"status": 3})
    api.delete("tickets/1")
    simulator.account.clock.advance(11)
    assert api.get("tickets/1").json()["status"] == 2
