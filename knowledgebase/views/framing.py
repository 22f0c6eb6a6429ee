"""Which knowledge base a page belongs to, and what who may not enter it gets."""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from communities.models import Community
from ground.actors import ActingRequest
from knowledgebase.access import can_enter
from knowledgebase.filling import Frame

FramedView = Callable[..., HttpResponseBase]


def in_frame(view: FramedView) -> FramedView:
    """Open the knowledge base a page belongs to: the shared one, or with a slug a community's, for who may enter it."""

    return require_safe(for_all_methods(view))


def for_all_methods(view: FramedView) -> FramedView:
    """The same for a page that also takes something."""

    @functools.wraps(view)
    def framed(request: ActingRequest, *args: Any, slug: str = "", **kwargs: Any) -> HttpResponseBase:
        if not slug:
            return view(request, Frame(request.actor), *args, **kwargs)
        community = Community.objects.filter(slug=slug).first()
        if community is None or not can_enter(request.actor, community):
            return not_theirs(request)
        return view(request, Frame(request.actor, community), *args, **kwargs)

    return framed


def not_theirs(request: ActingRequest) -> HttpResponse:
    """The login for who is not signed in, whether or not there is such a thing; nothing for everybody else."""
    if request.actor.user is None:
        return redirect_to_login(request.get_full_path())
    raise Http404
