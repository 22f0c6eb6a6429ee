"""Clusters and hubs looked up: the list of all, one hub, the clusters, one cluster, and whose a hub is."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from communities.access import needs
from communities.models import Community
from ground import exports
from ground.actors import ActingRequest
from ground.paging import Page
from hubs import access, cluster_page, hub_list, hub_page, keeping, matching
from hubs.forms import HubFilterForm, WhoseForm
from hubs.lists import CLUSTERS, REGISTRY, UNMATCHED
from hubs.models import Cluster, Hub, HubFactChange, HubRequest, HubValues

MOST_REQUESTS = 20
MOST_COMMUNITIES = 1000


@needs(access.LOOK_UP)
@require_GET
def hubs(request: ActingRequest) -> HttpResponseBase:
    """The hubs of all, narrowed and in order."""
    actor = request.actor
    form = HubFilterForm(request.GET or {}, clusters=hub_list.clusters(actor), communities=hub_list.communities(actor))
    filters = form.filters if form.is_valid() else None
    if (kind := exports.asked(request)) and filters:
        return exports.answer(kind, exports.Sheet("hubs", REGISTRY, hub_list.ordered(actor, filters)))
    page: Page[Hub] = hub_list.page(actor, filters, cursor=request.GET.get("cursor", "")) if filters else Page([], "")
    context = {
        "form": form,
        "page": page,
        "is_narrowed": form.is_narrowed,
        "look": keeping.last_look(),
        "may_match": access.MATCH.is_held_by(actor),
    }
    return render(request, "hubs/registry/list.html", context, status=200 if filters else 422)


@needs(access.LOOK_UP)
@require_GET
def one(request: ActingRequest, cluster: str, name: str) -> HttpResponse:
    """One hub: its facts in plain words, what changed, what is asked for, and for engineers its merged configuration."""
    hub = _hub(request, cluster, name)
    may_read_values = access.READ_VALUES.is_held_by(request.actor)
    kept = HubValues.objects.filter(hub=hub).first() if may_read_values else None
    text = hub_page.as_yaml(kept.document) if kept else ""
    requests = HubRequest.objects.visible_to(request.actor).filter(hub=hub).select_related("community")
    context = {
        "hub": hub,
        "groups": hub_page.groups(hub, may_read_values=may_read_values),
        "offers": hub_page.offers(hub),
        "changes": hub_page.noted(_changes(request, hub)[: hub_page.LATELY]),
        "requests": requests.order_by("-created_at", "-pk")[:MOST_REQUESTS],
        "said": matching.history(hub),
        "kept": kept,
        "values": text[: hub_page.LONGEST_TEXT],
        "is_cut": len(text) > hub_page.LONGEST_TEXT,
        "look": keeping.last_look(),
        "may_match": access.MATCH.is_held_by(request.actor),
        "may_review": access.QUEUE.is_held_by(request.actor),
        "may_read_values": may_read_values,
    }
    return render(request, "hubs/registry/hub.html", context)


@needs(access.READ_VALUES)
@require_GET
def values(request: ActingRequest, cluster: str, name: str) -> HttpResponse:
    """The merged configuration of a hub as a file."""
    kept = get_object_or_404(HubValues, hub=_hub(request, cluster, name))
    headers = {"Content-Disposition": f'attachment; filename="{cluster}-{name}.values.yaml"', "Cache-Control": "no-store, private"}
    return HttpResponse(hub_page.as_yaml(kept.document), content_type="application/yaml; charset=utf-8", headers=headers)


@needs(access.LOOK_UP)
@require_GET
def clusters(request: ActingRequest) -> HttpResponseBase:
    """Every cluster, with how many hubs run on it."""
    rows = cluster_page.clusters(request.actor)
    if kind := exports.asked(request):
        return exports.answer(kind, exports.Sheet("clusters", CLUSTERS, rows))
    return render(request, "hubs/clusters.html", {"clusters": rows, "look": keeping.last_look()})


@needs(access.LOOK_UP)
@require_GET
def cluster(request: ActingRequest, name: str) -> HttpResponse:
    """One cluster: its facts, its hubs with staging first, what is asked for, what changed lately."""
    row = get_object_or_404(Cluster.objects.visible_to(request.actor), name=name)
    context = {
        "cluster": row,
        "groups": cluster_page.groups(row),
        "hubs": cluster_page.hubs(request.actor, row),
        "requests": cluster_page.requests(request.actor, row),
        "changes": [(change.hub, *hub_page.noted([change])) for change in cluster_page.changes(request.actor, row)],
        "may_review": access.QUEUE.is_held_by(request.actor),
    }
    return render(request, "hubs/registry/cluster.html", context)


@needs(access.MATCH)
@require_http_methods(["GET", "POST"])
def unmatched(request: ActingRequest) -> HttpResponseBase:
    """The hubs of which nobody knows whose they are, with proposals; say it of many at once."""
    if kind := exports.asked(request):
        return exports.answer(
            kind, exports.Sheet("hubs-without-community", UNMATCHED, matching.waiting(request.actor).order_by(*matching.ORDER))
        )
    listing = matching.page(request.actor, cursor=request.GET.get("cursor", ""))
    form = WhoseForm(request.POST if request.method == "POST" else None, hubs=[row.hub for row in listing.rows])
    if request.method == "POST" and form.is_valid():
        number = matching.say_whose(form.said, by=request.actor)
        messages.success(request, ngettext("Kept for %(number)s hub.", "Kept for %(number)s hubs.", number) % {"number": number})
        return redirect("hubs:unmatched")
    context = {
        "page": listing,
        "rows": [(row, form.fields_of(row.hub), [(each, matching.why(each)) for each in row.proposals]) for row in listing.rows],
        "form": form,
        "communities": Community.objects.visible_to(request.actor).order_by("name", "pk")[:MOST_COMMUNITIES],
        "lately": matching.said_lately(request.actor),
    }
    return render(request, "hubs/registry/unmatched.html", context, status=422 if form.errors else 200)


@needs(access.MATCH)
@require_POST
def undo(request: ActingRequest, cluster: str, name: str) -> HttpResponse:
    """Take back what a person said about whose a hub is."""
    hub = _hub(request, cluster, name)
    if matching.undo(hub, by=request.actor):
        messages.success(request, _("Taken back. %(hub)s waits for a community again.") % {"hub": hub.display_name})
    else:
        messages.info(request, _("Nobody had said whose this hub is; nothing changed."))
    return redirect("hubs:unmatched")


def _changes(request: ActingRequest, hub: Hub) -> QuerySet[HubFactChange]:
    """What changed of it; what its variables hold only for those who may read its values."""
    rows = HubFactChange.objects.visible_to(request.actor).filter(hub=hub)
    return rows if access.READ_VALUES.is_held_by(request.actor) else rows.exclude(fact="environment")


def _hub(request: ActingRequest, cluster: str, name: str) -> Hub:
    rows = Hub.objects.visible_to(request.actor).select_related("cluster", "community")
    return get_object_or_404(rows, cluster__name=cluster, name=name)
