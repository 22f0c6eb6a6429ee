"""Coming back by a mailed link, and following an application that was sent."""

import contextlib
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ground.actors import ActingRequest
from ground.states import WrongState
from onboarding import correcting, intake, links
from onboarding.commands import NotAllowed, Refused, apply_command
from onboarding.forms.entering import AddressForm, ReferenceForm
from onboarding.models import Application, ResumeToken
from onboarding.questions.summary import summary
from onboarding.standing import public, standing
from onboarding.states import ApplicationState
from onboarding.views.applicants import acting, hold, with_application
from onboarding.views.limits import LINKS, LOOKUPS, count_one, limited


@never_cache
@require_http_methods(["GET", "POST"])
def open_link(request: ActingRequest, token: str) -> HttpResponse:
    """A mailed link. Reading it shows a button, for mail programs follow links; pressing the button opens the application."""
    found = links.find(token)
    if found is None:
        return render(request, "onboarding/lost.html", {"form": AddressForm(), "is_broken": True}, status=404)
    if request.method == "GET":
        return render(request, "onboarding/open.html", _opening(found))
    application = intake.resume(found, by=intake.applicant(found.application))
    _confirm(application)
    hold(request, application)
    return redirect(_opens(found, application))


def _confirm(application: Application) -> None:
    """By the command, as everybody does. Where that is not possible the link still opens, and whoever follows it is told nothing."""
    with contextlib.suppress(WrongState, NotAllowed, Refused):
        apply_command(application, "verify", by=intake.applicant(application))


def _opening(link: ResumeToken) -> dict[str, Any]:
    is_asked = link.purpose == ResumeToken.Purpose.CORRECT and link.application.is_waiting
    return {"application": link.application, "standing": standing(link.application), "is_asked": is_asked}


def _opens(link: ResumeToken, application: Application) -> str:
    """Where a link leads: to what we asked for, the draft, or where it stands."""
    if link.purpose == ResumeToken.Purpose.CORRECT and application.is_waiting:
        asked = correcting.asked_step(application.form_version.form, application.questions.waiting())
        return reverse("onboarding:correct_page", args=[asked.key]) if asked else reverse("onboarding:correct")
    return reverse("onboarding:apply" if application.is_draft else "onboarding:status")


@never_cache
@require_GET
def where(request: ActingRequest) -> HttpResponse:
    """Where an application stands, by its reference alone: the public word, and nobody's name."""
    form = ReferenceForm(request.GET if "reference" in request.GET else None)
    if not form.is_valid():
        return render(request, "onboarding/where.html", {"form": form})
    count_one(request, LOOKUPS)
    reference = form.cleaned_data["reference"]
    return render(request, "onboarding/where.html", {"form": form, "reference": reference, "standing": public(reference)})


@require_GET
@with_application
def status(request: ActingRequest, application: Application) -> HttpResponse:
    """Where the application stands and what happens next."""
    if application.is_draft:
        return redirect("onboarding:apply")
    return _status(request, application, AddressForm())


@require_POST
@with_application
@limited(LINKS)
def address(request: ActingRequest, application: Application) -> HttpResponse:
    """Correct an e-mail address that nobody has confirmed."""
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _status(request, application, form)
    try:
        intake.correct_email(application, form.cleaned_data["email"], by=acting(request, application))
    except WrongState:
        messages.info(request, _("Your address is confirmed already, nothing was changed."))
    else:
        messages.success(request, _("We are mailing the link to %(email)s.") % {"email": form.cleaned_data["email"]})
    return redirect("onboarding:status")


@require_POST
@with_application
def withdraw(request: ActingRequest, application: Application) -> HttpResponse:
    """Take the application back."""
    try:
        apply_command(application, "withdraw", by=acting(request, application))
    except NotAllowed as refused:
        messages.info(request, str(refused.words))
    except WrongState:
        messages.info(request, _("This application is decided, so it cannot be withdrawn here. Please write to us."))
    return redirect("onboarding:status")


def _status(request: ActingRequest, application: Application, form: AddressForm) -> HttpResponse:
    context = {
        "application": application,
        "standing": standing(application),
        "form": form,
        "waits_for_address": application.state == ApplicationState.APPLIED,
        "may_withdraw": application.can_move_to(ApplicationState.WITHDRAWN),
        "may_correct": correcting.may_correct(application),
        "questions": list(application.questions.waiting()) if application.is_waiting else [],
        "sections": summary(application.form_version.form, application.answers),
    }
    return render(request, "onboarding/status.html", context)
