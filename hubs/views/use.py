"""How much hubs are used: a community's, and all of them."""

from datetime import UTC, date

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from communities.access import community_or_404, needs, signed_in
from ground import exports
from ground.actors import ActingRequest
from hubs import access, use_page
from hubs.lists import USE
from hubs.models import Hub


@signed_in
@require_GET
def community(request: ActingRequest, slug: str) -> HttpResponseBase:
    """`/c/<slug>/hubs/use/`: how much the hubs of a community are used."""
    home = community_or_404(request.actor, slug)
    if not access.SEE_HUBS.is_held_by(request.actor, home):
        raise Http404
    hubs = Hub.objects.visible_to(request.actor).filter(community=home)
    rows = use_page.listed(hubs, until=_today())
    if kind := exports.asked(request):
        return exports.answer(kind, exports.Sheet(f"{home.slug}-hub-use", USE, rows))
    plot = use_page.plot_of(use_page.weeks_of(hubs.running(), until=_today()), key="use", title=_("People, over half a year"))
    return render(request, "hubs/use_of_community.html", {"community": home, "plot": plot, "rows": rows[: use_page.MOST]})


@require_GET
@needs(access.SEE_HEALTH)
def everywhere(request: ActingRequest) -> HttpResponseBase:
    """`/hubs/use/`: all hubs, the most used first."""
    hubs = Hub.objects.visible_to(request.actor)
    rows = use_page.listed(hubs, until=_today())
    if kind := exports.asked(request):
        return exports.answer(kind, exports.Sheet("hub-use", USE, rows))
    plot = use_page.plot_of(use_page.weeks_of(hubs.running(), until=_today()), key="use", title=_("People, over half a year"))
    found = list(rows[: use_page.MOST + 1])
    context = {"plot": plot, "rows": found[: use_page.MOST], "is_cut": len(found) > use_page.MOST, "most": use_page.MOST}
    return render(request, "hubs/use.html", context)


def _today() -> date:
    """The day in UTC, as everything is counted."""
    return timezone.now().astimezone(UTC).date()
