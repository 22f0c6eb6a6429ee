"""What the server remembers beside its deployer: keys of orders, deployments as last seen, hubs as last seen, callbacks to be sent.

One SQLite file, so that several processes may share it; every method is one transaction.
"""

import base64
import binascii
import hashlib
import json
import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from ground.errors import Rejected
from hubs.deployers.documents import as_document
from hubs.deployers.interface import Deployment, Hub
from hubs.deployers.serving.exchange import unsound

KEYS_KEPT = timedelta(days=30)
CALLBACKS_KEPT = timedelta(days=7)
TAKING = timedelta(minutes=2)
"""Who takes an order for longer than this was killed at it."""

TABLES = """
CREATE TABLE IF NOT EXISTS keys (key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, at REAL NOT NULL, taking INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS deployments (
  id TEXT PRIMARY KEY, request_id TEXT NOT NULL, state TEXT NOT NULL, is_final INTEGER NOT NULL, created REAL NOT NULL,
  updated REAL NOT NULL, version INTEGER NOT NULL, document TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS deployments_newest ON deployments (created DESC, id DESC);
CREATE TABLE IF NOT EXISTS hubs (cluster TEXT NOT NULL, hub TEXT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (cluster, hub));
CREATE TABLE IF NOT EXISTS callbacks (
  id TEXT PRIMARY KEY, body TEXT NOT NULL, at REAL NOT NULL, due REAL, attempts INTEGER NOT NULL DEFAULT 0, error TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS leases (name TEXT PRIMARY KEY, until REAL NOT NULL);
"""


@dataclass(frozen=True)
class Callback:
    """One that is to be sent: its id stays the same however often it is tried."""

    id: str
    body: str
    attempts: int
    at: datetime


@dataclass(frozen=True)
class Wanted:
    """Which deployments a list asks for."""

    state: str = ""
    request_id: str = ""
    updated_after: datetime | None = None
    cursor: str = ""
    limit: int = 50


