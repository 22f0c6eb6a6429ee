"""A filled account answers as one that was filled by hand, and many may ask at once."""

import sqlite3
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from demo.freshdesk import Simulator
from demo.freshdesk.filling import fill
from demo.freshdesk.store import Store

EPOCH = {"updated_since": "2000-01-01T00:00:00Z", "order_by": "updated_at", "per_page": 100}
TICKET = {"subject": "S", "description": "D", "email": "lena@uni.example"}


def walked(api, **more):
    ids, page = [], 1
    while True:
        answer = api.get("tickets", params={**EPOCH, **more, "page": page})
        ids += [row["id"] for row in answer.json()]
        if "link" not in answer.headers:
            return ids
        page += 1


def test_so_many_of_each_are_there(api, browser, simulator):
    filled = fill(simulator, tickets=250, conversations_each=3, contacts=20, companies=4, attachments_each=1)
    assert sorted(walked(api, order_type="asc")) == list(filled.tickets) == list(range(1, 251))
    shown = api.get("tickets/7", params={"include": "conversations,requester,company,stats"}).json()
    assert [(row["private"], row["incoming"]) for row in shown["conversations"]] == [(True, False), (False, True), (False, False)]
    assert (shown["requester"]["id"] in filled.contacts, shown["company"]["id"] in filled.companies) == (True, True)
    assert "<" in shown["description"]
    assert "<" not in shown["description_text"]
    assert browser.get(shown["attachments"][0]["attachment_url"]).content.startswith(b"%PDF")
    assert len(api.get("contacts", params={"per_page": 100}).json()) == 20
    assert api.post("tickets", json=TICKET).json()["id"] == 251
    assert api.post("contacts", json={"name": "N", "email": "n@b.example"}).json()["id"] not in filled.contacts


def test_the_same_seed_fills_the_same(simulator):
    fill(simulator, tickets=20, seed=1)
    fill(simulator, tickets=20, seed=1)
    subjects = [row["subject"] for row in simulator.store.tickets.find()]
    assert subjects[:20] == subjects[20:]


def test_one_second_may_hold_all_and_pages_still_hold_each_once(api, simulator):
    fill(simulator, tickets=450, same_second=True)
    ids = walked(api, order_type="asc")
    assert len({row["updated_at"] for row in simulator.store.tickets.find()}) == 1
    assert (Counter(ids).most_common(1)[0][1], sorted(ids)) == (1, list(range(1, 451)))
    assert ids not in (sorted(ids), sorted(ids, reverse=True))
    assert walked(api, order_type="desc") == ids[::-1]


def test_ten_thousand_take_seconds_and_an_index_serves_the_walk(tmp_path):
    simulator, began = Simulator(tmp_path), time.monotonic()
    fill(simulator, tickets=10_000, conversations_each=1)
    assert time.monotonic() - began < 30
    simulator.store.close()
    asked = "SELECT body FROM tickets WHERE place = '' AND updated_at >= '2000' ORDER BY updated_at {0}, tie {0} LIMIT 101 OFFSET 9900"
    with closing(sqlite3.connect(tmp_path / "freshdesk.sqlite3")) as file:
        plans = [file.execute("EXPLAIN QUERY PLAN " + asked.format(direction)).fetchall() for direction in ("asc", "desc")]
    for [step] in plans:
        assert "USING INDEX tickets_by_change" in step[3]


def test_threads_may_ask_and_write_at_once(api, simulator):
    simulator.account.knobs.limit = 10_000

    def work(number):
        made = api.post("tickets", json={**TICKET, "subject": f"{number}"}).json()["id"]
        api.post(f"tickets/{made}/notes", json={"body": f"{number}"})
        simulator.agent_does(made, "reply", body="Hi")
        return made, len(api.get(f"tickets/{made}/conversations").json())

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(work, range(40)))
    assert sorted(done) == [(number, 2) for number in range(1, 41)]
    assert simulator.budget.used_ever == 120


def test_a_file_from_before_a_column_was_added_keeps_its_objects(tmp_path):
    store = Store(tmp_path)
    store.tickets.put({"subject": "kept", "place": "", "updated_at": "2026-01-01T00:00:00Z"})
    store.close()
    with closing(sqlite3.connect(tmp_path / "freshdesk.sqlite3")) as old:
        for change in ("DROP INDEX tickets_by_change", "DROP INDEX tickets_by_creation", "ALTER TABLE tickets DROP COLUMN tie"):
            old.execute(change)
    again = Store(tmp_path)
    assert [(row["id"], row["subject"]) for row in again.tickets.find("tie = 7919")] == [(1, "kept")]
    assert again.tickets.take_ids(1)[0] == 2
    again.close()


@pytest.mark.parametrize("kind", ["tickets", "contacts"])
def test_ids_are_taken_once(simulator, kind):
    shelf = getattr(simulator.store, kind)
    taken = [*shelf.take_ids(3), *shelf.take_ids(2), shelf.take_ids(1)[0]]
    assert taken == list(range(taken[0], taken[0] + 6))
