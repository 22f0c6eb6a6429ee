"""Pictures from outside: on the page of whoever asks for them, and only there may they load."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpResponse

from ground.actors import ActingRequest
from support.history import Entry


@dataclass(frozen=True)
class Outside:
    """How many pictures from outside an exchange holds, and whether this page shows them."""

    count: int
    are_shown: bool


def are_asked_for(request: ActingRequest) -> bool:
    """Whether the reader asked for them, in this address."""
    return request.GET.get("images") == "1"


def outside(entries: Iterable[Entry], *, are_shown: bool) -> Outside:
    """What the page says of an exchange's pictures."""
    return Outside(count=sum(entry.images for entry in entries), are_shown=are_shown)


def let_in(response: HttpResponse) -> HttpResponse:
    """The page's policy allows pictures of any host; nothing else of it changes."""
    response._csp_update = {"img-src": ["https:"]}  # type: ignore[attr-defined]  # django-csp's own door
    return response
