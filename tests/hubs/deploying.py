"""A deployer on a repository of its own, orders for it, and ways to interrupt it."""

from datetime import UTC, datetime
from pathlib import Path

from hubs.deployers import Approval, Order, Organisation
from hubs.deployers.git import Repository
from hubs.deployers.gitops import GitOps, prepare

US = Organisation("Example Hubs", "https://hubs.example", "support@hubs.example")
NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
REAL = Path(__file__).resolve().parents[3] / "shared" / "reference" / "infra"


class Killed(Exception):
    """The process is gone."""


class Dying(Repository):
    """A repository whose user dies when it is about to write something that stays for the n-th time."""

    def __init__(self, path, *, at):
        super().__init__(path, name=US.name, email=US.email)
        self.at, self.count = at, 0

    def run(self, *arguments, **options):
        self.count += arguments[0] in {"update-ref", "read-tree"}
        if self.count == self.at and self.at:
            raise Killed
        return super().run(*arguments, **options)


def gitops(path, repository=None):
    prepare(path, US)
    return GitOps(repository or Repository(path, name=US.name, email=US.email), organisation=US, clock=lambda: NOW)


def order(deployer, request, *, request_id="7", revision=1, digest="", **approval):
    digest = digest or deployer.plan(request).digest
    return Order(request_id, revision, request, Approval("Ben (engineer)", NOW, digest, **approval))


def finish(deployer, deployment, *, reads=12):
    """Ask until it moves no more."""
    for _ in range(reads):
        if deployment.state.is_final or deployment.state == "waiting":
            return deployment
        deployment = deployer.read(deployment.id)
    raise AssertionError("it never ends")


def settle_all(deployer, deployment, **outputs):
    for item in deployment.preconditions:
        if item.is_open and item.blocks == "merge":
            deployment = deployer.settle(
                deployment.id, item.key, status="met", by="Ben", outputs=outputs if item.key == "home-disk" else {}
            )
    return finish(deployer, deployment)


def commits(deployer):
    return deployer.repository.recent("refs/heads/main", 50)


def shown(deployer, path):
    return deployer.repository.text("show", f"refs/heads/main:{path}")
