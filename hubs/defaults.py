"""What the hubs' room cannot run without: the embedded configuration repository, and the clusters and hubs it describes."""

import logging

from django.conf import settings

from ground.errors import Unavailable
from hubs import deployers, registry
from hubs.choosing import deployer, surroundings

logger = logging.getLogger(__name__)


def ensure() -> None:
    """Make the repository where there is none, and register what it describes. What is there stays as it is.

    A deployer elsewhere that does not answer stops nobody from setting up a desk: it is asked again later.
    """
    deployers.prepare(settings.DEPLOYER_URL, surroundings=surroundings())
    ours = deployer()
    try:
        registry.keep_all(ours.clusters(), ours.hubs())
    except Unavailable as error:
        logger.warning("The deployer could not be asked for its clusters and hubs: %s", error)
