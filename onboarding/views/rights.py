"""The generated table of who may do what with applications."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from communities.access import needs
from communities.models import Programme
from ground.actors import ActingRequest
from onboarding import rights
from onboarding.access import READ_APPLICATIONS
from onboarding.commands import narrowing


@require_safe
@needs(READ_APPLICATIONS)
def show(request: ActingRequest) -> HttpResponse:
    """Commands by staff group, with the narrowing of the default programme."""
    rows = rights.table(narrowing(Programme.default()))
    return render(request, "onboarding/review/rights.html", {"rows": rows, "groups": rights.GROUPS})
