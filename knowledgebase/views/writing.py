"""Guards of the pages on which somebody writes for a community, or decides for the shared shelf."""

import functools
from collections.abc import Callable
from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase

from communities.access import Right, community_or_404, signed_in
from ground.actors import ActingRequest

View = Callable[..., HttpResponseBase]


def held_in_community(right: Right) -> Callable[[View], View]:
    """The page of a community for who holds that right there: the login for a stranger, 404 for everybody else."""

    def guard(view: View) -> View:
        @functools.wraps(view)
        @signed_in
        def guarded(request: ActingRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            community = community_or_404(request.actor, slug)
            if not right.is_held_by(request.actor, community):
                raise Http404
            return view(request, community, *args, **kwargs)

        return guarded

    return guard
