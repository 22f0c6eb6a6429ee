"""The keys of the desk: all of them listed, each to be changed, and a switch for those who want none."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from communities.access import needs
from communities.models import User
from ground.actors import ActingRequest
from support.access import USE_DESK
from support.desk import remapping
from support.forms.tickets import KeysForm
from support.models import DeskPreferences


@require_http_methods(["GET", "HEAD", "POST"])
@needs(USE_DESK)
def keys(request: ActingRequest) -> HttpResponse:
    """Every key, and a field to change it."""
    preferences = DeskPreferences.of(_person(request))
    form = KeysForm(request.POST or None, changed=preferences.keys)
    if not form.is_valid():
        return render(request, "support/keys.html", {"form": form, "preferences": preferences}, status=422 if form.is_bound else 200)
    remapping.keep(_person(request), keys=form.cleaned_data)
    messages.success(request, _("Your keys are kept."))
    return redirect("support:keys")


@require_POST
@needs(USE_DESK)
def switch(request: ActingRequest) -> HttpResponse:
    """One-letter keys on, or off."""
    remapping.switch(_person(request), are_off=request.POST.get("off") == "1")
    back = request.META.get("HTTP_REFERER", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "support:keys")


@require_POST
@needs(USE_DESK)
def reset(request: ActingRequest) -> HttpResponse:
    """The keys everybody has, again."""
    remapping.forget(_person(request))
    messages.success(request, _("These are the keys everybody starts with."))
    return redirect("support:keys")


def _person(request: ActingRequest) -> User:
    assert request.actor.user is not None  # noqa: S101  the guard has seen to it
    return request.actor.user
