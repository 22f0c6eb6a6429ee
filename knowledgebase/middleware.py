"""Keeps the editor of one community's articles to that community's: everything else of /cms/ is not there."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse

from communities.access import is_staff
from ground.actors import ActingRequest
from knowledgebase import editing

GetResponse = Callable[[ActingRequest], HttpResponse]


class OnlyTheirOwn:
    """404 where Wagtail would show, or take, what is not theirs. Staff, and who is no editor at all, are Wagtail's to judge."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: ActingRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: ActingRequest, _view: Any, _args: Any, _kwargs: Any) -> None:
        """Raises Http404."""
        match = request.resolver_match
        if match is None or not request.path.startswith("/cms/") or not request.user.is_authenticated or is_staff(request.actor):
            return
        if request.user.has_perm("wagtailadmin.access_admin") and not editing.opens(request, match):
            raise Http404
