"""A hub's place on this machine: its folder, its ports, its keys, and what it was last told to be."""

import fcntl
import hashlib
import json
import secrets
import shutil
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ground.errors import Rejected, Unavailable
from hubs.deployers.records import is_plain

LOOPBACK = "127.0.0.1"
HUBS = "hubs"
LOCK_PATIENCE = 100.0  # seconds; a check that another worker makes takes less


@dataclass(frozen=True)
class Ports:
    """Where the hub is reached, and where its two parts talk with each other."""

    public: int
    hub: int
    proxy: int


@dataclass(frozen=True)
class Keys:
    """What people enter, and what the parts show each other. They stay in one file of the owner's, and are never told elsewhere."""

    password: str = field(repr=False)
    admin_password: str = field(repr=False)
    proxy: str = field(repr=False)
    check: str = field(repr=False)


@dataclass(frozen=True)
class Place:
    """The folder of one hub, below that of its cluster."""

    folder: Path

    @property
    def name(self) -> tuple[str, str]:
        """Cluster and hub."""
        return self.folder.parent.name, self.folder.name

    @property
    def is_taken(self) -> bool:
        """Is there a hub, running or not?"""
        return (self.folder / "settings.json").exists()

    @property
    def settings(self) -> dict[str, Any]:
        """What the hub was last told to be."""
        found: dict[str, Any] = json.loads((self.folder / "settings.json").read_text(encoding="utf-8"))
        return found

    @property
    def url(self) -> str:
        """Where people go."""
        return f"http://{LOOPBACK}:{self.settings['ports']['public']}{self.base}"

    @property
    def base(self) -> str:
        """What every path begins with, so that two hubs of this host do not take each other's cookies: those know no ports."""
        return f"/{'/'.join(self.name)}/"

    @property
    def digest(self) -> str:
        """Names the settings: a process that began with others is started anew."""
        return hashlib.sha256(json.dumps(self.settings, sort_keys=True).encode()).hexdigest()

    @property
    def checked(self) -> dict[str, Any]:
        """What came of the last check: `ok`, `detail`, `at`; empty before the first."""
        path = self.folder / "checked.json"
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        return found

    def keep_check(self, found: Mapping[str, Any]) -> None:
        """Remember what came of a check."""
        _write(self.folder / "checked.json", found)

    def keys(self) -> Keys:
        """The keys, made at the first need of them."""
        path = self.folder / "secrets.json"
        if not path.exists():
            made = Keys(secrets.token_urlsafe(12), secrets.token_urlsafe(32), secrets.token_hex(32), secrets.token_hex(32))
            _write(path, asdict(made))
        return Keys(**json.loads(path.read_text(encoding="utf-8")))

    def furnish(self, wanted: Mapping[str, Any], *, is_running: bool) -> None:
        """Keep what the hub is to be. Its ports stay, unless somebody took them while it did not run."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.keys()
        known = Ports(**self.settings["ports"]) if self.is_taken else None
        ports = known if known and (is_running or all(map(_is_free, asdict(known).values()))) else free_ports()
        _write(self.folder / "settings.json", {**wanted, "base": self.base, "ports": asdict(ports)})

    def remove(self, *, kept_as: str) -> None:
        """Free the place: with everything in it, or moved aside under that name where people's files are to be kept."""
        if not self.folder.exists():
            return
        if kept_as:
            self.folder.rename(self.folder.with_name(f"{self.folder.name}.{kept_as}"))
        else:
            shutil.rmtree(self.folder)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One worker at a time. Raises Unavailable when another does not let go."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with (self.folder.parent / f".{self.folder.name}.lock").open("a") as lock:
            _take(lock.fileno())
            yield


@dataclass(frozen=True)
class Entrance:
    """How people get into a hub: its address, the word for everybody, and the longer one for its admins."""

    cluster: str
    hub: str
    url: str
    password: str = field(repr=False)
    admin_password: str = field(repr=False)
    admins: tuple[str, ...] = ()


def entrances(folder: Path) -> list[Entrance]:
    """Those of every hub below a deployer's folder. Never part of a plan, a deployment or a log."""
    return [
        Entrance(*each.name, each.url, (keys := each.keys()).password, keys.admin_password, tuple(each.settings["admins"]))
        for each in places(folder / HUBS)
    ]


def place(root: Path, cluster: str, hub: str) -> Place:
    """The place of a hub. Rejected 422 for a name that leads elsewhere."""
    if not is_plain(cluster) or not is_plain(hub):
        raise Rejected("A cluster and a hub are known by letters, digits and hyphens.", status=422)
    return Place(root / cluster / hub)


def places(root: Path) -> list[Place]:
    """Every place that is taken, in order; those that were moved aside are not."""
    found = [Place(path.parent) for path in sorted(root.glob("*/*/settings.json"))]
    return [each for each in found if is_plain(each.folder.name)]


def free_ports() -> Ports:
    """Three ports that nobody uses now."""
    held = [socket.socket() for _ in range(3)]
    try:
        for each in held:
            each.bind((LOOPBACK, 0))
        return Ports(*(int(each.getsockname()[1]) for each in held))
    finally:
        for each in held:
            each.close()


def _is_free(port: int) -> bool:
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def _take(lock: int) -> None:
    until = time.monotonic() + LOCK_PATIENCE
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > until:
                raise Unavailable("Another worker is busy with this hub.") from error
            time.sleep(0.1)
        else:
            return


def _write(path: Path, facts: Mapping[str, Any]) -> None:
    """Whole or not at all, and for nobody else to read."""
    being_written = path.with_name(f"{path.name}.new")
    being_written.touch(mode=0o600)
    being_written.write_text(json.dumps(facts, indent=1), encoding="utf-8")
    being_written.replace(path)
