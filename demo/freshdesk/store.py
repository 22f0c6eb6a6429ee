"""What the simulator remembers: one SQLite file (or memory), a table per kind, whole objects as JSON beside the columns lists ask for."""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Row = dict[str, Any]
FIRST_LONG_ID = 158018097111
KINDS: Mapping[str, Sequence[str]] = {
    "tickets": ("created_at", "updated_at", "due_by", "status", "place", "requester_id", "company_id", "group_id", "tie"),
    "past": ("ticket_id", "kept_at", "replaced_at"),
    "conversations": ("ticket_id", "created_at"),
    "attachments": ("ticket_id", "conversation_id"),
    "contacts": ("email", "name", "company_id", "place", "updated_at", "unique_external_id", "other_addresses"),
    "companies": ("name", "updated_at"),
    "agents": ("email",),
    "groups": ("name",),
    "fields": ("name",),
    "time_entries": ("ticket_id", "executed_at"),
    "ratings": ("ticket_id", "created_at"),
    "folders": ("name",),
    "canned": ("folder_id",),
    "jobs": ("key",),
    "effects": ("due", "kind"),
}
COUNTED_FROM_ONE = {"tickets", "past", "jobs", "effects"}
# Rows of one second come in an order that means nothing, but holds still between two pages: ids times this, modulo a prime.
SHUFFLE, PRIME = 7919, 1_000_003
DERIVED: Mapping[str, Callable[[Row], Any]] = {
    "tie": lambda row: row["id"] * SHUFFLE % PRIME,
    "other_addresses": lambda row: json.dumps(row["other_emails"]) if row.get("other_emails") else None,
}
INDEXES = (
    "CREATE INDEX IF NOT EXISTS tickets_by_change ON tickets (place, updated_at, tie)",
    "CREATE INDEX IF NOT EXISTS tickets_by_creation ON tickets (place, created_at, tie)",
    "CREATE INDEX IF NOT EXISTS tickets_by_state ON tickets (status, place, updated_at)",
    "CREATE INDEX IF NOT EXISTS tickets_by_requester ON tickets (requester_id)",
    "CREATE INDEX IF NOT EXISTS tickets_by_company ON tickets (company_id)",
    "CREATE INDEX IF NOT EXISTS past_by_ticket ON past (replaced_at)",
    "CREATE INDEX IF NOT EXISTS conversations_by_ticket ON conversations (ticket_id, id)",
    "CREATE INDEX IF NOT EXISTS attachments_by_ticket ON attachments (ticket_id, conversation_id)",
    "CREATE UNIQUE INDEX IF NOT EXISTS contacts_by_email ON contacts (email)",
    "CREATE INDEX IF NOT EXISTS contacts_by_name ON contacts (place, name COLLATE NOCASE, id)",
    "CREATE INDEX IF NOT EXISTS contacts_by_company ON contacts (company_id)",
    "CREATE INDEX IF NOT EXISTS contacts_by_external_id ON contacts (unique_external_id)",
    "CREATE INDEX IF NOT EXISTS contacts_with_more ON contacts (other_addresses) WHERE other_addresses IS NOT NULL",
    "CREATE UNIQUE INDEX IF NOT EXISTS companies_by_name ON companies (name COLLATE NOCASE)",
    "CREATE INDEX IF NOT EXISTS time_entries_by_ticket ON time_entries (ticket_id)",
    "CREATE INDEX IF NOT EXISTS ratings_by_ticket ON ratings (ticket_id)",
    "CREATE INDEX IF NOT EXISTS effects_by_due ON effects (due)",
)
SEQUENCES = (
    "CREATE TABLE IF NOT EXISTS sequence (id INTEGER PRIMARY KEY AUTOINCREMENT)",
    "CREATE TABLE IF NOT EXISTS counts (kind TEXT PRIMARY KEY, last INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS files (id INTEGER PRIMARY KEY, content BLOB NOT NULL)",
)


