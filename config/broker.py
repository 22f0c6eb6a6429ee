"""The embedded broker: kombu's file-system transport, whose messages are there whole or not at all.

Kombu writes a message under the name by which it is found; a worker that looks in between reads an empty file, and dies of it.
"""

import os
import time
import uuid
from pathlib import Path
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """Messages appear by renaming."""

    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:  # type: ignore[override]  # noqa: ARG002  kombu's own signature
        name = f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        folder = Path(self.data_folder_out)
        unfinished = folder / f"{name}.part"
        unfinished.write_text(dumps(payload))
        os.replace(unfinished, folder / name)  # noqa: PTH105  atomic, also over what is there


class Transport(filesystem.Transport):
    """What `filesystem://` means on this site."""

    Channel = Channel
