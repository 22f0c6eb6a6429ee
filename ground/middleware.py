"""The editor's own Content-Security-Policy, and pages for what an address does not do and what somebody else did first."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from ground.error_pages import changed, too_many, wrong_method
from ground.rates import TooMany
from ground.states import WrongState

GetResponse = Callable[[HttpRequest], HttpResponse]


def editor_policy(get_response: GetResponse) -> GetResponse:
    """Wagtail writes styles and handlers into its pages; nothing else of the site may, a draft shown in the editor least of all."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_draft = getattr(request, "is_preview", False)  # drawn by a request within one of /cms/, whose policy stays
        if is_draft or request.path.startswith("/cms/"):
            policy = settings.PREVIEW_CONTENT_SECURITY_POLICY if is_draft else settings.EDITOR_CONTENT_SECURITY_POLICY
            response._csp_replace = policy  # type: ignore[attr-defined]  # django-csp's own door
            response.headers["X-Frame-Options"] = "SAMEORIGIN"  # the editor's preview pane
        return response

    return respond


def wrong_method_page(get_response: GetResponse) -> GetResponse:
    """Django's 405 is an empty page; ours says so in the reader's language."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        return wrong_method(request, allowed=response.headers["Allow"]) if isinstance(response, HttpResponseNotAllowed) else response

    return respond


class ChangedMeanwhile:
    """Answers `WrongState` of any page with 409, for double clicks, two tabs and two people are everyday, and `TooMany` with 429."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, TooMany):
            return too_many(request, seconds=exception.seconds)
        return changed(request) if isinstance(exception, WrongState) else None
