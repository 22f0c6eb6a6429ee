"""The places of the site that stand in the head of every page, and who finds them there."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from communities.roles import StaffGroup
from ground.actors import Actor


@dataclass(frozen=True)
class Place:
    """A link in the head of the page; `groups` are the staff it is for, empty for everybody."""

    url: str
    words: str | Promise
    groups: frozenset[StaffGroup] = frozenset()
    signed_in: bool | None = None

    def is_for(self, actor: Actor) -> bool:
        """Whether this person finds the place in the head of the page."""
        user = actor.user
        if self.signed_in is not None and self.signed_in != (user is not None):
            return False
        return not self.groups or (user is not None and (user.is_superuser or bool(user.staff_groups & self.groups)))


@dataclass(frozen=True)
class Link:
    """A place as one page shows it."""

    url: str
    words: str | Promise
    is_here: bool


PLACES = (
    Place("/c/", _("Communities"), signed_in=True),
    Place("/apply/", _("Apply"), signed_in=False),
    Place("/review/", _("Review"), frozenset({StaffGroup.REVIEWER, StaffGroup.REVIEW_LEAD})),
    Place("/desk/", _("Desk"), frozenset({StaffGroup.SUPPORT_AGENT, StaffGroup.SUPPORT_TRIAGER})),
    Place("/hubs/", _("Hubs"), frozenset({StaffGroup.ENGINEER})),
    Place("/kb/", _("Knowledge base")),
    Place("/status/", _("Status")),
)


def places_of(actor: Actor, path: str) -> Iterator[Link]:
    """The links of one page, the one it stands at marked."""
    for place in PLACES:
        if place.is_for(actor):
            yield Link(place.url, place.words, is_here=path.startswith(place.url))
