"""A hub's page, the part of it that says whether it is down, and the hubs in trouble."""

import hashlib
from datetime import UTC

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_GET, require_POST

from communities.access import needs, signed_in
from ground import exports
from ground.actors import ActingRequest
from ground.paging import keyset
from ground.rates import TooMany
from hubs import access, health_page, looking, offered, use_page
from hubs.forms import PublicForm
from hubs.lists import HEALTH
from hubs.models import Hub, HubQuerySet, past_of
from hubs.states import Kind

CHANGES = ((Kind.CHANGE, "button"), (Kind.EVENT, "button"), (Kind.DECOMMISSION, "button button--quiet"))


@signed_in
@require_GET
def hub(request: ActingRequest, slug: str, cluster: str, name: str) -> HttpResponse:
    """One hub as its community sees it: is it down, how it was, what it offers, how much it is used, what was asked for it."""
    shown = _hub(request, slug, cluster, name)
    today = timezone.now().astimezone(UTC).date()
    seen, used = past_of(shown, since=use_page.first_week(today))
    context = _health(request, shown) | {
        "bar": health_page.bar_of(health_page.days_of(seen, until=today), key="uptime", title=_("The last 90 days")),
        "use": use_page.plot_of(use_page.weeks_of_one(used, until=today), key="use", title=_("How much it is used")),
        "facts": offered.facts_of(shown, health_page.watch_of(shown)),
        "requests": offered.requests_of(shown, actor=request.actor),
        "kinds": CHANGES if access.DRAFT.is_held_by(request.actor, shown.community) else (),
        "may_publish": access.SHOW_PUBLICLY.is_held_by(request.actor, shown.community),
    }
    return render(request, "hubs/hub.html", context)


def fingerprint(request: ActingRequest, slug: str, cluster: str, name: str) -> str | None:
    """Changes whenever what is said of the hub would: the part is sent again only then."""
    shown = _rows(request).filter(community__slug=slug, cluster__name=cluster, name=name).first() if request.actor.user else None
    if shown is None:
        return None
    now = timezone.now()
    watch = health_page.watch_of(shown)
    ago = (now - watch.looked_at).total_seconds() // 60 if watch and watch.looked_at else 0
    health, news = health_page.health_of(shown, now=now), health_page.news_of(shown, actor=request.actor)
    seen = (health, news, ago, watch is not None and watch.is_asked, get_language())
    return f'"{hashlib.sha256(repr(seen).encode()).hexdigest()[:20]}"'


@signed_in
@condition(etag_func=fingerprint)
@require_GET
def fragment(request: ActingRequest, slug: str, cluster: str, name: str) -> HttpResponse:
    """Is it down: the part of the page that moves."""
    return render(request, "hubs/parts/health.html", _health(request, _hub(request, slug, cluster, name)))


@signed_in
@require_POST
def look(request: ActingRequest, slug: str, cluster: str, name: str) -> HttpResponse:
    """Look again now."""
    shown = _hub(request, slug, cluster, name)
    try:
        looking.look_again(shown, by=request.actor)
    except TooMany:
        messages.info(request, _("We looked just now. Wait a minute, then ask again."))
    else:
        messages.success(request, _("We are looking. In a few seconds this page says what we found."))
    return redirect(shown.get_absolute_url())


@signed_in
@require_POST
def public(request: ActingRequest, slug: str, cluster: str, name: str) -> HttpResponse:
    """Whether everybody may see on the status page that it answers."""
    shown = _hub(request, slug, cluster, name)
    form = PublicForm(request.POST)
    if not access.SHOW_PUBLICLY.is_held_by(request.actor, shown.community) or not form.is_valid():
        raise Http404
    looking.show_publicly(shown, shown=form.cleaned_data["shown"], by=request.actor)
    messages.success(
        request, _("The hub is on the status page.") if form.cleaned_data["shown"] else _("The hub is not on the status page.")
    )
    return redirect(shown.get_absolute_url())


@require_GET
@needs(access.SEE_HEALTH)
def troubled(request: ActingRequest) -> HttpResponseBase:
    """`/hubs/health/`: the hubs that are in trouble now, for the staff."""
    rows = _rows(request).troubled()
    if kind := exports.asked(request):
        return exports.answer(kind, exports.Sheet("hubs-in-trouble", HEALTH, rows))
    page = keyset(rows, order=["display_name", "pk"], cursor=request.GET.get("cursor", ""))
    now = timezone.now()
    shown = [(hub, health_page.health_of(hub, now=now)) for hub in page.rows]
    counts = health_page.count_now(Hub.objects.visible_to(request.actor), now=now)
    return render(request, "hubs/health.html", {"page": page, "shown": shown, "counts": counts})


def _rows(request: ActingRequest) -> HubQuerySet:
    return Hub.objects.visible_to(request.actor).select_related("community", "cluster", "watch")


def _hub(request: ActingRequest, slug: str, cluster: str, name: str) -> Hub:
    shown = get_object_or_404(_rows(request), community__slug=slug, cluster__name=cluster, name=name)
    if not access.SEE_HUBS.is_held_by(request.actor, shown.community):
        raise Http404
    return shown


def _health(request: ActingRequest, shown: Hub) -> dict[str, object]:
    watch, now = health_page.watch_of(shown), timezone.now()
    health = health_page.health_of(shown, now=now)
    return {
        "hub": shown,
        "community": shown.community,
        "health": health,
        "looked": health_page.looked_said(health.looked_at, now) if health.looked_at else "",
        "news": health_page.news_of(shown, actor=request.actor),
        "is_asked": watch is not None and watch.is_asked,
    }
