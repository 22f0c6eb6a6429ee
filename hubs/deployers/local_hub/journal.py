"""What each step of a deployment wrote, kept beside the hubs: it outlives the folder of a hub that was taken away."""

import re
from dataclasses import dataclass
from pathlib import Path

from hubs.deployers.records import is_plain

LONGEST = 200_000  # characters of one log; its end says why something ended
PART = 64_000  # characters handed over at once
TOKEN = re.compile(r"((?:token|password)[=: ]+)[\w-]{8,}", re.IGNORECASE)


@dataclass(frozen=True)
class Journal:
    """One file a step of a deployment."""

    folder: Path

    def write(self, deployment_id: str, step: str, text: str) -> None:
        """Add to what the step wrote; what looks like a key is taken out."""
        path = self._path(deployment_id, step)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with path.open("a", encoding="utf-8") as log:
            log.write(TOKEN.sub(r"\1•••", text[-LONGEST:]))

    def read(self, deployment_id: str, step: str, *, offset: int) -> tuple[str, int] | None:
        """A part of it and where the next begins, in characters; None when the step wrote nothing."""
        path = self._path(deployment_id, step)
        if not (is_plain(deployment_id) and is_plain(step) and path.exists()):
            return None
        text = path.read_text(encoding="utf-8")[offset : offset + PART]
        return text, offset + len(text)

    def _path(self, deployment_id: str, step: str) -> Path:
        return self.folder / deployment_id / f"{step}.log"
