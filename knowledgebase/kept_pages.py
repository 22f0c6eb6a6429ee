"""Whole pages of the knowledge bases, kept for readers without cookies (docs/adr/0066).

A page is kept under the *generation* that was current before it was made. Dropping begins a new generation in every process at once,
so that a page made from what was there before can at worst be kept where nobody looks any more.
If the cache fails, nothing is found and nothing kept: the page is made.
"""

import functools
import hashlib
import logging
import pickle
import re
import uuid
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeGuard

from django.conf import settings
from django.core.cache import caches
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.templatetags.static import static
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import parse_http_date_safe
from django.utils.translation import get_language_from_request
from redis.exceptions import RedisError

OURS = re.compile(r"/(?:c/[-\w]+/)?kb/|/(?:llms\.txt|sitemap\.xml)$")
GZIP = re.compile(r"\bgzip\b")
FAILING = (OSError, EOFError, RedisError, pickle.UnpicklingError, zlib.error)
GENERATION = "generation"
MARK = "is_for_everybody"  # an attribute that the views of ours set on what every stranger is shown alike

GetResponse = Callable[[HttpRequest], HttpResponseBase]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Place:
    """Where one page would be kept."""

    generation: str
    key: str


def middleware(get_response: GetResponse) -> GetResponse:
    """Stands first, so that what is kept is what left the site, compressed and with all its headers, and nothing else is asked for it."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        place = place_of(request)
        if place and (kept := find(place)):
            return _as_asked(request, kept)
        response = get_response(request)
        if not _is_for_everybody(response):
            return response
        if place and request.method == "GET":
            keep(place, response)
        return _as_asked(request, response)

    return respond


def for_everybody(response: HttpResponse) -> HttpResponse:
    """Say of an answer that every reader who has not signed in gets the same: whoever keeps it asks whether it is still so."""
    setattr(response, MARK, True)
    if "ETag" not in response.headers:
        response.headers["ETag"] = f'W/"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        patch_cache_control(response, public=True, no_cache=True)
    return response


def place_of(request: HttpRequest) -> Place | None:
    """Where this page would be kept; None for whatever may differ from reader to reader."""
    if request.method not in {"GET", "HEAD"} or request.META.get("QUERY_STRING") or request.META.get("HTTP_COOKIE"):
        return None
    if not OURS.match(request.path_info) or "HTTP_AUTHORIZATION" in request.META:
        return None
    told = (
        *(_release(), request.scheme, request.get_host(), request.path, get_language_from_request(request)),
        *(bool(GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", ""))), "HTTP_HX_REQUEST" in request.META),
    )
    try:
        return Place(_generation(), hashlib.sha256(repr(told).encode()).hexdigest())
    except FAILING as error:
        log.warning("pages cannot be looked up: %s", error)
        return None


def find(place: Place) -> HttpResponse | None:
    """The page kept there."""
    try:
        kept = caches["pages"].get(_name(place))
    except FAILING as error:
        log.warning("a kept page cannot be read: %s", error)
        return None
    return for_everybody(HttpResponse(kept[1], headers=kept[0])) if kept else None


def keep(place: Place, response: HttpResponse) -> None:
    """Keep that page, unless something in it is one reader's."""
    if response.cookies or "nonce-" in response.headers.get("Content-Security-Policy", ""):
        return
    try:
        caches["pages"].set(_name(place), (dict(response.items()), response.content))
    except FAILING as error:
        log.warning("a page cannot be kept: %s", error)


def drop() -> None:
    """Serve no page any more that was kept until now, in whichever process."""
    try:
        caches["pages"].set(GENERATION, uuid.uuid4().hex, timeout=None)
    except FAILING as error:  # what is kept is forgotten after a few minutes all the same
        log.warning("kept pages cannot be dropped: %s", error)


def drop_after_commit() -> None:
    """`drop`, when what changed can be read."""
    transaction.on_commit(drop)


def _is_for_everybody(response: HttpResponseBase) -> TypeGuard[HttpResponse]:
    return getattr(response, MARK, False) and response.status_code == 200


def _as_asked(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """304 to a reader who has it already."""
    changed = parse_http_date_safe(response.headers.get("Last-Modified", ""))
    return get_conditional_response(request, etag=response.headers["ETag"], last_modified=changed, response=response) or response


def _generation() -> str:
    """The generation of today. A cache that has forgotten it gets a new one: an old one never comes back."""
    found = caches["pages"].get(GENERATION)
    if found is None:
        caches["pages"].add(GENERATION, uuid.uuid4().hex, timeout=None)
        found = caches["pages"].get(GENERATION)
    return str(found)


def _name(place: Place) -> str:
    return f"{place.generation}:{place.key}"


@functools.cache
def _release() -> str:
    """What else every page shows: whose desk it is, and the files it loads, which are named after what is in them."""
    files = [static(f"css/{name}.css") for name in ("site", "knowledgebase")] + [static("js/reading.js")]
    return repr((settings.OPERATOR_NAME, settings.SUPPORT_EMAIL, settings.SITE_URL, settings.DEMO, files))
