"""The figures page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from communities.access import needs
from communities.models import Programme
from ground.actors import ActingRequest
from onboarding import figures
from onboarding.access import SEE_FIGURES


@require_safe
@needs(SEE_FIGURES)
def figures_page(request: ActingRequest) -> HttpResponse:
    """Plots for the programme and the period of the address."""
    programmes = list(Programme.objects.order_by("name", "pk"))
    chosen = figures.Chosen.of(request.GET.get("programme", ""), request.GET.get("period", ""), programmes=programmes)
    whose = chosen.programme or next((each for each in programmes if each.is_default), Programme())
    plots = figures.all_of(figures.Numbers(chosen), line=whose.policy.event_notice_days)
    context = {"plots": plots, "chosen": chosen, "programmes": programmes, "periods": figures.PERIODS.values()}
    return render(request, "onboarding/review/figures.html", context)
