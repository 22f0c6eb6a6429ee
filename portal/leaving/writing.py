"""Tables as files: JSON and CSV of each, JSON Lines of the long ones; one walk over the rows, whatever their number."""

import csv
import io
import json
import tempfile
from collections.abc import Iterator
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet

from ground.exports import harmless
from portal.leaving.archive import IN_MEMORY, Archive
from portal.leaving.tables import AT_ONCE, Row, Rows

AS_LINES = frozenset({"tickets", "messages", "ticket_files", "ticket_events"})


def write(archive: Archive, name: str, rows: Rows) -> int:
    """One table; how many rows it has."""
    with _beside() as table, _beside() as lines:
        count = _json(archive, name, rows, Sheet(table), lines)
        _copy(archive, f"{name}.csv", table)
        if name in AS_LINES:
            _copy(archive, f"{name}.jsonl", lines)
    return count


class Sheet:
    """A CSV that begins with the names of its first row."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._text = io.StringIO(newline="")
        self._writer: csv.DictWriter[str] | None = None

    def add(self, row: Row) -> None:
        if self._writer is None:
            self._writer = csv.DictWriter(self._text, list(row))
            self._writer.writeheader()
        self._writer.writerow({column: _cell(value) for column, value in row.items()})
        self._file.write(self._text.getvalue().encode())
        self._text.seek(0)
        self._text.truncate()


def _json(archive: Archive, name: str, rows: Rows, sheet: Sheet, lines: IO[bytes]) -> int:
    """The rows as one JSON list; beside it their CSV and their lines, written meanwhile."""
    count = 0
    with archive.open(f"{name}.json", about="table") as put:
        for row in _each(rows):
            text = json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False).encode()
            put((b",\n" if count else b"[\n") + text)
            sheet.add(row)
            if name in AS_LINES:
                lines.write(text + b"\n")
            count += 1
        put(b"\n]\n" if count else b"[]\n")
    return count


def _each(rows: Rows) -> Iterator[Row]:
    """A queryset a part at a time, so that a long one does not fill the memory."""
    yield from rows.iterator(chunk_size=AT_ONCE) if isinstance(rows, QuerySet) else rows


def _beside() -> "tempfile.SpooledTemporaryFile[bytes]":
    return tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)


def _copy(archive: Archive, path: str, file: IO[bytes]) -> None:
    file.seek(0)
    archive.copy(path, file, about="table")


def _cell(value: Any) -> Any:
    """Texts that a spreadsheet would take for a formula are quoted; the JSON beside them is as it was written."""
    if isinstance(value, dict | list):
        return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
    return harmless(value) if isinstance(value, str) else value
