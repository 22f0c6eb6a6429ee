"""Articles for when there is no line: the worker that keeps what strangers read, and the page it shows for what it does not have."""

import hashlib
import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

FILES = ("css/site.css", "css/knowledgebase.css", "js/site.js", "js/reading.js", "img/favicon.svg")


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. It is told apart from the one before by the files it holds."""
    files = [static(name) for name in FILES]
    release = hashlib.sha256(json.dumps([files, settings.OPERATOR_NAME]).encode()).hexdigest()[:12]
    context = {"files": json.dumps(files), "offline": json.dumps(reverse("knowledgebase:offline")), "release": release}
    response = render(request, "knowledgebase/offline.js", context, content_type="text/javascript; charset=utf-8")
    response.headers["Service-Worker-Allowed"] = "/"  # it stays with /kb/ and /c/…/kb/; each page registers its own knowledge base
    response.headers["Cache-Control"] = "no-cache"
    return response


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What is shown instead of a page that is not kept on the device."""
    return render(request, "knowledgebase/offline.html")
