"""The calendar: a month of all hubs for staff, what comes for a community, one event with what there is to do, and the address for programs."""

import hashlib
from collections.abc import Sequence
from datetime import date

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from communities.access import community_or_404, needs, signed_in
from ground import exports, rates
from ground.actors import ActingRequest, Actor
from hubs import access, calendar, preparing, subscribing
from hubs.calendar import Entry
from hubs.forms.calendar import ChosenForm, SubscribeForm, TaskForm
from hubs.lists import OCCASIONS
from hubs.models import CalendarSubscription, HubRequest

FEED = rates.Limit("calendar-feed", most=60, seconds=3600)
UNKNOWN = rates.Limit("calendar-feed-unknown", most=30, seconds=3600)


@needs(access.SEE_CALENDAR)
@require_GET
def month(request: ActingRequest, year: int | None = None, number: int | None = None) -> HttpResponseBase:
    """A month of events and last days; without one, this month."""
    form = ChosenForm(request.GET)
    try:
        shown = calendar.month(request.actor, _first(year, number), form.chosen)
    except ValueError:
        raise Http404 from None
    if kind := exports.asked(request):
        return exports.answer(kind, exports.Sheet(f"events-{shown.first:%Y-%m}", OCCASIONS, shown.entries))
    context = {"month": shown, "form": form, "chosen": form.chosen, "clusters": _clusters(shown.entries), "asked": _asked(request)}
    return render(request, "hubs/calendar.html", context)


@needs(access.SEE_CALENDAR)
@require_GET
def occasion(request: ActingRequest, reference: str) -> HttpResponse:
    """One event, or the last day of a hub: what it is, and what there is to do."""
    return render(request, "hubs/occasion.html", _context(request, reference))


@needs(access.APPROVE)
@require_POST
def task(request: ActingRequest, reference: str) -> HttpResponse:
    """Say how one of its tasks stands."""
    row = get_object_or_404(HubRequest.objects.visible_to(request.actor).in_calendar(), reference=reference)
    form = TaskForm(request.POST)
    if not form.is_valid():
        raise Http404
    key, status = form.cleaned_data["key"], form.cleaned_data["status"]
    if status == "open":
        preparing.take_back(row, key=key)
        return redirect("hubs:occasion", reference)
    try:
        preparing.settle(row, key=key, status=status, by=request.actor)
    except KeyError:
        raise Http404 from None
    return redirect("hubs:occasion", reference)


@signed_in
@require_GET
def community(request: ActingRequest, slug: str) -> HttpResponseBase:
    """What comes on a community's hubs, and what is ready for it."""
    home = community_or_404(request.actor, slug)
    if not access.SEE_HUBS.is_held_by(request.actor, home):
        raise Http404
    entries = calendar.upcoming(home, actor=request.actor, now=timezone.now())
    if kind := exports.asked(request):
        return exports.answer(kind, exports.Sheet(f"{home.slug}-events", OCCASIONS, entries))
    can_ask = access.DRAFT.is_held_by(request.actor, home)
    return render(request, "hubs/community_calendar.html", {"community": home, "entries": entries, "can_ask": can_ask})


@signed_in
@require_http_methods(["GET", "POST"])
def subscriptions(request: ActingRequest) -> HttpResponse:
    """The addresses under which this person's programs read the calendar; a POST makes one, which is shown this once."""
    person = request.actor.user
    if person is None:
        raise Http404
    form = SubscribeForm(request.POST if request.method == "POST" else None, person=person)
    path, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                path, status = subscribing.make(person, community=form.cleaned_data["community"]), 200
            except subscribing.TooMany:
                form.add_error(None, _("You have ten addresses, and one is enough for each program. Take one back first."))
    context = {"form": form, "address": request.build_absolute_uri(path) if path else "", "rows": _subscriptions(request)}
    response = render(request, "hubs/subscriptions.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


@signed_in
@require_POST
def revoke(request: ActingRequest, pk: int) -> HttpResponse:
    """Take an address back: the program that has it reads nothing any more."""
    subscribing.revoke(get_object_or_404(_subscriptions(request), pk=pk), by=request.actor)
    messages.success(request, _("The address is taken back. A program that has it gets nothing any more."))
    return redirect("hubs:subscriptions")


@require_GET
def feed(request: ActingRequest, secret: str) -> HttpResponse:
    """The calendar for a program, which cannot sign in: who holds the address reads what its person may see today."""
    found = subscribing.find(secret)
    if found is None:
        return _refused(UNKNOWN, request.META.get("REMOTE_ADDR", ""), otherwise=404)
    actor = Actor.person(found.user)
    if found.community_id and found.community_id not in found.user.roles_by_community:
        raise Http404
    if not rates.allows(FEED, str(found.pk)):
        return HttpResponse(status=429, headers={"Retry-After": str(FEED.seconds)})
    with translation.override(found.user.language):
        content = calendar.feed(actor, community=found.community, now=timezone.now())
    return _file(request, content)


def _file(request: ActingRequest, content: bytes) -> HttpResponse:
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, max-age=0", "X-Robots-Tag": "noindex"}
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)


def _refused(limit: rates.Limit, who: str, *, otherwise: int) -> HttpResponse:
    """Guessing is slowed down."""
    return HttpResponse(status=otherwise if rates.allows(limit, who) else 429)


def _context(request: ActingRequest, reference: str) -> dict[str, object]:
    entry = calendar.one(request.actor, reference)
    if entry is None:
        raise Http404
    now = timezone.now()
    tasks = [(each, each.is_overdue(now)) for each in entry.tasks]
    return {
        "entry": entry,
        "request_row": entry.request,
        "community": entry.request.community,
        "before": [pair for pair in tasks if pair[0].is_before],
        "after": [pair for pair in tasks if not pair[0].is_before],
        "can_act": access.APPROVE.is_held_by(request.actor),
        "can_review": access.QUEUE.is_held_by(request.actor),
    }


def _first(year: int | None, number: int | None) -> date:
    today = timezone.localdate()
    return date(year or today.year, number or today.month, 1)


def _clusters(entries: Sequence[Entry]) -> list[str]:
    return sorted({entry.occasion.cluster for entry in entries} - {""})


def _asked(request: ActingRequest) -> str:
    query = request.GET.copy()
    query.pop("download", None)
    return f"?{query.urlencode()}" if query else ""


def _subscriptions(request: ActingRequest) -> QuerySet[CalendarSubscription]:
    return CalendarSubscription.objects.filter(user=request.actor.user, revoked_at__isnull=True).select_related("community")
