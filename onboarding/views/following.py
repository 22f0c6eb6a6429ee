"""Coming back by a mailed link, and following an application that was sent."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ground.actors import ActingRequest
from ground.states import WrongState
from onboarding import intake, links
from onboarding.commands import NotAllowed, apply_command
from onboarding.forms.entering import AddressForm
from onboarding.models import Application
from onboarding.questions.summary import summary
from onboarding.standing import standing
from onboarding.states import ApplicationState
from onboarding.views.applicants import acting, hold, with_application


@never_cache
@require_http_methods(["GET", "POST"])
def open_link(request: ActingRequest, token: str) -> HttpResponse:
    """A mailed link. Reading it shows a button, for mail programs follow links; pressing the button opens the application."""
    found = links.find(token)
    if found is None:
        return render(request, "onboarding/lost.html", {"form": AddressForm(), "is_broken": True}, status=404)
    if request.method == "GET":
        return render(request, "onboarding/open.html", {"application": found.application, "standing": standing(found.application)})
    application = intake.resume(found, by=intake.applicant(found.application))
    hold(request, application)
    return redirect("onboarding:apply" if application.is_draft else "onboarding:status")


@require_GET
@with_application
def status(request: ActingRequest, application: Application) -> HttpResponse:
    """Where the application stands and what happens next."""
    if application.is_draft:
        return redirect("onboarding:apply")
    return _status(request, application, AddressForm())


@require_POST
@with_application
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
    except (WrongState, NotAllowed):
        messages.info(request, _("This application is decided, so it cannot be withdrawn here. Please write to us."))
    return redirect("onboarding:status")


def _status(request: ActingRequest, application: Application, form: AddressForm) -> HttpResponse:
    context = {
        "application": application,
        "standing": standing(application),
        "form": form,
        "waits_for_address": application.state == ApplicationState.APPLIED,
        "may_withdraw": application.can_move_to(ApplicationState.WITHDRAWN),
        "sections": summary(application.form_version.form, application.answers),
    }
    return render(request, "onboarding/status.html", context)
