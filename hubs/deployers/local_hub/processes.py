"""The process of a hub: found again, started once, stopped with everything it started."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ground.errors import Unavailable
from hubs.deployers.local_hub.inside.launch import started_at
from hubs.deployers.local_hub.places import Place, places
from hubs.deployers.local_hub.tools import Tools

BEGIN_PATIENCE = 10.0  # seconds, until a process has written down who it is
STOP_PATIENCE = 15.0  # a hub stops its servers and its proxy first


@dataclass(frozen=True)
class Process:
    """A hub's process, and the digest of the settings it began with."""

    pid: int
    started: str
    digest: str

    @property
    def is_alive(self) -> bool:
        """Does it still run? Another process that was given the same number began at another time."""
        return bool(self.started) and started_at(self.pid) == self.started


def running(place: Place) -> Process | None:
    """The hub's process, None when there is none."""
    try:
        found = Process(**json.loads((place.folder / "process.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return found if found.is_alive else None


def start(place: Place, tools: Tools) -> None:
    """Let the hub run with its settings as they are now, if it does not. Raises Unavailable when nothing can be started here."""
    found = running(place)
    if found and found.digest == place.digest:
        return
    stop([place])
    command = [tools.python, "-I", str(tools.launch), str(place.folder), place.digest, tools.hub, "-f", str(tools.config)]
    try:
        subprocess.run(
            command, cwd=place.folder, env=tools.environment(place.folder), timeout=BEGIN_PATIENCE, check=True, capture_output=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise Unavailable(f"The hub's process cannot be started: {type(error).__name__}.") from error


def stop(them: Iterable[Place]) -> None:
    """Ask these hubs to end, then make what is left of them."""
    chosen = list(them)
    asked = [found for each in chosen if (found := running(each))]
    for process in asked:
        _send(process.pid, signal.SIGTERM)
    _until(lambda: not any(process.is_alive for process in asked), patience=STOP_PATIENCE)
    for each in chosen:
        for pid in marked(each):
            _send(pid, signal.SIGKILL)
        _until(lambda each=each: not marked(each), patience=STOP_PATIENCE)  # type: ignore[misc]  # the default binds it
        (each.folder / "process.json").unlink(missing_ok=True)


def stop_all(root: Path) -> int:
    """Stop every hub below a folder; how many there were."""
    found = [each for each in places(root) if running(each) or marked(each)]
    stop(found)
    return len(found)


def marked(place: Place) -> list[int]:
    """Every process of that hub: itself, its proxy, servers, kernels and what people started in them. Empty where /proc is not kept."""
    mark = b"HUBDESK_PLACE=" + os.fsencode(place.folder) + b"\0"
    return [int(path.parent.name) for path in Path("/proc").glob("[0-9]*/environ") if mark in _environment(path)]


def _environment(path: Path) -> bytes:
    """A process's environment; blank for those of others and those that have gone."""
    try:
        return path.read_bytes() + b"\0"
    except OSError:
        return b""


def _send(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _until(holds: Callable[[], bool], *, patience: float) -> bool:
    until = time.monotonic() + patience
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True
