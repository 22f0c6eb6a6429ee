"""The deployers of this machine."""

from hubs.deployers.git import Repository
from hubs.deployers.gitops import GitOps, prepare
from hubs.deployers.manual import Manual
from tests.hubs.deploying import NOW, US, Dying

ROUNDS = 12


class GitOpsWorld:
    """A configuration repository; people settle whatever it waits for."""

    def __init__(self, path):
        self.path = path / "configuration"
        prepare(self.path, US)
        self.deployer = self.again()

    def again(self):
        return self._on(Repository(self.path, name=US.name, email=US.email))

    def dying(self, at):
        return self._on(Dying(self.path, at=at))

    def let_it_happen(self, deployment):
        return carried_on(self.again(), deployment)

    def changes(self):
        return len(Repository(self.path).recent("refs/heads/main", 50)) - 1

    def _on(self, repository):
        return GitOps(repository, organisation=US, clock=lambda: NOW)


class ManualWorld:
    """A person who ticks everything off."""

    def __init__(self, path):
        self.path = path / "deployments.git"
        self.deployer = self.again()

    def again(self):
        return Manual(self.path, clock=lambda: NOW)

    def let_it_happen(self, deployment):
        return carried_on(self.again(), deployment)

    def changes(self):
        records = self.again().records.all() if self.path.exists() else []
        return sum(record.deployment.state == "succeeded" for record in records)


def carried_on(deployer, deployment):
    """Settle what is open and read on, until it moves no more."""
    for _round in range(ROUNDS):
        if deployment.state.is_final:
            break
        blocking = [
            item for item in deployment.preconditions if item.is_open and (item.blocks in {"proposal", "merge"} or _by_hand(deployment))
        ]
        for item in blocking if deployment.state == "waiting" else ():
            deployer.settle(deployment.id, item.key, status="met", by="Ben")
        deployment = deployer.read(deployment.id)
    return deployment


def _by_hand(deployment):
    return {step.name for step in deployment.steps} == {item.key for item in deployment.preconditions}


def gitops(path):
    return GitOpsWorld(path)


def manual(path):
    return ManualWorld(path)
