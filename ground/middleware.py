"""The editor's own Content-Security-Policy, for /cms/ alone."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


def editor_policy(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Wagtail writes styles and handlers into its pages; nothing else of the site may."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path.startswith("/cms/"):
            response._csp_replace = settings.EDITOR_CONTENT_SECURITY_POLICY  # type: ignore[attr-defined]  # django-csp's own door
            response.headers["X-Frame-Options"] = "SAMEORIGIN"  # the editor's preview pane
        return response

    return respond
