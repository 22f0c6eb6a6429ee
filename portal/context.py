"""What the shell of every page needs to know about who reads it."""

from django.utils.functional import SimpleLazyObject

from ground.actors import ActingRequest, Actor
from portal.places import places_of

THEMES = {"light", "dark"}


def surroundings(request: ActingRequest) -> dict[str, object]:
    """Where this person may go from here, and the theme they fixed; asked for only by pages that show it."""
    return {
        "places": SimpleLazyObject(lambda: list(places_of(_reader(request), request.path))),
        "theme": SimpleLazyObject(lambda: _theme(request)),
    }


def _reader(request: ActingRequest) -> Actor:
    """Who reads; a request that was refused before anybody asked who acts is read by nobody in particular."""
    return getattr(request, "actor", Actor.anonymous())


def _theme(request: ActingRequest) -> str:
    user = _reader(request).user
    theme = user.theme if user else request.COOKIES.get("theme", "")
    return theme if theme in THEMES else ""