class Shelf:
    """The objects of one kind."""

    def __init__(self, connection: sqlite3.Connection, kind: str, columns: Sequence[str]) -> None:
        self._connection, self._kind, self._columns = connection, kind, columns
        self._create()
        self._fit()
        marks = ", ".join("?" * (len(columns) + 2))
        self._insertion = f"INSERT OR REPLACE INTO {kind} VALUES ({marks})"

    def put(self, row: Row) -> Row:
        """Keep an object; without an id it gets the next one."""
        if row.get("id") is None:
            row["id"] = self.take_ids(1)[0]
        self._connection.execute(self._insertion, self._values(row))
        return row

    def put_all(self, rows: Iterator[Row] | Sequence[Row]) -> None:
        """Keep many objects that have their ids already."""
        self._connection.executemany(self._insertion, map(self._values, rows))

    def get(self, row_id: int) -> Row | None:
        return next(iter(self.find("id = ?", row_id)), None)

    def find(self, where: str = "1", *values: Any, order: str = "id", limit: int = -1, offset: int = 0) -> list[Row]:
        query = f"SELECT body FROM {self._kind} WHERE {where} ORDER BY {order} LIMIT {limit:d} OFFSET {offset:d}"
        return [json.loads(body) for (body,) in self._connection.execute(query, values)]

    def count(self, where: str = "1", *values: Any) -> int:
        return int(self._connection.execute(f"SELECT count(*) FROM {self._kind} WHERE {where}", values).fetchone()[0])

    def remove(self, row_id: int) -> None:
        self._connection.execute(f"DELETE FROM {self._kind} WHERE id = ?", (row_id,))

    def remove_where(self, where: str, *values: Any) -> None:
        self._connection.execute(f"DELETE FROM {self._kind} WHERE {where}", values)

    def mark(self, column: str, value: str, where: str, *values: Any) -> None:
        """Write one column of many objects at once."""
        change = f"UPDATE {self._kind} SET {column} = ?, body = json_set(body, '$.{column}', ?) WHERE {where}"
        self._connection.execute(change, (value, value, *values))

    def take_ids(self, number: int) -> range:
        """Tickets count from one; everybody else shares a long sequence, so that an agent's id is never a contact's. None is given twice."""
        if self._kind in COUNTED_FROM_ONE:
            return self._take_own(number)
        last = self._connection.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'sequence'").fetchone()[0]
        self._connection.execute("INSERT INTO sequence (id) VALUES (?)", (last + number,))
        return range(FIRST_LONG_ID + last + 1, FIRST_LONG_ID + last + number + 1)

    def _take_own(self, number: int) -> range:
        highest = f"SELECT max(coalesce(max(id), 0), coalesce((SELECT last FROM counts WHERE kind = ?), 0)) FROM {self._kind}"
        last = int(self._connection.execute(highest, (self._kind,)).fetchone()[0])
        self._connection.execute("INSERT OR REPLACE INTO counts VALUES (?, ?)", (self._kind, last + number))
        return range(last + 1, last + number + 1)

    def _values(self, row: Row) -> list[Any]:
        kept = (DERIVED[column](row) if column in DERIVED else row.get(column) for column in self._columns)
        return [row["id"], *kept, json.dumps(row)]

    def _create(self) -> None:
        columns = ", ".join(self._columns)
        self._connection.execute(f"CREATE TABLE IF NOT EXISTS {self._kind} (id INTEGER PRIMARY KEY, {columns}, body TEXT NOT NULL)")

    def _fit(self) -> None:
        """A file from before a column was added keeps its objects."""
        names = [row[1] for row in self._connection.execute(f"PRAGMA table_info({self._kind})")]
        if names == ["id", *self._columns, "body"]:
            return
        rows = self.find()
        self._connection.execute(f"DROP TABLE {self._kind}")
        self._create()
        marks = ", ".join("?" * (len(self._columns) + 2))
        self._connection.executemany(f"INSERT INTO {self._kind} VALUES ({marks})", map(self._values, rows))


class Files:
    """The bytes of attachments."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def put(self, file_id: int, content: bytes) -> None:
        self._connection.execute("INSERT OR REPLACE INTO files VALUES (?, ?)", (file_id, content))

    def get(self, file_id: int) -> bytes:
        found = self._connection.execute("SELECT content FROM files WHERE id = ?", (file_id,)).fetchone()
        return bytes(found[0]) if found else b""

    def remove(self, file_id: int) -> None:
        self._connection.execute("DELETE FROM files WHERE id = ?", (file_id,))


class Store:
    """All shelves, one turn at a time."""

    def __init__(self, folder: Path | None = None) -> None:
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
        self.lock = threading.RLock()
        self.closed = False
        self._connection = sqlite3.connect(
            folder / "freshdesk.sqlite3" if folder else ":memory:", check_same_thread=False, isolation_level=None
        )
        self._connection.execute("PRAGMA synchronous = OFF")  # a killed process loses nothing; a rehearsal need not survive a power cut
        for table in SEQUENCES:
            self._connection.execute(table)
        shelves = {kind: Shelf(self._connection, kind, columns) for kind, columns in KINDS.items()}
        self.tickets, self.past = shelves["tickets"], shelves["past"]
        self.conversations, self.attachments = shelves["conversations"], shelves["attachments"]
        self.contacts, self.companies = shelves["contacts"], shelves["companies"]
        self.agents, self.groups, self.fields = shelves["agents"], shelves["groups"], shelves["fields"]
        self.time_entries, self.ratings = shelves["time_entries"], shelves["ratings"]
        self.folders, self.canned = shelves["folders"], shelves["canned"]
        self.jobs, self.effects = shelves["jobs"], shelves["effects"]
        self.files = Files(self._connection)
        for index in INDEXES:
            self._connection.execute(index)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """One request's changes: all or none."""
        with self.lock:
            self._connection.execute("BEGIN")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def close(self) -> None:
        with self.lock:
            self.closed = True
            self._connection.close()
