"""Fragments that a page watches: sent whole when they changed, 304 when they did not."""

import hashlib
from typing import Any

from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils.translation import get_language

from ground.actors import ActingRequest


def answer_if_new(request: ActingRequest, template: str, context: dict[str, Any], *, state: object, beat: object = "") -> HttpResponse:
    """Render the fragment unless the asker holds this very state already. With a `beat` the answer may later be told by it alone."""
    known, now = _digest(request, state), _digest(request, beat) if beat else ""
    etag = f"{known}-{now}" if now else known
    if _held(request)[0] == known:
        return _tagged(HttpResponseNotModified(), etag)
    return _tagged(render(request, template, {**context, "etag": etag, "is_fragment": True}), etag)


def still(request: ActingRequest, beat: object) -> HttpResponse | None:
    """304 where nothing has moved since the asker was answered at this very beat, before anything is looked up."""
    known, at = _held(request)
    return _tagged(HttpResponseNotModified(), f"{known}-{at}") if at and at == _digest(request, beat) else None


def _held(request: ActingRequest) -> tuple[str, str]:
    """The state and the beat that the asker holds."""
    known, _between, at = request.headers.get("If-None-Match", "").removeprefix("W/").strip('"').partition("-")
    return known, at


def _digest(request: ActingRequest, state: object) -> str:
    person = request.actor.user.pk if request.actor.user else 0
    return hashlib.sha256(repr((person, get_language(), request.get_full_path(), state)).encode()).hexdigest()[:20]


def _tagged(response: HttpResponse, etag: str) -> HttpResponse:
    response["ETag"] = f'"{etag}"'
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Cookie"
    return response
