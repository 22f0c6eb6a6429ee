"""Takes what pages without a token send: pages that are kept for everybody hold nobody's, so the browser says where it comes from."""

import functools
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from ground.actors import ActingRequest
from knowledgebase.views.framing import FramedView

READING = frozenset({"GET", "HEAD", "OPTIONS"})


def from_our_pages(view: FramedView) -> FramedView:
    """Refuse what a page of somewhere else sends, and what does not say. See docs/adr/0060."""

    @csrf_exempt
    @functools.wraps(view)
    def guarded(request: ActingRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.method not in READING and not _is_ours(request):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def _is_ours(request: ActingRequest) -> bool:
    """Browsers send `Origin` with every form; where one does not, what else they say of the page must be ours."""
    if "Origin" in request.headers:
        return request.headers["Origin"] in _origins(request)
    if "Sec-Fetch-Site" in request.headers:
        return request.headers["Sec-Fetch-Site"] == "same-origin"
    return _origin(request.headers.get("Referer", "")) in _origins(request)


def _origins(request: ActingRequest) -> set[str]:
    return {_origin(settings.SITE_URL), f"{request.scheme}://{request.get_host()}"}


def _origin(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}"
