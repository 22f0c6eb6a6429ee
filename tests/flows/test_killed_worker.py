"""A worker killed with -9 while a release, a hub request and tickets wait for the outside: nothing is lost, nothing is doubled."""

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

ROOT = Path(__file__).parents[2]
REDIS = "redis://127.0.0.1:6379/15"
TICKETS, POSTS = 2, 2
OUTBOXES = ("ground_outgoingmail", "onboarding_letter", "support_ticket", "support_message", "support_companylink", "hubs_hubrequest")
RELEASE = """
from ground.actors import Actor
from onboarding import acceptance
from tests.factories import acting
from tests.onboarding.review_factories import approved, lead
acceptance.release(approved(), by=acting(lead(email="last@hubs.example")))
"""
SUBMIT = """
from communities.models import User
from demo.story.joining import WHAT_THE_HUB_STILL_NEEDS
from ground.actors import Actor
from hubs import requests
from hubs.models import HubRequest
request, ana = HubRequest.objects.get(), Actor.person(User.objects.get(email="ana@glaciares.example.org"))
github = {"/hubs/0/authentication": {"method": "github", "allowed_organizations": ["glaciares"], "admins": ["ana-quispe"]}}
requests.save(request, values=WHAT_THE_HUB_STILL_NEEDS | github, by=ana, version=request.version)
requests.submit(request, by=ana)
"""
APPROVE = """
from ground.actors import Actor
from hubs import requests
from hubs.models import HubRequest
from tests.factories import acting, staff
request = HubRequest.objects.get()
requests.approve(request, plan_digest=request.plan_digest, by=acting(staff(email="eli@hubs.example")))
"""
SETTLE = """
from ground.actors import Actor
from hubs import requests
from hubs.models import HubRequest
request = HubRequest.objects.get()
for precondition in request.preconditions:
    requests.settle(request, key=precondition["key"], status="met", by=Actor.system())
"""
ASK = f"""
from communities.models import Community, User
from ground.actors import Actor
from support import replies, tickets
community, ana = Community.objects.get(), Actor.person(User.objects.get(email="ana@glaciares.example.org"))
for number in range({TICKETS}):
    ticket = tickets.open_ticket(community, subject=f"Ticket {{number}}", body="Help", by=ana)
    for post in range({POSTS}):
        replies.add_incoming(ticket, body=f"Post {{number}}.{{post}}", by=ana)
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
    return {**os.environ, **ours, **mirror, "NO_PROXY": "*", "DEMO": "1"}


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


def ask(database, query):
    with closing(sqlite3.connect(database, timeout=20, isolation_level=None)) as rows:
        return rows.execute(query).fetchone()[0]


def waiting(database):
    """Rows that still wait for the outside."""
    return sum(ask(database, f"SELECT count(*) FROM {table} WHERE next_attempt_at IS NOT NULL") for table in OUTBOXES)


def state(database):
    return ask(database, "SELECT state FROM hubs_hubrequest")


def end_leases(database):
    """As if the dead worker's two minutes were over."""
    with closing(sqlite3.connect(database, timeout=20, isolation_level=None)) as rows:
        for table in OUTBOXES:
            rows.execute(f"UPDATE {table} SET next_attempt_at = '2020-01-01 00:00:00' WHERE next_attempt_at IS NOT NULL")
        rows.execute("UPDATE support_synccursor SET leased_until = NULL")


def slowly(freshdesk, path):
    """What is posted there is carried out at once, and answered after half a minute."""
    freshdesk.post("/_control/faults", content=json.dumps({"kind": "slow", "method": "POST", "path": path, "seconds": 29, "times": 0}))


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
    database, log = Path(shutil.copy(migrated, var / "db.sqlite3")), var / "worker.log"
    env = environment(var, str(freshdesk.base_url), broker)
    manage(env, "setup", "--skip-migrate", "-v0")

    slowly(freshdesk, "companies.*")
    manage(env, "shell", "-v0", "-c", RELEASE)
    with worker(env, log):
        until(lambda: there(freshdesk)["companies"], "the company arrives, and its answer is slow")
    freshdesk.delete("/_control/faults")
    end_leases(database)
    with worker(env, log):
        until(lambda: waiting(database) == 0, log.read_text)
        manage(env, "shell", "-v0", "-c", SUBMIT)
        until(lambda: state(database) == "planned", log.read_text)
    manage(env, "shell", "-v0", "-c", APPROVE)
    with worker(env, log):
        until(lambda: state(database) in {"deploying", "waiting"}, log.read_text)
    end_leases(database)
    with worker(env, log):
        until(lambda: state(database) == "waiting", log.read_text)
    manage(env, "shell", "-v0", "-c", SETTLE)
    slowly(freshdesk, "tickets.*")
    manage(env, "shell", "-v0", "-c", ASK)
    with worker(env, log):
        until(lambda: len(there(freshdesk)["tickets"]) == TICKETS, "both tickets arrive, and their answers are slow")
    freshdesk.delete("/_control/faults")
    end_leases(database)
    with worker(env, log):
        until(lambda: waiting(database) == 0 and state(database) == "succeeded", log.read_text)

    everything = there(freshdesk)
    assert [row["name"] for row in everything["companies"]] == ["Red Andina de Glaciares"]
    assert [row["email"] for row in everything["contacts"]].count("ana@glaciares.example.org") == 1
    assert sorted(row["subject"] for row in everything["tickets"]) == [f"Ticket {number}" for number in range(TICKETS)]
    posts = [f"Post {number}.{post}" for number in range(TICKETS) for post in range(POSTS)]
    subjects = {row["id"]: row["subject"] for row in everything["tickets"]}  # whichever ticket came first
    conversations = sorted(everything["conversations"], key=lambda row: (subjects[row["ticket_id"]], row["id"]))
    assert [row["body_text"] for row in conversations] == posts
    letters = [path for path in (var / "mail").glob("*.eml") if "ana@glaciares.example.org" in path.read_text()]
    assert len(letters) == 1
    commits = subprocess.run(
        ["git", "log", "--format=%s", "--no-merges", "main"], cwd=var / "configuration", capture_output=True, text=True, check=True
    )
    assert len([line for line in commits.stdout.splitlines() if "glaciares" in line.lower()]) == 1
