"""A GitHub of our own with the desk's deployer on it, and the people and workflows that do what comes next."""

import shutil
from contextlib import contextmanager

import httpx
import stamina

from demo.github import Simulator
from demo.github.transport import SimulatorTransport
from ground.github import Connection, FixedToken
from hubs.deployers.git import Repository
from hubs.deployers.github import GitHub, read
from hubs.deployers.github.remote import Remote
from hubs.deployers.gitops.preparing import starter_files
from tests.hubs.deploying import NOW, US, Killed

REPOSITORY = "example-hubs/infrastructure"
URL = f"github+https://github.test/{REPOSITORY}?team=engineers"
TOKEN = "ghs_the-token-of-the-desk"


class Dying(httpx.BaseTransport):
    """A connection whose user dies at the n-th call (0: never): before it is made, or after it was carried out."""

    def __init__(self, inner, *, at=0, after=False):
        self.inner, self.at, self.after, self.count = inner, at, after, 0
        self.writes = []

    def handle_request(self, request):
        self.count += 1
        if request.method != "GET":
            self.writes.append(self.count)
        if self.count == self.at and not self.after:
            raise Killed
        response = self.inner.handle_request(request)
        if self.count == self.at:
            raise Killed
        return response


class World:
    """`code` is the repository as people see it; `now` may be moved on."""

    def __init__(self, path, *, url=URL, **options):
        self.path, self.url, self.now = path, url, NOW
        self.simulator = Simulator(REPOSITORY, code=path / "code", file=path / "issues.json", token=TOKEN, now=lambda: self.now, **options)
        self.code = self.simulator.code(REPOSITORY)
        if not self.code.git.resolve("refs/heads/main"):
            self.code.push("main", starter_files(US), message="Begin")
        self.deployer = self.again()

    def copied(self, path):
        """The same world somewhere else, to go on otherwise."""
        self.code.keep()
        return World(shutil.copytree(self.path, path), url=self.url)

    def again(self, *, folder="desk", transport=None, token=TOKEN):
        """A fresh one on the same state, as after a crash; on another folder as after a loss."""
        transport = transport or SimulatorTransport(self.simulator)
        remote = Remote(Connection("https://api.github.test", FixedToken(token), transport=transport), REPOSITORY)
        kept = Repository(self.path / folder, name=US.name, email=US.email)
        return GitHub(remote, kept, options=read(self.url), organisation=US, secrets=(token,), clock=lambda: self.now)

    def dying_at(self, at, *, after=False):
        transport = Dying(SimulatorTransport(self.simulator), at=at, after=after)
        return self.again(transport=transport), transport

    def let_it_happen(self, deployment):
        """People settle what is open and merge, workflows run, until it has ended."""
        for _round in range(60):
            if deployment.state.is_final:
                return deployment
            if deployment.state == "waiting":
                self.act(deployment)
            deployment = self.deployer.read(deployment.id)
        raise AssertionError(f"it never ends: {deployment}")

    def act(self, deployment):
        """What a person would do next."""
        if deployment.stage == "waiting-for-merge" and self.code.issue(self.pull)["state"] == "open":
            self.code.review(self.pull["number"])
            self.code.merge(self.pull["number"])
            return
        for item in deployment.preconditions:
            if item.is_open:
                outputs = {"volumeId": "vol-0abc"} if item.key == "home-disk" else {}
                self.deployer.settle(deployment.id, item.key, status="met", by="Ben", outputs=outputs)

    def until(self, deployment, stage, *, reads=30):
        """Read until it says that stage, or ends."""
        for _round in range(reads):
            if deployment.stage == stage or deployment.state.is_final:
                return deployment
            deployment = self.deployer.read(deployment.id)
        raise AssertionError(f"it never comes to {stage}: {deployment}")

    @property
    def pull(self):
        return self.code.pulls[max(self.code.pulls)]

    @property
    def main(self):
        return self.code.git.resolve("refs/heads/main")

    def changes(self):
        """Commits on main that are ours, beyond the first."""
        return sum("Hub-Request: " in self.code.git.commit(name)["message"] for name in self.code.git.log("refs/heads/main", count=200))

    def shown(self, path, at="refs/heads/main"):
        return self.code.git.text("show", f"{at}:{path}")

    def asked(self, *methods):
        """How often the desk asked GitHub by these methods."""
        return sum(request.method in methods for request in self.simulator.seen)


def github(path):
    return World(path)


@contextmanager
def no_waiting():
    """Reads are tried again at once."""
    with stamina.set_testing(True, attempts=2):
        yield
