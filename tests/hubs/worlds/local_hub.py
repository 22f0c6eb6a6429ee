"""Hubs on this machine whose JupyterHub is a small stand-in: a process that answers `/hub/health`, quick to start and to stop."""

import atexit
import json
import sys
from dataclasses import dataclass
from pathlib import Path

from hubs.deployers import Deployment
from hubs.deployers.git import Repository
from hubs.deployers.gitops import prepare
from hubs.deployers.local_hub import LocalHub, Tools, stop_all
from tests.hubs.deploying import NOW, US

HUB = """#!{python}
import json, os, signal, sys, threading, time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

place = Path(os.environ["HUBDESK_PLACE"])
with (place / "starts").open("a") as starts:
    starts.write(json.dumps(sorted(os.environ)) + "\\n")
last = time.monotonic()

class Health(BaseHTTPRequestHandler):
    def do_GET(self):
        global last
        last = time.monotonic()
        self.send_response(200 if self.path.endswith("/hub/health") else 404)
        self.end_headers()

def tire():
    while time.monotonic() - last < 60:
        time.sleep(1)
    os._exit(0)

signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
threading.Thread(target=tire, daemon=True).start()
print("password", json.loads((place / "secrets.json").read_text())["password"], flush=True)
HTTPServer(("127.0.0.1", json.loads((place / "settings.json").read_text())["ports"]["public"]), Health).serve_forever()
"""
CHECK = "print({answer!r})\n"


def pretended(folder: Path, *, answer: str = '{"ok": true}') -> Tools:
    """The tools of a stand-in, whose check ends with this answer. A hub that nobody asks for a minute ends by itself."""
    folder.mkdir(parents=True, exist_ok=True)
    hub, check = folder / "hub", folder / "check.py"
    hub.write_text(HUB.format(python=sys.executable))
    hub.chmod(0o755)
    check.write_text(CHECK.format(answer=answer))
    return Tools(python=sys.executable, hub=str(hub), proxy=str(hub), server=str(hub), check=check)


@dataclass(frozen=True)
class World:
    """A configuration repository, hubs beside it, and the tools they are started with."""

    path: Path
    tools: Tools

    @property
    def deployer(self) -> LocalHub:
        return self.again()

    @property
    def hubs(self) -> Path:
        return self.path / "deployer" / "hubs"

    def again(self, repository: Repository | None = None, tools: Tools | None = None) -> LocalHub:
        """A deployer on the same state, as after a crash."""
        known = repository or Repository(self.path / "configuration", name=US.name, email=US.email)
        return LocalHub(known, organisation=US, folder=self.path / "deployer", tools=tools or self.tools, clock=lambda: NOW)

    def let_it_happen(self, deployment: Deployment) -> Deployment:
        """Nothing waits for anybody outside: it is read on to its end."""
        deployment = self.deployer.read(deployment.id)
        return deployment if deployment.state.is_final else self.let_it_happen(deployment)

    def changes(self) -> int:
        return len(self.deployer.repository.recent("refs/heads/main", 100)) - 1

    def starts(self, hub: str = "aurora") -> list[list[str]]:
        """The names in the environment of each start there ever was of a hub."""
        path = self.hubs / "shared" / hub / "starts"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def stop(self) -> int:
        return stop_all(self.hubs)


def local_hub(path: Path) -> World:
    """A world with a stand-in; its hubs are stopped when the run ends, if not before."""
    world = World(path, pretended(path / "tools"))
    prepare(path / "configuration", US)
    atexit.register(world.stop)
    return world
