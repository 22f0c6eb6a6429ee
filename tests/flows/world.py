"""The demonstration as a person starts it: a process with its own folder and ports."""

import html
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from tests import database

ROOT = Path(__file__).resolve().parents[2]
READY = 240


@dataclass
class World:
    """A running demonstration."""

    port: int
    var: Path
    process: subprocess.Popen[bytes]

    @property
    def site(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def freshdesk(self) -> str:
        return f"http://127.0.0.1:{self.port + 1}"

    def newest_mail(self, to: str, containing: str = "", *, after: float = 0, patience: float = 30) -> str:
        """The text of the newest mail to that address, waited for."""
        until = time.monotonic() + patience
        while time.monotonic() < until:
            for path in sorted((self.var / "mail").glob("*.eml"), reverse=True):
                if int(path.stem.split("-")[0]) / 1_000_000 < after:
                    break
                page = self.get(f"/demo/mail/{path.stem}/")
                if to in page and containing in page:
                    return page
            time.sleep(0.2)
        raise AssertionError(f"no mail to {to} containing {containing!r} within {patience} s")

    def get(self, path: str) -> str:
        with urllib.request.urlopen(f"{self.site}{path}", timeout=20) as answer:
            return html.unescape(answer.read().decode())

    def second_step(self, email: str) -> str:
        """The six digits that /demo/ shows beside somebody of the staff."""
        found = re.search(rf'data-code="{re.escape(email)}">(\d{{6}})<', self.get("/demo/"))
        assert found, f"/demo/ shows no code for {email}"
        return found[1]

    def pid(self, name: str) -> int:
        return int((self.var / f"{name}.pid").read_text())

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(40)


def start(var: Path, **environment: str) -> World:
    """Start it and wait until it says that it is ready. Its hubs are recorded only, unless LOCAL_HUB=1 is given."""
    port = free_ports()
    migrated(var)
    clean = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
    command = [sys.executable, "-m", "demo", "--port", str(port)]
    with (var / "demo.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=clean | {"VAR_DIR": str(var), "LOCAL_HUB": "0"} | environment, stdout=log, stderr=log
        )
    world = World(port, var, process)
    until = time.monotonic() + READY
    while b"Hubdesk is ready" not in (var / "demo.log").read_bytes():
        if process.poll() is not None or time.monotonic() > until:
            process.send_signal(signal.SIGINT)
            raise AssertionError((var / "demo.log").read_text())
        time.sleep(0.2)
    return world


def free_ports() -> int:
    """A free port whose three neighbours are free as well: the site, both simulators, and the site with the widget."""
    for _ in range(50):
        with socket.socket() as first:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
        if all(_is_free(port + further) for further in range(4)):
            return port
    raise AssertionError("no four free ports side by side")


def _is_free(port: int) -> bool:
    with socket.socket() as one:
        try:
            one.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            return False
    return True


def migrated(var: Path) -> None:
    """Begin with the tables laid, as every test does; that migrations lay them is seen by those that keep this database."""
    if database.kept().exists():
        shutil.copy(database.kept(), var / "db.sqlite3")
