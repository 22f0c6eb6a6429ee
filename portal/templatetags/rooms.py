"""The rooms of one community, as the second row of links on each of its pages."""

from typing import Any

from django.template import Context, Library
from django.utils.translation import gettext_lazy as _

from communities.access import can_see_community
from communities.models import Community
from portal.places import Link

register = Library()

ROOMS = (
    ("", _("Overview")),
    ("onboarding/", _("The way to your hub")),
    ("responsibilities/", _("Who does what")),
    ("hubs/", _("Hubs")),
    ("tickets/", _("Tickets")),
    ("kb/", _("Knowledge base")),
    ("updates/", _("Updates")),
    ("people/", _("People")),
)


@register.simple_tag(takes_context=True)
def rooms_of_community(context: Context) -> list[Link]:
    """The rooms of the page's community, for who belongs to it or serves it; nothing on other pages."""
    community, request = context.get("community"), context.get("request")
    if not isinstance(community, Community) or request is None or not can_see_community(request.actor, community):
        return []
    home = community.get_absolute_url()
    if not request.path.startswith(home):
        return []
    return [Link(home + path, words, is_here=_is_here(request, home, path)) for path, words in ROOMS]


def _is_here(request: Any, home: str, path: str) -> bool:
    return request.path == home if not path else bool(request.path.startswith(home + path))
