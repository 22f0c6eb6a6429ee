"""The rules that hold for every community, for anybody to read."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from communities import house_rules
from communities.models import Programme
from ground.actors import ActingRequest


@require_safe
def rules(request: ActingRequest) -> HttpResponse:
    """Events, endings and answers, with an anchor a rule."""
    return render(request, "communities/rules.html", {"groups": house_rules.groups(Programme.default().policy)})
