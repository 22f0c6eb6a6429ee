"""Every deployer with something to deploy to, so that one contract test holds for all of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from hubs.deployers import Deployer, Deployment
from tests.hubs.worlds.github import github
from tests.hubs.worlds.here import gitops, manual
from tests.hubs.worlds.http import http
from tests.hubs.worlds.local_hub import local_hub


class World(Protocol):
    """A deployer and its outside. One that can be killed has `dying(at) -> Deployer` too: it dies at its n-th lasting write."""

    deployer: Deployer

    def again(self) -> Deployer:
        """A fresh one on the same state, as after a crash."""

    def let_it_happen(self, deployment: Deployment) -> Deployment:
        """Let people and machines outside do what they would do next; then read."""

    def changes(self) -> int:
        """How many changes were ever made."""


WORLDS: dict[str, Callable[[Path], World]] = {"gitops": gitops, "manual": manual, "http": http, "github": github, "local-hub": local_hub}
