"""A worker killed with -9 while tickets and posts are on their way: started again, nothing is lost and nothing is doubled."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest
from django.db import connection

ROOT = Path(__file__).parents[3]
REDIS = "redis://127.0.0.1:6379/15"
TICKETS, POSTS = 2, 2
OPEN = f"""
from communities.models import Community, Membership, Programme, User
from ground.actors import Actor
from support import replies, tickets
programme, _ = Programme.objects.get_or_create(is_default=True, defaults={{"slug": "default", "name": "Hubs"}})
community = Community.objects.create(slug="ocean", name="Ocean Lab", programme=programme)
lena = User.objects.create_user("lena@uni.example", name="Lena")
Membership.objects.create(community=community, user=lena, role="representative")
for number in range({TICKETS}):
    ticket = tickets.open_ticket(community, subject=f"Ticket {{number}}", body="Help", by=Actor.person(lena))
    for post in range({POSTS}):
        replies.add_incoming(ticket, body=f"Post {{number}}.{{post}}", by=Actor.person(lena))
"""

pytestmark = [pytest.mark.django_db, pytest.mark.services, pytest.mark.xdist_group("killed_worker")]


@pytest.fixture(scope="module")
def migrated(django_db_setup, django_db_blocker, tmp_path_factory):
    """The suite's own database as a file, which spares the migrations."""
    if connection.vendor != "sqlite":
        pytest.skip("the worker's database is a copy of the suite's SQLite one")
    path = tmp_path_factory.mktemp("migrated") / "db.sqlite3"
    with django_db_blocker.unblock(), closing(sqlite3.connect(path)) as copy:
        connection.ensure_connection()
        connection.connection.backup(copy)
    return path


@pytest.fixture
def freshdesk(tmp_path):
    command = [sys.executable, "-m", "demo.freshdesk", "--port", "0", "--folder", str(tmp_path / "freshdesk")]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    with httpx.Client(base_url=process.stdout.readline().split()[-1], trust_env=False) as client:
        yield client
    process.terminate()
    process.wait(10)
    process.stdout.close()


def environment(var, freshdesk, broker):
    ours = {
        "VAR_DIR": str(var),
        "SECRET_KEY": "tests",
        "DATABASE_URL": f"sqlite:///{var}/db.sqlite3",
        "CELERY_BROKER_URL": broker,
        "SWEEP_SECONDS": "1",
    }
    mirror = {
        "FRESHDESK_URL": freshdesk,
        "FRESHDESK_API_KEY": "demo-key",
        "FRESHDESK_POLL_SECONDS": "2",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    return {**os.environ, **ours, **mirror, "NO_PROXY": "*", "EMAIL_URL": "memory:"}


def manage(env, *words):
    subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, env=env, check=True)


@contextmanager
def worker(env, log):
    """A worker with its scheduler, in a group of its own; killed at the end, with everything it started."""
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "config",
        "worker",
        "-B",
        "-c",
        "2",
        "-l",
        "WARNING",
        "--without-gossip",
        "--without-mingle",
    ]
    with log.open("ab") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=output, stderr=output, start_new_session=True)
    yield
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


def until(condition, what, seconds=120):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.2)


def there(freshdesk):
    return freshdesk.get("/_control/everything").json()


def not_synced(database):
    with closing(sqlite3.connect(database, timeout=20, isolation_level=None)) as rows:
        count = "SELECT (SELECT count(*) FROM support_ticket WHERE sync_state != 'synced') + (SELECT count(*) FROM support_message WHERE sync_state != 'synced')"
        return rows.execute(count).fetchone()[0]


def end_leases(database):
    """As if the dead worker's two minutes were over."""
    with closing(sqlite3.connect(database, timeout=20, isolation_level=None)) as rows:
        for table in ("support_ticket", "support_message", "support_companylink"):
            rows.execute(f"UPDATE {table} SET next_attempt_at = '2020-01-01 00:00:00' WHERE next_attempt_at IS NOT NULL")
        rows.execute("UPDATE support_synccursor SET leased_until = NULL")


def redis_answers():
    try:
        with socket.create_connection(("127.0.0.1", 6379), timeout=1):
            return True
    except OSError:
        return False


@pytest.mark.parametrize("broker", ["", REDIS], ids=["embedded", "redis"])
def test_a_worker_killed_on_the_way_loses_and_doubles_nothing(tmp_path, migrated, freshdesk, broker):
    if broker and not redis_answers() and os.environ.get("REQUIRE_SERVICES") != "1":
        pytest.skip("Redis does not answer on 127.0.0.1:6379")
    var = tmp_path / "var"
    var.mkdir()
    database = Path(shutil.copy(migrated, var / "db.sqlite3"))
    env = environment(var, str(freshdesk.base_url), broker)
    slow = {"kind": "slow", "method": "POST", "path": "tickets.*", "seconds": 29, "times": 0}
    freshdesk.post("/_control/faults", content=json.dumps(slow))
    manage(env, "shell", "-v0", "-c", OPEN)

    with worker(env, var / "worker.log"):
        until(lambda: len(there(freshdesk)["tickets"]) == TICKETS, "both tickets arrive, and their answers are slow")
    assert not_synced(database) > 0
    freshdesk.delete("/_control/faults")
    end_leases(database)
    with worker(env, var / "worker.log"):
        until(lambda: not_synced(database) == 0, (var / "worker.log").read_text)

    assert sorted(row["subject"] for row in there(freshdesk)["tickets"]) == [f"Ticket {number}" for number in range(TICKETS)]
    posts = [f"Post {number}.{post}" for number in range(TICKETS) for post in range(POSTS)]
    assert [row["body_text"] for row in sorted(there(freshdesk)["conversations"], key=lambda row: (row["ticket_id"], row["id"]))] == posts
