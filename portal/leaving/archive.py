"""A ZIP that is written a piece at a time and knows of each of its files how long it is and what its SHA-256 is."""

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from types import TracebackType
from typing import IO, Any, Self

from django.core.serializers.json import DjangoJSONEncoder

CHUNK = 64 * 1024
IN_MEMORY = 1024 * 1024
SUMS = "SHA256SUMS"
MANIFEST = "manifest.json"


def _nothing() -> None:
    """What is called after each file, when nobody wants to know."""


class Archive:
    """What is known of the files lies on disk too: a hundred thousand of them cost the memory of ZIP's own directory, no more."""

    def __init__(self, file: IO[bytes], *, at: datetime, after_each: Callable[[], None] = _nothing) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)
        self._known = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  closed with the archive
        self._moment = (at.year, at.month, at.day, at.hour, at.minute, at.second)
        self._after_each = after_each
        self.missing: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._zip.close()
        self._known.close()

    def write(self, path: str, content: str | bytes, *, about: str) -> None:
        """One file that is at hand whole."""
        self.write_parts(path, [content.encode() if isinstance(content, str) else content], about=about)

    def write_parts(self, path: str, parts: Iterable[bytes], *, about: str) -> None:
        """One file, part after part."""
        with self.open(path, about=about) as put:
            for part in parts:
                put(part)

    def copy(self, path: str, source: IO[bytes], *, about: str) -> None:
        """One file from another."""
        self.write_parts(path, iter(lambda: source.read(CHUNK), b""), about=about)

    @contextmanager
    def open(self, path: str, *, about: str) -> Iterator[Callable[[bytes], None]]:
        """One file that is written as it comes; no other is open meanwhile. `about` says which sort it is."""
        digest, size = hashlib.sha256(), 0
        entry = zipfile.ZipInfo(path, self._moment)
        entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
        with self._zip.open(entry, "w", force_zip64=True) as out:

            def put(part: bytes) -> None:
                nonlocal size
                out.write(part)
                digest.update(part)
                size += len(part)

            yield put
        self._known.write(_line({"path": path, "size": size, "sha256": digest.hexdigest(), "about": about}))
        self._after_each()

    def finish(self, facts: Mapping[str, Any]) -> None:
        """The last two files: what the archive is with a row a file, and their sums as `sha256sum -c` reads them."""
        with self.open(MANIFEST, about="manifest") as put:
            head = json.dumps({**facts, "missing": self.missing}, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
            put(f'{head[:-2]},\n "files": [\n'.encode())
            for number, line in enumerate(self._lines()):
                put(b",\n  " + line.rstrip() if number else b"  " + line.rstrip())
            put(b"\n ]\n}\n")
        with self.open(SUMS, about="sums") as put:
            for line in self._lines():
                row = json.loads(line)
                put(f"{row['sha256']}  {row['path']}\n".encode())

    def _lines(self) -> Iterator[bytes]:
        self._known.seek(0)
        yield from self._known
        self._known.seek(0, 2)


def _line(row: Mapping[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False).encode() + b"\n"
