"""Keeping the registry current: the deployer is asked by schedule what it knows, and how that went is kept."""

from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from ground.errors import OutsideError
from hubs import registry
from hubs.choosing import deployer
from hubs.models import ConfigurationRead, Source


def keep_current() -> registry.Kept | None:
    """Ask the deployer for its clusters and hubs and keep them; None, with the reason kept, when it could not be asked."""
    try:
        ours = deployer()
        clusters, hubs = ours.clusters(), ours.hubs()
    except (OutsideError, ImproperlyConfigured) as error:
        _could_not(str(error))
        return None
    return registry.keep_all(clusters, hubs)


def last_look() -> ConfigurationRead | None:
    """How the last look at the deployer's configuration went."""
    return ConfigurationRead.objects.filter(source=Source.DEPLOYER).first()


def _could_not(problem: str) -> None:
    """What is known stays; the page says since when it is old."""
    ConfigurationRead.objects.update_or_create(
        source=Source.DEPLOYER, defaults={"looked_at": timezone.now(), "problem": problem[:2000] or "no answer"}
    )
