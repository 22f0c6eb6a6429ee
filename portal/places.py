"""The places of the site that stand in the head of every page, and who finds them there."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from communities.access import Right
from ground.actors import Actor
from hubs.access import QUEUE
from onboarding.access import READ_APPLICATIONS
from support.access import USE_DESK


@dataclass(frozen=True)
class Place:
    """A link in the head of the page; `rights` open it, none of them needed means everybody."""

    url: str
    words: str | Promise
    rights: tuple[Right, ...] = ()
    signed_in: bool | None = None

    def is_for(self, actor: Actor) -> bool:
        """Whether this person finds the place in the head of the page."""
        if self.signed_in is not None and self.signed_in != (actor.user is not None):
            return False
        return not self.rights or any(right.is_held_by(actor) for right in self.rights)


@dataclass(frozen=True)
class Link:
    """A place as one page shows it."""

    url: str
    words: str | Promise
    is_here: bool


PLACES = (
    Place("/c/", _("Communities"), signed_in=True),
    Place("/apply/", _("Apply"), signed_in=False),
    Place("/review/", _("Review"), (READ_APPLICATIONS,)),
    Place("/desk/", _("Desk"), (USE_DESK,)),
    Place("/hubs/", _("Hubs"), (QUEUE,)),
    Place("/kb/", _("Knowledge base")),
    Place("/status/", _("Status")),
)


def places_of(actor: Actor, path: str) -> Iterator[Link]:
    """The links of one page, the one it stands at marked."""
    for place in PLACES:
        if place.is_for(actor):
            yield Link(place.url, place.words, is_here=path.startswith(place.url))
