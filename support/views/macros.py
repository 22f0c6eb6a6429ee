"""The desk's macros and one's own: listed, written, changed, removed."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.log_actions import log

from communities.access import needs
from ground.actors import ActingRequest
from support.access import EDIT_MACROS, USE_DESK, can_edit
from support.composing.macros.forms import MacroForm
from support.models import CannedResponse, Macro


@require_safe
@needs(USE_DESK)
def macro_list(request: ActingRequest) -> HttpResponse:
    """The shared ones, one's own, and Freshdesk's."""
    rows = Macro.objects.visible_to(request.actor).select_related("status")
    context = {
        "shared": [row for row in rows if row.is_shared],
        "own": [row for row in rows if not row.is_shared],
        "canned": CannedResponse.objects.defer("body_html", "remote_raw")[:500],
        "edits_shared": EDIT_MACROS.is_held_by(request.actor),
    }
    return render(request, "support/composing/macro_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(USE_DESK)
def new_macro(request: ActingRequest) -> HttpResponse:
    """Write one."""
    return _edit(request, Macro())


@require_http_methods(["GET", "HEAD", "POST"])
@needs(USE_DESK)
def macro(request: ActingRequest, pk: int) -> HttpResponse:
    """Change one."""
    return _edit(request, _macro_or_404(request, pk))


@require_POST
@needs(USE_DESK)
def remove_macro(request: ActingRequest, pk: int) -> HttpResponse:
    """Take one away. What was sent with it stays as it is."""
    found = _macro_or_404(request, pk)
    log(found, "support.remove_macro", user=request.actor.user, data={"name": found.name})
    found.delete()
    messages.success(request, _("“%(name)s” is gone.") % {"name": found.name})
    return redirect("support:macros")


def _edit(request: ActingRequest, found: Macro) -> HttpResponse:
    form = MacroForm(request.POST or None, instance=found, by=request.actor)
    if not form.is_valid():
        return render(request, "support/composing/macro_form.html", {"form": form, "macro": found}, status=422 if form.is_bound else 200)
    kept = form.save()
    log(kept, "support.edit_macro", user=request.actor.user, data={"name": kept.name})
    messages.success(request, _("“%(name)s” is kept.") % {"name": kept.name})
    return redirect("support:macros")


def _macro_or_404(request: ActingRequest, pk: int) -> Macro:
    found = Macro.objects.visible_to(request.actor).filter(pk=pk).first()
    if found is None or not can_edit(request.actor, found):
        raise Http404
    return found
