"""The account's row: one budget for all who call, and whether Freshdesk answers."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ground.errors import Rejected, Unavailable
from support import sync
from support.freshdesk.budget import Cost, Lane, SubLimit
from support.freshdesk.headers import Credits
from support.freshdesk.shapes import Agent
from support.models import FreshdeskAccount
from support.sync import account
from support.sync.account import AccountBudget, Standing
from tests import database

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Moved:
    """A clock that only moves when it is told to."""

    def __init__(self):
        self.moment = NOON.timestamp()

    def now(self):
        return self.moment

    def sleep(self, seconds):
        self.moment += seconds


@pytest.fixture
def clock(settings):
    settings.FRESHDESK_URL = "https://key@Acme.freshdesk.test:8443"
    settings.FRESHDESK_CLOCK = Moved()
    return settings.FRESHDESK_CLOCK


@pytest.fixture
def budget(clock):
    return account.own_budget()


def told(limit, remaining, used=1.0):
    return Credits(used=used, remaining=remaining, total=limit)


def row():
    return FreshdeskAccount.objects.get()


def test_the_account_is_named_after_its_host_alone(budget):
    budget.take(Cost(), Lane.PERSON)
    assert row().name == "acme.freshdesk.test:8443"


def test_workers_share_one_minute(clock):
    one, other = AccountBudget("acme", clock), AccountBudget("acme", clock)
    assert [worker.take(Cost(25), Lane.PERSON) for worker in (one, other, one, other)] == [0, 0, 63, 63]
    clock.sleep(63)
    assert other.take(Cost(25), Lane.PERSON) == 0


def test_a_retry_after_holds_for_every_worker(clock):
    AccountBudget("acme", clock).block(30)
    assert AccountBudget("acme", clock).take(Cost(), Lane.PERSON) == 30


def test_other_accounts_have_their_own_minute(clock):
    AccountBudget("acme", clock).block(30)
    assert AccountBudget("beta", clock).take(Cost(), Lane.PERSON) == 0


def test_a_reservation_is_one_short_transaction(budget, django_assert_num_queries):
    budget.take(Cost(), Lane.PERSON)
    with django_assert_num_queries(4):  # the row, its change, and where the transaction begins and ends
        budget.take(Cost(), Lane.PERSON)


def test_an_answer_that_is_no_news_asks_the_database_nothing(budget, django_assert_num_queries):
    for left in (49, 48):
        budget.take(Cost(), Lane.PERSON)
        budget.learn(Cost(), told(50, left))
    budget.take(Cost(), Lane.PERSON)
    with django_assert_num_queries(0):
        budget.learn(Cost(), told(50, 47))


def test_what_an_answer_tells_is_known_to_the_others(budget, clock):
    budget.take(Cost(1, SubLimit.TICKETS_LIST), Lane.PERSON)
    budget.learn(Cost(1, SubLimit.TICKETS_LIST), told(200, 150, used=3.0))
    assert account.standing() == Standing(
        last_answer_at=NOON,
        limit=200,
        used_last_minute=50,
        used_today=3,
        left=((Lane.PERSON, 150), (Lane.WEBHOOK, 130), (Lane.POLL, 110), (Lane.BACKFILL, 90)),
    )


def test_credits_of_a_day_start_again_the_next(budget, clock):
    budget.take(Cost(5), Lane.PERSON)
    assert account.standing().used_today == 5
    clock.sleep(24 * 3600)
    assert account.standing().used_today == 0
    budget.take(Cost(2), Lane.PERSON)
    assert account.standing().used_today == 2


def test_an_account_never_called_stands_well(clock, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert account.standing() == Standing()


def test_away_is_counted_from_the_first_time_and_ends_with_an_answer(budget, clock):
    account.mark_away("No route to host")
    clock.sleep(60)
    budget.lost("Freshdesk answered 502")
    away = account.standing()
    assert (away.is_away, away.since, away.reason) == (True, NOON, "Freshdesk answered 502")
    budget.take(Cost(), Lane.POLL)
    budget.learn(Cost(), told(50, 49))
    assert replace(account.standing(), left=()) == Standing(
        last_answer_at=datetime(2026, 11, 22, 12, 1, tzinfo=UTC), limit=50, used_last_minute=1, used_today=1
    )


def test_back_is_back_by_hand_too(clock):
    account.mark_away("Maintenance")
    account.mark_back()
    assert not account.standing().is_away


def test_a_refused_key_is_an_outage_with_its_own_name(budget):
    budget.refused("Freshdesk answered 401")
    standing = account.standing()
    assert (standing.is_away, standing.key_refused_at, standing.reason) == (True, NOON, "Freshdesk answered 401")


def test_a_wait_shows_until_it_is_over(budget, clock):
    budget.block(30)
    assert account.standing().blocked_until == datetime(2026, 11, 22, 12, 0, 30, tzinfo=UTC)
    clock.sleep(30)
    assert account.standing().blocked_until is None


def test_whose_key_it_is_is_remembered(clock):
    account.know_agent(Agent(id=7, ticket_scope=2))
    assert (row().agent_id, row().agent_scope) == (7, 2)


def test_a_client_of_the_site_pays_from_the_row(freshdesk, simulator):
    freshdesk.me()
    assert (account.standing().used_last_minute, account.standing().limit) == (1, 400)


def test_freshdesk_is_away_when_every_try_failed_and_back_with_the_next_answer(freshdesk, simulator):
    simulator.faults.arm("down", times=0)
    with pytest.raises(Unavailable):
        freshdesk.me()
    assert account.standing().is_away
    simulator.faults.clear()
    freshdesk.me()
    assert not account.standing().is_away


def test_one_stumble_is_no_outage(freshdesk, simulator):
    simulator.faults.arm("error")
    freshdesk.me()
    assert not account.standing().is_away


def test_a_key_that_is_refused_stops_being_so_with_a_better_one(simulator, settings):
    settings.FRESHDESK_API_KEY = "revoked"
    with sync.open_freshdesk() as wrong, pytest.raises(Rejected):
        wrong.me()
    assert account.standing().key_refused_at
    settings.FRESHDESK_API_KEY = "key"
    with sync.open_freshdesk() as right:
        right.me()
    assert account.standing().key_refused_at is None


def test_a_backfill_leaves_room_for_a_person(simulator):
    simulator.account.knobs.limit = 50
    with sync.open_freshdesk(lane=Lane.BACKFILL) as backfill, sync.open_freshdesk(lane=Lane.PERSON) as person:
        for _ in range(35):
            backfill.me()
        with pytest.raises(Unavailable) as later:
            backfill.me()
        assert 50 < later.value.retry_after <= 63
        assert not later.value.outcome_unknown
        assert person.me().name
    assert simulator.budget.used == 36


def test_a_patient_client_waits_in_its_own_time(simulator):
    simulator.account.knobs.limit = 50
    began = simulator.account.clock.now()
    with sync.open_freshdesk(lane=Lane.PERSON, patience=sync.WHOLE_WINDOW) as patient:
        for _ in range(120):
            patient.me()
    assert simulator.faults._throttled == 0
    assert 120 < (simulator.account.clock.now() - began).total_seconds() < 150


TAKING = """
import json, sys, threading
import django
django.setup()
from django.db import connection
from support.freshdesk.budget import Cost, Lane
from support.freshdesk.clock import RealClock
from support.sync.account import AccountBudget

went = []

def call():
    budget = AccountBudget("acme", RealClock())
    went.extend(budget.take(Cost(), Lane.PERSON) == 0 for _ in range(12))
    connection.close()

threads = [threading.Thread(target=call) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(json.dumps(sum(went)))
"""


@pytest.mark.services
@pytest.mark.skipif(os.environ.get("DATABASE_URL", "").startswith("postgres"), reason="runs on a copy of the SQLite file")
def test_processes_and_their_threads_never_overdraw_together(tmp_path):
    kept = tmp_path / "db.sqlite3"
    shutil.copy(database.kept(), kept)
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{kept}", "DJANGO_SETTINGS_MODULE": "tests.settings", "VAR_DIR": str(tmp_path)}
    command = [sys.executable, "-c", TAKING]
    processes = [subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert sum(json.loads(process.communicate()[0]) for process in processes) == 50
