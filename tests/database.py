"""A migrated SQLite database, made once for each state of the migrations and copied by every run.

A file, as on the site: each thread of the server under test has a connection of its own and waits for its turn to write. One connection in memory, shared by
threads, refuses a table that another request is writing and has taken whole test processes down with it.
"""

import functools
import hashlib
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connections


def open_in(folder: Path) -> None:
    """Make the default connection a database in that folder with every migration applied."""
    connection = connections["default"]
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = str(folder / "db.sqlite3")
    connection.connect()
    if not kept().exists():
        call_command("migrate", interactive=False, verbosity=0)
        _keep(connection.connection, kept())
    restore()


def restore() -> None:
    """Bring the database back to what the migrations left."""
    with closing(sqlite3.connect(kept())) as source:
        source.backup(connections["default"].connection)
    _let_rows_be_deleted()


@functools.cache
def kept() -> Path:
    """The migrated database as a file."""
    return Path(settings.BASE_DIR) / "var" / "test-databases" / f"{state_of_migrations()}.sqlite3"


def state_of_migrations() -> str:
    """A digest of the migrations here and of the packages that bring their own."""
    root = Path(settings.BASE_DIR)
    paths = [root / "requirements" / "base.lock", *sorted(root.glob("*/migrations/*.py"))]
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()[:20]


def _keep(migrated: sqlite3.Connection, kept: Path) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    unfinished = kept.with_suffix(f".{os.getpid()}")
    with sqlite3.connect(unfinished) as target:
        migrated.backup(target)
    target.close()
    unfinished.rename(kept)


def _let_rows_be_deleted() -> None:
    """Tests with real transactions end by emptying every table; on SQLite by DELETE, which published versions refuse."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%never_deleted'")
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{name}"')
