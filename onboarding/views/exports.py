"""Downloads of the review room: applications by form version, reviews, scores, decisions."""

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from communities.access import needs
from ground import exports
from ground.actors import ActingRequest
from onboarding import lists
from onboarding.access import READ_APPLICATIONS
from onboarding.models import FormVersion


@require_safe
@needs(READ_APPLICATIONS)
def exports_page(request: ActingRequest) -> HttpResponse:
    """What can be downloaded here."""
    context = {
        "versions": lists.versions(request.actor),
        "sheets": [name for name, (right, _sheet) in lists.SHEETS.items() if right.is_held_by(request.actor)],
    }
    return render(request, "onboarding/review/exports.html", context)


@require_safe
@never_cache
@needs(READ_APPLICATIONS)
def export_applications(request: ActingRequest, form: str, number: int) -> HttpResponseBase:
    """Every application of one form version, one column a question."""
    version = get_object_or_404(FormVersion.objects.select_related("definition"), definition__key=form, number=number)
    kind = exports.asked(request)
    return exports.answer(kind, lists.of_applications(version, actor=request.actor)) if kind else redirect("onboarding:exports")


@require_safe
@never_cache
@needs(READ_APPLICATIONS)
def export_sheet(request: ActingRequest, what: str) -> HttpResponseBase:
    """Reviews, scores or decisions."""
    if what not in lists.SHEETS or not lists.SHEETS[what][0].is_held_by(request.actor):
        raise Http404
    kind = exports.asked(request)
    return exports.answer(kind, lists.SHEETS[what][1](request.actor)) if kind else redirect("onboarding:exports")
