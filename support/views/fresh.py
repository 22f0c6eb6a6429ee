"""Fragments that a page watches: sent whole when they changed, 304 when they did not."""

import hashlib
from typing import Any

from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils.translation import get_language

from ground.actors import ActingRequest


def answer_if_new(request: ActingRequest, template: str, context: dict[str, Any], *, state: object) -> HttpResponse:
    """Render the fragment unless the asker holds this very state already."""
    person = request.actor.user.pk if request.actor.user else 0
    etag = '"' + hashlib.sha256(repr((person, get_language(), state)).encode()).hexdigest()[:20] + '"'
    response: HttpResponse = HttpResponseNotModified()
    if request.headers.get("If-None-Match") != etag:
        response = render(request, template, {**context, "etag": etag.strip(chr(34)), "is_fragment": True})
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Cookie"
    return response
