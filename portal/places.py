"""The places of the site that stand in the head of every page, and who finds them there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ground.actors import Actor
from hubs.access import LOOK_UP, QUEUE
from onboarding.access import GUIDE, READ_APPLICATIONS
from support.access import USE_DESK


@dataclass(frozen=True)
class Place:
    """A link in the head of the page, and who finds it there."""

    url: str
    words: str | Promise
    is_for: Callable[[Actor], bool]


@dataclass(frozen=True)
class Link:
    """A place as one page shows it."""

    url: str
    words: str | Promise
    is_here: bool


def _everybody(_actor: Actor) -> bool:
    return True


def _signed_in(actor: Actor) -> bool:
    return actor.is_signed_in


def _strangers(actor: Actor) -> bool:
    return not actor.is_signed_in


def _guides(actor: Actor) -> bool:
    """Who guides communities and reviews no applications; the others find the list within the review room."""
    return GUIDE.is_held_by(actor) and not READ_APPLICATIONS.is_held_by(actor)


def _lookers(actor: Actor) -> bool:
    """Who looks hubs up and has no queue of requests to begin with."""
    return LOOK_UP.is_held_by(actor) and not QUEUE.is_held_by(actor)


PLACES = (
    Place("/c/", _("Communities"), _signed_in),
    Place("/apply/", _("Apply"), _strangers),
    Place("/review/", _("Review"), READ_APPLICATIONS.is_held_by),
    Place("/review/onboarding/", _("On the way"), _guides),
    Place("/desk/", _("Desk"), USE_DESK.is_held_by),
    Place("/hubs/", _("Hubs"), QUEUE.is_held_by),
    Place("/hubs/all/", _("Hubs"), _lookers),
    Place("/kb/", _("Knowledge base"), _everybody),
    Place("/status/", _("Status"), _everybody),
)


def places_of(actor: Actor, path: str) -> Iterator[Link]:
    """The links of one page, the one it stands at marked."""
    for place in PLACES:
        if place.is_for(actor):
            yield Link(place.url, place.words, is_here=path.startswith(place.url))
