"""Sites of a community that carry the widget: made, switched off, and the line that one copies into them."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from communities.access import community_or_404, signed_in
from communities.models import Community
from ground.actors import ActingRequest
from support.access import ARRANGE_WIDGET
from support.asking import widget
from support.forms.asking import WidgetSiteForm
from support.models import WidgetSite
from support.views.portal import surroundings


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def sites(request: ActingRequest, slug: str) -> HttpResponse:
    """Every site that carries it, and one more."""
    community = _community(request, slug)
    form = WidgetSiteForm(request.POST or None, community=community)
    if not form.is_valid():
        return _page(request, community, form)
    widget.arrange(form.instance, community=community, by=request.actor)
    messages.success(request, _("The site has its key. Copy its line into every page of the site."))
    return redirect("support:widget_sites", slug=slug)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def site(request: ActingRequest, slug: str, pk: int) -> HttpResponse:
    """Change one, or switch it off."""
    community = _community(request, slug)
    found = get_object_or_404(WidgetSite.objects.visible_to(request.actor), community=community, pk=pk)
    form = WidgetSiteForm(request.POST or None, instance=found, community=community)
    if not form.is_valid():
        return _page(request, community, form, site=found)
    widget.arrange(form.instance, community=community, by=request.actor)
    messages.success(request, _("Saved."))
    return redirect("support:widget_sites", slug=slug)


def _community(request: ActingRequest, slug: str) -> Community:
    community = community_or_404(request.actor, slug)
    if not ARRANGE_WIDGET.is_held_by(request.actor, community):
        raise Http404
    return community


def _page(request: ActingRequest, community: Community, form: WidgetSiteForm, *, site: WidgetSite | None = None) -> HttpResponse:
    rows = WidgetSite.objects.visible_to(request.actor).filter(community=community).select_related("hub")
    context = {**surroundings(request, community), "form": form, "site": site, "sites": rows, "address": settings.SITE_URL}
    return render(request, "support/portal/widget.html", context, status=422 if form.is_bound else 200)
