"""Who acts, in which language and time zone, and that staff have a second factor."""

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from communities.access import lacks_second_factor
from ground.actors import ActingRequest, Actor

GetResponse = Callable[[ActingRequest], HttpResponse]
WITHOUT_SECOND_FACTOR = (
    *("/accounts/login/", "/accounts/logout/", "/accounts/reauthenticate/", "/accounts/2fa/"),
    *("/static/", "/demo/", "/i18n/", "/healthz", "/readyz", "/widget"),
)
"""Where staff may go to sign in and out and to set one up, and what is nobody's account."""


def acting_person(get_response: GetResponse) -> GetResponse:
    """Set `request.actor`, looked up when first asked for."""

    def respond(request: ActingRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: Actor.person(request.user) if request.user.is_authenticated else Actor.anonymous())  # type: ignore[assignment]  # a lazy stand-in for it
        return get_response(request)

    return respond


def language_and_time_zone(get_response: GetResponse) -> GetResponse:
    """A person's own language and zone go before the cookie's and the browser's."""

    def respond(request: ActingRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return get_response(request)
        translation.activate(request.user.language)
        request.LANGUAGE_CODE = translation.get_language()
        with timezone.override(zoneinfo.ZoneInfo(request.user.timezone)):
            return get_response(request)

    return respond


def second_factor_for_staff(get_response: GetResponse) -> GetResponse:
    """Staff see nothing but the pages that set one up until they have a one-time code or a passkey."""

    def respond(request: ActingRequest) -> HttpResponse:
        if request.path.startswith(WITHOUT_SECOND_FACTOR) or not request.user.is_authenticated or not lacks_second_factor(request.actor):
            return get_response(request)
        messages.info(request, _("Staff accounts need a second factor. Set one up to go on."))
        return redirect("mfa_index")

    return respond
