"""The embedded broker: kombu's file-system transport, whose files are there whole or not at all.

Kombu writes a message, and the table of who listens to an exchange, under the name by which it is found; whoever looks in
between reads an empty file, and dies of it.
"""

import fcntl
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """Files appear by renaming."""

    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:  # type: ignore[override]  # noqa: ARG002  kombu's own signature
        name = f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        _appear(Path(self.data_folder_out) / name, dumps(payload))

    def _queue_bind(self, exchange: str, routing_key: str | None, pattern: str | None, queue: str) -> None:
        file: Path = self._exchange_file(exchange)  # type: ignore[attr-defined]  # newer than its types
        self.control_folder.mkdir(exist_ok=True)
        bound = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with _alone(file.with_suffix(".lock")):
            table = self.get_table(exchange)
            if bound not in table:
                _appear(file, dumps([bound, *table]))


class Transport(filesystem.Transport):
    """What `filesystem://` means on this site."""

    Channel = Channel


def _appear(file: Path, text: str) -> None:
    """A file with that text, whole, also over what was there."""
    unfinished = file.with_name(f"{file.name}.{uuid.uuid4().hex}.part")
    unfinished.write_text(text)
    unfinished.replace(file)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """One process or thread at a time; the lock falls with whoever dies."""
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
