"""What the simulator remembers: one SQLite file (or memory), a table per kind, whole objects as JSON beside the columns lists ask for."""

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Row = dict[str, Any]
FIRST_LONG_ID = 158018097111
KINDS: Mapping[str, Sequence[str]] = {
    "tickets": ("created_at", "updated_at", "due_by", "status", "place", "requester_id", "company_id"),
    "conversations": ("ticket_id", "created_at"),
    "contacts": ("email", "name", "company_id", "place", "updated_at", "unique_external_id"),
    "companies": ("name", "updated_at"),
    "agents": ("email",),
    "groups": ("name",),
    "effects": ("due",),
}
INDEXES = (
    "CREATE INDEX IF NOT EXISTS tickets_by_change ON tickets (place, updated_at, id)",
    "CREATE INDEX IF NOT EXISTS conversations_by_ticket ON conversations (ticket_id, id)",
    "CREATE UNIQUE INDEX IF NOT EXISTS contacts_by_email ON contacts (email)",
    "CREATE UNIQUE INDEX IF NOT EXISTS companies_by_name ON companies (name COLLATE NOCASE)",
)


class Shelf:
    """The objects of one kind."""

    def __init__(self, connection: sqlite3.Connection, kind: str, columns: Sequence[str]) -> None:
        self._connection, self._kind, self._columns = connection, kind, columns
        connection.execute(f"CREATE TABLE IF NOT EXISTS {kind} (id INTEGER PRIMARY KEY, {', '.join(columns)}, body TEXT NOT NULL)")

    def put(self, row: Row) -> Row:
        """Keep an object; without an id it gets the next one."""
        if row.get("id") is None:
            row["id"] = self._next_id()
        marks = ", ".join("?" * (len(self._columns) + 2))
        values = [row["id"], *(row.get(column) for column in self._columns), json.dumps(row)]
        self._connection.execute(f"INSERT OR REPLACE INTO {self._kind} VALUES ({marks})", values)
        return row

    def get(self, row_id: int) -> Row | None:
        return next(iter(self.find("id = ?", row_id)), None)

    def find(self, where: str = "1", *values: Any, order: str = "id", limit: int = -1, offset: int = 0) -> list[Row]:
        query = f"SELECT body FROM {self._kind} WHERE {where} ORDER BY {order} LIMIT {limit:d} OFFSET {offset:d}"
        return [json.loads(body) for (body,) in self._connection.execute(query, values)]

    def remove(self, row_id: int) -> None:
        self._connection.execute(f"DELETE FROM {self._kind} WHERE id = ?", (row_id,))

    def _next_id(self) -> int:
        """Tickets count from one; everybody else shares a long sequence, so that an agent's id is never a contact's."""
        if self._kind in {"tickets", "effects"}:
            return int(self._connection.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {self._kind}").fetchone()[0])
        cursor = self._connection.execute("INSERT INTO sequence DEFAULT VALUES")
        return FIRST_LONG_ID + int(cursor.lastrowid or 0)


class Store:
    """All shelves, one turn at a time."""

    def __init__(self, folder: Path | None = None) -> None:
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(
            folder / "freshdesk.sqlite3" if folder else ":memory:", check_same_thread=False, isolation_level=None
        )
        self._connection.execute("CREATE TABLE IF NOT EXISTS sequence (id INTEGER PRIMARY KEY AUTOINCREMENT)")
        shelves = {kind: Shelf(self._connection, kind, columns) for kind, columns in KINDS.items()}
        self.tickets, self.conversations = shelves["tickets"], shelves["conversations"]
        self.contacts, self.companies = shelves["contacts"], shelves["companies"]
        self.agents, self.groups, self.effects = shelves["agents"], shelves["groups"], shelves["effects"]
        for index in INDEXES:
            self._connection.execute(index)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """One request's changes: all or none."""
        with self._lock:
            self._connection.execute("BEGIN")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def close(self) -> None:
        self._connection.close()
