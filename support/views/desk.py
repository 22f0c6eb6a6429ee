"""A ticket at the desk, and what is written and decided there."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities.access import needs
from ground.actors import ActingRequest, Actor
from support import queue, sync
from support import triage as triaging
from support.access import USE_DESK
from support.desk import seen
from support.forms.tickets import TriageForm
from support.history import Exchange, combined, exchange
from support.mirror import clashing, ledger
from support.models import Clash, Ticket, Watch
from support.models.tickets import TicketQuerySet
from support.queue import Moment, prepared
from support.recording import guard
from support.relations import panels, relating
from support.views import composing
from support.views.fresh import answer_if_new
from support.views.outside import are_asked_for, let_in, outside
from support.views.queue import beside, place_of, query_from, query_of
from support.working import timeboxing


@require_safe
@needs(USE_DESK)
def ticket(request: ActingRequest, reference: str) -> HttpResponse:
    """One ticket, beside the list or alone when the page asks for just that."""
    at = queue.moment(request.actor)
    images = are_asked_for(request) and not request.htmx  # only a whole page brings a policy that lets them in
    opened = ticket_or_404(request, reference, rows=composing.with_composer)
    shown = _ticket_context(request, opened, at, images=images)
    seen.read(opened, by=request.actor)
    if request.htmx and not request.htmx.history_restore_request:
        response = render(request, "support/desk/ticket.html", {**shown, "is_fragment": True})
    else:
        response = render(request, "support/desk/desk.html", {**beside(request, opened), **shown})
    patch_vary_headers(response, ["HX-Request"])
    return let_in(response) if images else response


@require_safe
@needs(USE_DESK)
def conversation(request: ActingRequest, reference: str) -> HttpResponse:
    """The exchange alone, for the page that watches it: 304 while nobody wrote."""
    shown = ticket_or_404(request, reference)
    at = queue.moment(request.actor)
    seen_version, since = _number(request.GET.get("seen", "")), _number(request.GET.get("at", ""), most=11)
    written, images = _written(request, shown), are_asked_for(request)
    moment = datetime.fromtimestamp(since, UTC) if since else None
    entries = combined(written, at.statuses, seen=seen_version, since=moment, images=images)
    context = {
        "ticket": shown,
        "entries": entries,
        "outside": outside(entries, are_shown=images),
        "seen": seen_version,
        "letter": max((each.pk for each in written.letters), default=0),
        "since": since,
        "is_whole": _is_whole(request),
        "query": query_of(request),
    }
    response = answer_if_new(
        request,
        "support/desk/conversation.html",
        context,
        state=[shown.version, images, [(each.pk, each.sync_state, each.delivery, each.delivery_note) for each in written.letters]],
    )
    if response.status_code == 200:
        seen.read(shown, by=request.actor)
    return response


@require_POST
@needs(USE_DESK)
def triage(request: ActingRequest, reference: str) -> HttpResponse:
    """Decide kind, impact, responsible party, assignee, status and priority together."""
    at, shown = queue.moment(request.actor), ticket_or_404(request, reference)
    form = TriageForm(request.POST, statuses=at.statuses, rows=triaging.agreed_rows(shown))
    if not form.is_valid():
        return again(request, shown, at, triage_form=form)
    try:
        triaging.decide(shown, decision=form.decision(), by=request.actor, version=form.cleaned_data["version"])
    except guard.Stale as stale:
        return again(request, stale.ticket, at, triage_form=form.on(stale.ticket), stale=stale)
    messages.success(request, _("Saved."))
    return back_to(request, shown)


@require_POST
@needs(USE_DESK)
def take(request: ActingRequest, reference: str) -> HttpResponse:
    """Take the ticket oneself, and begin to work on it."""
    shown = ticket_or_404(request, reference)
    timeboxing.take(shown, by=request.actor)
    return back_to(request, shown)


def _ticket_context(request: ActingRequest, shown: Ticket, at: Moment, *, images: bool = False) -> dict[str, Any]:
    written = _written(request, shown)
    entries = combined(written, at.statuses, images=images)
    rows = triaging.agreed_rows(shown, reader=request.actor)
    place = place_of(request, shown, at)
    reader = at.actor.user.pk if at.actor.user else None
    return {
        "ticket": shown,
        "entries": entries,
        "outside": outside(entries, are_shown=images),
        "proposal": triaging.propose(shown, rows=rows),
        **composing.composers(shown, request.actor, at.statuses, letters=written.letters),
        "triage_form": TriageForm.of(shown, statuses=at.statuses, rows=rows),
        "clashes": clashing.questions(shown, at.statuses) if getattr(shown, "has_clash", True) else [],
        "in_freshdesk": ledger.page_in_freshdesk(shown),
        "is_mirrored": sync.is_connected() or shown.freshdesk_id is not None,
        "timebox": timeboxing.shown(shown, reader=reader, now=at.now),
        "worked": timeboxing.worked(shown, reader=reader, now=at.now),
        "seen": shown.version,
        "letter": max((each.pk for each in written.letters), default=0),
        "since": int(at.now.timestamp()),
        "is_whole": _is_whole(request),
        "panels": panels.open_panels(getattr(shown, "kept_panels", None)),
        "now": at.now,
        "place": place,
        "query": query_from(request, place),
        "list_query": query_of(request),
    }


def again(request: ActingRequest, shown: Ticket, at: Moment, **forms: object) -> HttpResponse:
    """The page again with every typed word, and what came meanwhile if that is why."""
    context = {**beside(request, shown), **_ticket_context(request, shown, at), **forms}
    stale = forms.get("stale")
    context["note_is_open"] = "note_form" in forms
    if isinstance(stale, guard.Stale):
        context |= composing.meanwhile(stale, request.actor, at.statuses)
    return render(request, "support/desk/desk.html", context, status=409 if stale else 200 if forms.get("is_fine") else 422)


def ticket_or_404(request: ActingRequest, reference: str, *, rows: Callable[[Actor], TicketQuerySet] | None = None) -> Ticket:
    """The ticket of a page of the desk; `rows` are the tickets a person sees, with more about each. Its question is put together once for each."""

    def write(reference: str) -> TicketQuerySet:
        return relating.near(_whole((rows or Ticket.objects.visible_to)(request.actor), request.actor), reference)

    try:
        return relating.found(prepared.rows("ticket", request.actor, write, of=rows, reference=reference), reference)
    except Ticket.DoesNotExist as error:
        raise Http404 from error


def _whole(rows: TicketQuerySet, reader: Actor) -> TicketQuerySet:
    """With everything that the pages of a ticket say of it."""
    watched = Watch.objects.on().filter(ticket=OuterRef("pk"), user=reader.user)
    rows = rows.select_related("status", "community", "requester", "assignee", "opened_by", "hub__cluster", "widget_ask", "incident")
    rows = rows.annotate(has_clash=Exists(Clash.objects.open().filter(ticket=OuterRef("pk"))))
    return relating.with_relations(timeboxing.annotated(rows).annotate(is_watched=Exists(watched)), reader)


def _written(request: ActingRequest, shown: Ticket) -> Exchange:
    return exchange(shown, reader=request.actor, merged=shown.merged_here, whole=_is_whole(request))


def _is_whole(request: ActingRequest) -> bool:
    """Whether every letter of a long exchange is asked for, or one that may stand in its middle."""
    return "all" in request.GET or "letter" in request.GET


def back_to(request: ActingRequest, shown: Ticket) -> HttpResponse:
    """To the ticket, in the view and with the filters it was opened from."""
    query = "&".join(filter(None, (query_of(request), urlencode({"place": request.GET["place"]}) if request.GET.get("place") else "")))
    return redirect(shown.get_absolute_url() + (f"?{query}" if query else ""))


def _number(text: str, *, most: int = 9) -> int:
    return int(text) if text.isdecimal() and len(text) <= most else 0
