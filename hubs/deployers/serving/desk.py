"""What every operation of the server works with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hubs.deployers.documents import as_document
from hubs.deployers.interface import Deployer, Deployment
from hubs.deployers.serving.ledger import Ledger


@dataclass(frozen=True)
class Desk:
    """The deployer that is served, what the server remembers, and the time."""

    deployer: Deployer
    ledger: Ledger
    clock: Callable[[], datetime]

    def kept(self, deployment: Deployment) -> Deployment:
        """Keep a deployment as just seen."""
        self.ledger.keep(deployment, now=self.clock())
        return deployment

    def headers(self, deployment: Deployment) -> dict[str, str]:
        """How soon it is worth asking again."""
        return {} if deployment.state.is_final else {"Retry-After": str(self.deployer.capabilities().poll_after_seconds)}


def whole(value: Any, *texts: str) -> dict[str, Any]:
    """The document of a dataclass, with these texts even where they are blank."""
    return {**dict.fromkeys(texts, ""), **as_document(value)}


def deployment_document(deployment: Deployment) -> dict[str, Any]:
    """A deployment, its hubs with all they have to have."""
    return {**whole(deployment, "stage"), "hubs": [whole(hub, "display_name", "url") for hub in deployment.hubs]}
