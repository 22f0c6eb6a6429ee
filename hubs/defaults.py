"""What the hubs' room cannot run without: the embedded configuration repository, and the clusters and hubs it describes."""

from django.conf import settings

from hubs import deployers, registry
from hubs.choosing import deployer, organisation


def ensure() -> None:
    """Make the repository where there is none, and register what it describes. What is there stays as it is."""
    deployers.prepare(settings.DEPLOYER_URL, organisation=organisation())
    ours = deployer()
    registry.keep_all(ours.clusters(), ours.hubs())
