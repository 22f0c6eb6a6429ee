"""What a reader sees when something is not right: which page, in their language, with a way on."""

from dataclasses import dataclass
from http.client import responses

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ground.problems import CONTENT_TYPE


@dataclass(frozen=True)
class Trouble:
    """An error page: what happened, what is safe, what to do. `code` names it to programs."""

    status: int
    code: str
    title: str | Promise
    text: str | Promise


BAD_REQUEST = Trouble(
    400,
    "bad-request",
    _("We could not read that request"),
    _("Something in it was not as we expected. Nothing was changed. Go back, reload the page and try once more."),
)
FORM_EXPIRED = Trouble(
    403,
    "form-expired",
    _("This form has been open for too long"),
    _("To keep your account safe, forms expire. Nothing was changed. Go back, copy what you wrote, reload the page and send it again."),
)
FORBIDDEN = Trouble(
    403,
    "forbidden",
    _("This is not open to you"),
    _("You are signed in, but your account may not do this. If it should, ask a representative of your community, or write to us."),
)
NOT_FOUND = Trouble(
    404,
    "not-found",
    _("There is nothing at this address"),
    _(
        "It may have moved, or it is only shown to people who are signed in and belong to it. Check the address, or start over from the first page."
    ),
)
WRONG_METHOD = Trouble(
    405,
    "method-not-allowed",
    _("That cannot be done at this address"),
    _("The address is right, and what was asked of it is not. Nothing was changed. Go back, or start over from the first page."),
)
CHANGED = Trouble(
    409,
    "wrong-state",
    _("This has changed in the meantime"),
    _(
        "Somebody else, or another tab of yours, was quicker, so this is no longer possible. Nothing was changed now. Go back and reload the page to see where it stands."
    ),
)
TOO_LARGE = Trouble(
    413,
    "too-large",
    _("That is too large to send at once"),
    _("Nothing was changed. Go back and send less: shorter text, or fewer and smaller files."),
)
TOO_MANY = Trouble(
    429,
    "too-many",
    _("That was a lot in a short time"),
    _("To keep the site safe we wait a little. Nothing was lost. Try again in a few minutes."),
)
SERVER_ERROR = Trouble(
    500,
    "server-error",
    _("Something on our side went wrong"),
    _(
        "We have been told and will look at it. What you saved before is safe. Try again in a few minutes; if it happens again, write to us."
    ),
)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 when there was simply too much of it."""
    return _answer(request, TOO_LARGE if isinstance(exception, RequestDataTooBig | TooManyFilesSent) else BAD_REQUEST)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  Django's signature
    """403 of the protection against forged forms, which mostly meets forms left open overnight."""
    return _answer(request, FORM_EXPIRED)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  Django's signature
    """403: signed in, and still not theirs to do."""
    return _answer(request, FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  Django's signature
    """404: no such thing, or none that this reader may know of."""
    return _answer(request, NOT_FOUND)


def wrong_method(request: HttpRequest, *, allowed: str) -> HttpResponse:
    """405: the address is there, and does not do that."""
    response = _answer(request, WRONG_METHOD)
    response.headers["Allow"] = allowed
    return response


def changed(request: HttpRequest) -> HttpResponse:
    """409: the row is not in a state any more from which this may happen."""
    return _answer(request, CHANGED)


def too_many(request: HttpRequest, *, seconds: int = 0) -> HttpResponse:
    """429 of the limits on signing in, and of `ground.rates`, which know for how many seconds."""
    response = _answer(request, TOO_MANY)
    if seconds:
        response.headers["Retry-After"] = str(seconds)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500, drawn without the database and without asking who reads it."""
    return _problem(SERVER_ERROR) if _is_program(request) else _page(None, SERVER_ERROR)


def _answer(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    return _problem(trouble) if _is_program(request) else _page(request, trouble)


def _is_program(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _problem(trouble: Trouble) -> HttpResponse:
    """Problem details, as the API's own errors are."""
    document = {
        "type": f"urn:hubdesk:problem:{trouble.code}",
        "title": responses[trouble.status],
        "status": trouble.status,
        "detail": str(trouble.title),
    }
    return JsonResponse(document, status=trouble.status, content_type=CONTENT_TYPE)


def _page(request: HttpRequest | None, trouble: Trouble) -> HttpResponse:
    about = {"trouble": trouble, "operator": settings.OPERATOR_NAME, "support_email": settings.SUPPORT_EMAIL}
    return HttpResponse(render_to_string("errors/trouble.html", about, request), status=trouble.status)