class Ledger:
    """`calls`: whether somebody wants to be called; else no callback is written."""

    def __init__(self, path: Path, *, calls: bool = False) -> None:
        self.path, self.calls = path, calls
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._open() as database:
            database.executescript(TABLES)

    def take(self, key: str, body: bytes, *, now: datetime) -> None:
        """Begin to take an order. Rejected 422 when the key stands for another one, 409 while somebody else is taking it."""
        mark = hashlib.sha256(body).hexdigest()
        with self._open() as database:
            database.execute("DELETE FROM keys WHERE at < ?", [(now - KEYS_KEPT).timestamp()])
            row = database.execute("SELECT fingerprint, at, taking FROM keys WHERE key = ?", [key]).fetchone()
            if row and row[0] != mark:
                raise _refused(422, "idempotency-key-reused", "This key has been used for another order.")
            if row and row[2] and row[1] > (now - TAKING).timestamp():
                raise _refused(409, "idempotency-key-in-use", "This order is being taken.")
            database.execute("INSERT OR REPLACE INTO keys VALUES (?, ?, ?, 1)", [key, mark, now.timestamp()])

    def taken(self, key: str) -> None:
        """It was taken; the key stands for it from now on."""
        with self._open() as database:
            database.execute("UPDATE keys SET taking = 0 WHERE key = ?", [key])

    def not_taken(self, key: str) -> None:
        """It was refused, and may be asked for again."""
        with self._open() as database:
            database.execute("DELETE FROM keys WHERE key = ?", [key])

    def keep(self, deployment: Deployment, *, now: datetime) -> bool:
        """Keep a deployment as just seen, unless a newer one is kept; whoever wants to be called will be. True when it is news."""
        row = [deployment.id, deployment.request_id, str(deployment.state), deployment.state.is_final]
        row += [
            deployment.created_at.timestamp(),
            deployment.updated_at.timestamp(),
            deployment.version,
            json.dumps(as_document(deployment)),
        ]
        with self._open() as database:
            known = database.execute("SELECT version FROM deployments WHERE id = ?", [deployment.id]).fetchone()
            if known and known[0] >= deployment.version:
                return False
            database.execute("INSERT OR REPLACE INTO deployments VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
            self._call(database, "deployment.updated", _about(deployment), now=now)
        return True

    def keep_hubs(self, hubs: Iterable[Hub], *, now: datetime) -> int:
        """Keep hubs as just seen; how many have changed, come or gone since. The first look finds everything as it is."""
        seen = {(hub.cluster, hub.name): _mark_of(hub) for hub in hubs}
        with self._open() as database:
            before = {(cluster, name): digest for cluster, name, digest in database.execute("SELECT * FROM hubs")}
            changed = sorted(key for key in {*seen, *before} if seen.get(key) != before.get(key))
            database.execute("DELETE FROM hubs")
            database.executemany("INSERT INTO hubs VALUES (?, ?, ?)", [[*key, digest] for key, digest in seen.items()])
            if not before:
                return 0
            for cluster, name in changed:
                self._call(database, "hub.changed", {"cluster": cluster, "hub": name}, now=now)
        return len(changed)

    def open_ids(self) -> list[str]:
        """The deployments that have not come to an end, oldest first."""
        with self._open() as database:
            return [row[0] for row in database.execute("SELECT id FROM deployments WHERE is_final = 0 ORDER BY created, id")]

    def listed(self, wanted: Wanted) -> tuple[list[dict[str, Any]], str]:
        """One page, newest first, and the cursor of the next; blank after the last."""
        after = wanted.updated_after.timestamp() if wanted.updated_after else -1.0
        created, last = _read_cursor(wanted.cursor) if wanted.cursor else (1e18, "")
        values = {
            "state": wanted.state,
            "request": wanted.request_id,
            "after": after,
            "created": created,
            "last": last,
            "limit": wanted.limit + 1,
        }
        with self._open() as database:
            rows = database.execute(LISTED, values).fetchall()
        page = rows[: wanted.limit]
        return [json.loads(row[2]) for row in page], _cursor(page[-1][0], page[-1][1]) if len(rows) > wanted.limit else ""

    def due(self, *, now: datetime, lease: timedelta, most: int = 20) -> list[Callback]:
        """Callbacks whose time has come, taken for as long as the lease; old ones are forgotten."""
        with self._open() as database:
            database.execute("DELETE FROM callbacks WHERE at < ?", [(now - CALLBACKS_KEPT).timestamp()])
            rows = database.execute(
                "SELECT id, body, attempts, at FROM callbacks WHERE due <= ? ORDER BY due, rowid LIMIT ?", [now.timestamp(), most]
            ).fetchall()
            until = (now + lease).timestamp()
            database.executemany("UPDATE callbacks SET due = ?, attempts = attempts + 1 WHERE id = ?", [[until, row[0]] for row in rows])
        return [Callback(row[0], row[1], row[2] + 1, datetime.fromtimestamp(row[3], now.tzinfo)) for row in rows]

    def settle(self, callback: Callback, *, due: datetime | None = None, error: str = "") -> None:
        """It was heard (no `due`), or is to be tried again then."""
        with self._open() as database:
            moment = due.timestamp() if due else None
            database.execute("UPDATE callbacks SET due = ?, error = ? WHERE id = ?", [moment, error[:500], callback.id])

    def claim(self, name: str, *, now: datetime, lease: timedelta) -> bool:
        """Take some work for as long as the lease, so that of several processes one does it."""
        with self._open() as database:
            database.execute("INSERT OR IGNORE INTO leases VALUES (?, 0)", [name])
            taken = database.execute(
                "UPDATE leases SET until = ? WHERE name = ? AND until <= ?", [(now + lease).timestamp(), name, now.timestamp()]
            )
            return taken.rowcount == 1

    def _call(self, database: sqlite3.Connection, kind: str, data: Mapping[str, Any], *, now: datetime) -> None:
        if self.calls:
            body = json.dumps({"type": kind, "timestamp": now.isoformat(), "data": data})
            database.execute(
                "INSERT INTO callbacks (id, body, at, due) VALUES (?, ?, ?, ?)",
                [f"msg_{uuid.uuid4().hex}", body, now.timestamp(), now.timestamp()],
            )

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A connection with a transaction that is written at the end, or not at all."""
        with closing(sqlite3.connect(self.path, timeout=10, isolation_level=None)) as database:
            database.execute("PRAGMA journal_mode=WAL")
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
            except BaseException:
                if database.in_transaction:
                    database.execute("ROLLBACK")
                raise
            if database.in_transaction:
                database.execute("COMMIT")


LISTED = """
SELECT created, id, document FROM deployments
WHERE (:state = '' OR state = :state) AND (:request = '' OR request_id = :request) AND updated > :after
  AND (created < :created OR (created = :created AND id < :last))
ORDER BY created DESC, id DESC LIMIT :limit
"""


def _mark_of(hub: Hub) -> str:
    """Two looks at a hub are the same when these are: every commit is observed of every hub, and changes few of them."""
    conditions = tuple(replace(condition, since=None) for condition in hub.conditions)
    document = as_document(replace(hub, observed_commit="", conditions=conditions))
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()


def _about(deployment: Deployment) -> dict[str, Any]:
    """What a callback says: which one, how far, and which version; nothing that anybody would have to believe."""
    told = {"deployment_id": deployment.id, "request_id": deployment.request_id, "state": str(deployment.state)}
    return {**told, "stage": deployment.stage, "version": deployment.version}


def _cursor(created: float, identity: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([created, identity]).encode()).decode()


def _read_cursor(cursor: str) -> tuple[float, str]:
    try:
        created, identity = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii", "strict")))
        return float(created), str(identity)
    except (ValueError, TypeError, binascii.Error) as error:
        raise unsound("", "cursor", "This is no cursor of ours.") from error


def _refused(status: int, code: str, detail: str) -> Rejected:
    return Rejected(detail, status=status, errors=[{"pointer": "", "code": code, "detail": detail}], code=code)
