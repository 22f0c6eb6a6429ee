"""What a browser and whoever stands between may keep of the pages of the knowledge bases."""

import functools
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control

from ground.actors import ActingRequest
from knowledgebase import kept_pages
from knowledgebase.filling import Frame
from knowledgebase.views.framing import FramedView


def kept_by_strangers(view: FramedView) -> FramedView:
    """A stranger's page is everybody's, and is kept; one made for somebody is kept by nobody, on no device they may share."""

    @functools.wraps(view)
    def kept(request: ActingRequest, frame: Frame, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, frame, *args, **kwargs)
        if frame.actor.user is not None:
            patch_cache_control(response, private=True, no_store=True)
        elif isinstance(response, HttpResponse) and response.status_code == 200 and "Cache-Control" not in response.headers:
            kept_pages.for_everybody(response)
        return response

    return kept
