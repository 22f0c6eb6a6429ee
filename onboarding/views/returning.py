"""Stopping for now, and asking for the link back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from ground.actors import ActingRequest
from onboarding import intake
from onboarding.forms.entering import AddressForm
from onboarding.forms.saved import saved_line
from onboarding.models import Application
from onboarding.views.applicants import acting, let_go, with_draft
from onboarding.views.limits import LINKS, limited
from onboarding.views.steps import first_open


@require_http_methods(["GET", "POST"])
@with_draft
@limited(LINKS)
def later(request: ActingRequest, application: Application) -> HttpResponse:
    """Stop for now: the answers are kept, and the link back goes by mail."""
    form = AddressForm(request.POST if request.method == "POST" else None, initial={"email": application.email})
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["email"] == application.email:
            intake.mail_link(application.email)
        else:
            intake.know_email(application, form.cleaned_data["email"], by=acting(request, application))
        messages.success(request, _("We are mailing the link to %(email)s.") % {"email": form.cleaned_data["email"]})
        return redirect("onboarding:later")
    context = {"application": application, "form": form, "saved": saved_line(application), "going_on": first_open(application).key}
    return render(request, "onboarding/later.html", context)


@never_cache
@require_POST
def leave(request: ActingRequest) -> HttpResponse:
    """Forget the application on this device: for a computer that others use too."""
    let_go(request)
    messages.success(request, _("This device does not know your application any more. The link in our mail opens it."))
    return redirect("onboarding:apply")


@never_cache
@require_http_methods(["GET", "POST"])
@limited(LINKS)
def lost(request: ActingRequest) -> HttpResponse:
    """Mail a new link; the answer is the same whether we know the address or not."""
    form = AddressForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        intake.mail_link(form.cleaned_data["email"])
        return render(request, "onboarding/link_sent.html", {"email": form.cleaned_data["email"]})
    return render(request, "onboarding/lost.html", {"form": form})
