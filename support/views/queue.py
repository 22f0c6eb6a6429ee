"""The desk's list: its views, filters and rows, how a person likes them, and what is done to many tickets at once."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.access import needs
from communities.models import Community, User
from ground import exports
from ground.actors import ActingRequest
from support import queue
from support.access import USE_DESK, can_change_view
from support.desk import preferences, presence, seen
from support.forms.lists import FilterForm, LayoutForm, ManyForm
from support.lists import TICKETS
from support.mirror.away import away
from support.models import DeskPreferences, Ticket
from support.notices import inbox
from support.queue import VIEWS, Chosen, Moment, Pulse
from support.views.fresh import answer_if_new, still

COMMUNITIES = 30


@require_safe
@needs(USE_DESK)
def desk(request: ActingRequest) -> HttpResponseBase:
    """Views and list; a ticket is opened beside them."""
    at = queue.moment(request.actor)
    if kind := exports.asked(request):
        return exports.answer(kind, exports.Sheet("tickets", TICKETS, queue.listed(chosen_in(request), at)))
    return render(request, "support/desk/desk.html", _frame(request, at, queue.pulse(at)))


@require_safe
@needs(USE_DESK)
def ticket_list(request: ActingRequest) -> HttpResponse:
    """The views and the list alone, for the page that watches them: 304 while nothing moved."""
    at = queue.moment(request.actor)
    pulse = queue.pulse(at)
    beat = (pulse.beat, away())
    if answer := still(request, beat):
        return answer
    frame = _frame(request, at, pulse)
    return answer_if_new(request, "support/desk/list.html", frame, state=_state(frame), beat=beat)


@require_safe
@needs(USE_DESK)
def filters(request: ActingRequest) -> HttpResponse:
    """Which tickets the list is to show, as plain questions."""
    at, chosen = queue.moment(request.actor), chosen_in(request)
    context = {"form": FilterForm(initial=chosen.asked, at=at), "view": queue.view_of(chosen, at), "is_fragment": bool(request.htmx)}
    return render(request, "support/desk/filters.html" if request.htmx else "support/queue/filters.html", context)


@require_safe
@needs(USE_DESK)
def communities(request: ActingRequest) -> HttpResponse:
    """The communities whose tickets one may want to see alone, found by name."""
    words = request.GET.get("name", "")[:100]
    rows = Community.objects.visible_to(request.actor).filter(name__icontains=words).order_by("name", "pk")
    found = list(rows.values_list("slug", "name")[: COMMUNITIES + 1])
    context = {"found": found[:COMMUNITIES], "is_cut": len(found) > COMMUNITIES, "words": words}
    return render(request, "support/desk/communities.html" if request.htmx else "support/queue/communities.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(USE_DESK)
def layout(request: ActingRequest) -> HttpResponse:
    """What a row shows to this person, and how close rows stand."""
    liked = DeskPreferences.of(person_of(request))
    start = {"columns": liked.columns or list(preferences.DEFAULT), "is_dense": liked.is_dense}
    form = LayoutForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        preferences.lay_out(person_of(request), **form.cleaned_data)
        return redirect(list_address(request))
    return render(request, "support/queue/layout.html", {"form": form, "query": query_of(request)})


@require_POST
@needs(USE_DESK)
def here(request: ActingRequest, reference: str) -> HttpResponse:
    """The person is at the ticket; who else is?"""
    shown = _ticket(request, reference)
    presence.here(shown, by=request.actor, is_writing=request.POST.get("writing") == "1")
    context = {"people": presence.others(shown, by=request.actor), "ticket": shown, "is_answer": True}
    return render(request, "support/desk/head/presence.html", context)


@require_POST
@needs(USE_DESK)
def unread(request: ActingRequest, reference: str) -> HttpResponse:
    """The ticket is to look new again, to this person."""
    seen.forget(_ticket(request, reference), by=request.actor)
    messages.success(request, _("Marked as not read."))
    return redirect(list_address(request))


def chosen_in(request: ActingRequest) -> Chosen:
    """What the address asks for."""
    return Chosen(**{name: request.GET.get(name, "")[:200] for name in queue.NAMES})


def query_of(request: ActingRequest) -> str:
    """The view, filters and page of the list, to carry along."""
    return urlencode({name: request.GET[name] for name in (*queue.NAMES, "cursor") if request.GET.get(name)})


def query_from(request: ActingRequest, place: queue.Place) -> str:
    """The same, with where the ticket stood when it was opened."""
    return "&".join(part for part in (query_of(request), urlencode({"place": place.cursor}) if place.cursor else "") if part)


def place_of(request: ActingRequest, ticket: Ticket, at: Moment) -> queue.Place:
    """Where the ticket stands in the list that the address names."""
    return queue.place(ticket, chosen_in(request), at, opened_at=request.GET.get("place", "")[:500])


def beside(request: ActingRequest, ticket: Ticket) -> dict[str, Any]:
    """What stands around a ticket on a page of its own: the list comes when the page is there."""
    return {"ticket": ticket, "list_query": query_of(request), "away": away()}


def _frame(request: ActingRequest, at: Moment, pulse: Pulse) -> dict[str, Any]:
    """The views with their counts, and one page of the list."""
    chosen, liked = chosen_in(request), DeskPreferences.of(person_of(request))
    view, counts = queue.view_of(chosen, at), queue.counts(at, notices=lambda: inbox.unread(request.actor.user))
    page = queue.page(chosen, at, cursor=request.GET.get("cursor", ""))
    columns = preferences.shown(view.saved.columns if view.saved and view.saved.columns else liked.columns)
    asked, query = {**chosen.asked, "view": view.key}, query_of(request)
    look = queue.Look(columns, adding=urlencode(asked), asking=f"?{query}" if query else "")
    return {
        "views": [(each, counts[key]) for key, each in VIEWS.items()],
        "kept_views": [(row, counts.get(key)) for key, row in at.saved.items()],
        "preferences": liked,
        "view": view,
        "may_change_view": view.saved is not None and can_change_view(request.actor, view.saved),
        "chosen": chosen,
        "narrowings": list(queue.narrowings(chosen, at, among=page.rows)),
        "sorts": queue.SORTS,
        "page": page,
        "rows": queue.shown(page.rows, at, look, people=pulse.people),
        "is_dense": liked.is_dense,
        "counts": counts,
        "cap": queue.CAP,
        "away": away(),
        "out_of_step": counts["sync"],
        "unread_notices": counts["notices"],
        "undo": pulse.undo,
        "many_form": _ManyWords(at),
        "now": at.now,
        "query": query,
        "list_query": query,
        "adding": look.adding,
    }


class _ManyWords:
    """The choices of the bar under chosen rows, without a query."""

    def __init__(self, at: Moment) -> None:
        self.statuses = [(code, str(status)) for code, status in at.statuses.items()]
        self.snoozes = ManyForm.SNOOZES


def _state(frame: Mapping[str, Any]) -> object:
    """What a watched list shows, in brief; every five minutes its words for times are new."""
    rows = [(row.ticket.pk, row.ticket.version, row.ticket.sync_state, row.is_unread, row.note, row.clock) for row in frame["rows"]]
    drafts = [row.ticket.has_draft for row in frame["rows"]]
    kept = [(row.key, row.name, row.updated_at) for row, _count in frame["kept_views"]]
    return rows, drafts, kept, frame["counts"], frame["away"], frame["undo"], int(frame["now"].timestamp()) // 300


def person_of(request: ActingRequest) -> User:
    """Who works at the desk is signed in."""
    person = request.actor.user
    if person is None:
        raise Http404
    return person


def _ticket(request: ActingRequest, reference: str) -> Ticket:
    found = Ticket.objects.visible_to(request.actor).filter(reference=reference).first()
    if found is None:
        raise Http404
    return found


def list_address(request: ActingRequest) -> str:
    """The list, as it was."""
    query = query_of(request)
    return reverse("support:desk") + (f"?{query}" if query else "")
