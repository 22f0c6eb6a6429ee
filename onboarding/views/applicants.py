"""Which application a browser holds: its key in the session, put there by starting one or by a mailed link."""

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from ground.actors import ActingRequest, Actor
from ground.states import WrongState
from onboarding.intake import applicant
from onboarding.models import Application

Parameters = ParamSpec("Parameters")
SESSION_KEY = "application"


def held(request: ActingRequest) -> Application | None:
    """The application of this browser."""
    key = request.session.get(SESSION_KEY)
    if key is None:
        return None
    return Application.objects.select_related("form_version__definition").defer("form_version__schema").filter(pk=key).first()


def hold(request: ActingRequest, application: Application) -> None:
    """From now on this browser holds that application."""
    request.session.cycle_key()
    request.session[SESSION_KEY] = application.pk


def let_go(request: ActingRequest) -> None:
    """This browser holds no application any more."""
    request.session.pop(SESSION_KEY, None)


def acting(request: ActingRequest, application: Application) -> Actor:
    """Whoever holds an application acts as its applicant, signed in or not; signed in under their own name."""
    return Actor.applicant(request.actor.label) if request.actor.is_signed_in else applicant(application)


def with_application(
    view: Callable[Concatenate[ActingRequest, Application, Parameters], HttpResponse],
) -> Callable[Concatenate[ActingRequest, Parameters], HttpResponse]:
    """A page of the application this browser holds; without one, the start page."""

    @functools.wraps(view)
    @never_cache
    def found(request: ActingRequest, *args: Parameters.args, **kwargs: Parameters.kwargs) -> HttpResponse:
        application = held(request)
        return redirect("onboarding:apply") if application is None else view(request, application, *args, **kwargs)

    return found


def with_draft(
    view: Callable[Concatenate[ActingRequest, Application, Parameters], HttpResponse],
) -> Callable[Concatenate[ActingRequest, Parameters], HttpResponse]:
    """A page that writes answers; what was sent shows where it stands instead."""

    @functools.wraps(view)
    def writable(request: ActingRequest, application: Application, *args: Parameters.args, **kwargs: Parameters.kwargs) -> HttpResponse:
        try:
            return view(request, application, *args, **kwargs) if application.is_draft else redirect("onboarding:status")
        except WrongState:  # sent in another tab meanwhile
            return redirect("onboarding:status")

    return with_application(writable)
