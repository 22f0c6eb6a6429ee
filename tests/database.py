"""A migrated SQLite database, made once for each state of the migrations and copied into memory by every run."""

import hashlib
import os
import sqlite3
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connections


def open_in_memory() -> None:
    """Make the default connection an in-memory database with every migration applied."""
    connection = connections["default"]
    connection.close()
    name = connection.creation._get_test_db_name()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    connection.connect()
    kept = Path(settings.BASE_DIR) / "var" / "test-databases" / f"{state_of_migrations()}.sqlite3"
    if not kept.exists():
        call_command("migrate", interactive=False, verbosity=0)
        _keep(connection.connection, kept)
        return
    with sqlite3.connect(kept) as source:
        source.backup(connection.connection)
    source.close()


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
