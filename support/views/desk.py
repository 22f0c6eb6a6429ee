"""The desk: views, list and ticket, for the people who work here all day."""

from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities.access import needs
from ground import exports
from ground.actors import ActingRequest
from ground.paging import Page
from support import clashing, guard, ledger, queue, replies, sync, tickets
from support import triage as triaging
from support.access import USE_DESK
from support.away import away
from support.contents import Refused
from support.forms import NoteForm, ReplyForm, TriageForm
from support.history import story
from support.lists import TICKETS
from support.models import Clash, Message, Ticket
from support.queue import VIEWS, Chosen, Moment
from support.views.fresh import answer_if_new
from support.views.outside import are_asked_for, let_in, outside

KEPT = ("view", "status", "q", "kind", "responsible", "community", "assignee")


@require_safe
@needs(USE_DESK)
def desk(request: ActingRequest) -> HttpResponseBase:
    """Views and list; a ticket is opened beside them."""
    at = queue.moment(request.actor)
    if kind := exports.asked(request):
        return exports.answer(kind, exports.Sheet("tickets", TICKETS, queue.listed(_chosen(request), at)))
    return render(request, "support/desk/desk.html", _frame(request, at))


@require_safe
@needs(USE_DESK)
def ticket_list(request: ActingRequest) -> HttpResponse:
    """The views and the list alone, for the page that watches them: 304 while nothing moved."""
    frame = _frame(request, queue.moment(request.actor))
    page: Page[Ticket] = frame["page"]
    state = [(row.pk, row.version, row.sync_state) for row in page.rows], frame["counts"], frame["away"]
    return answer_if_new(request, "support/desk/list.html", frame, state=state)


@require_safe
@needs(USE_DESK)
def ticket(request: ActingRequest, reference: str) -> HttpResponse:
    """One ticket, beside the list or alone when the page asks for just that."""
    at = queue.moment(request.actor)
    images = are_asked_for(request) and not request.htmx  # only a whole page brings a policy that lets them in
    shown = _ticket_context(request, ticket_or_404(request, reference), at, images=images)
    if request.htmx and not request.htmx.history_restore_request:
        response = render(request, "support/desk/ticket.html", {**shown, "is_fragment": True})
    else:
        response = render(request, "support/desk/desk.html", {**_frame(request, at), **shown})
    patch_vary_headers(response, ["HX-Request"])
    return let_in(response) if images else response


@require_safe
@needs(USE_DESK)
def conversation(request: ActingRequest, reference: str) -> HttpResponse:
    """The exchange alone, for the page that watches it: 304 while nobody wrote."""
    shown = ticket_or_404(request, reference)
    at = queue.moment(request.actor)
    seen = _number(request.GET.get("seen", ""))
    written, images = _written(request, shown), are_asked_for(request)
    entries = story(shown, written, shown.events.all(), at.statuses, seen=seen, images=images)
    context = {
        "ticket": shown,
        "entries": entries,
        "outside": outside(entries, are_shown=images),
        "seen": seen,
        "query": _query(request),
    }
    return answer_if_new(
        request,
        "support/desk/conversation.html",
        context,
        state=[shown.version, images, [(each.pk, each.sync_state, each.delivery, each.delivery_note) for each in written]],
    )


@require_POST
@needs(USE_DESK)
def reply(request: ActingRequest, reference: str) -> HttpResponse:
    """Answer the requester."""
    at, shown = queue.moment(request.actor), ticket_or_404(request, reference)
    form = ReplyForm(request.POST, request.FILES, statuses=at.statuses)
    if not form.is_valid():
        return _again(request, shown, at, reply_form=form)
    try:
        replies.reply(
            shown,
            body=form.cleaned_data["body"],
            by=request.actor,
            version=form.cleaned_data["version"],
            status=form.chosen_status(),
            files=form.cleaned_data["attachments"],
        )
    except guard.Stale as stale:
        return _again(request, stale.ticket, at, reply_form=form.on(stale.ticket), stale=stale)
    except Refused as refusal:
        form.refuse(refusal)
        return _again(request, shown, at, reply_form=form)
    messages.success(request, _("Your reply is kept and on its way."))
    return back_to(request, shown)


@require_POST
@needs(USE_DESK)
def note(request: ActingRequest, reference: str) -> HttpResponse:
    """Write among staff."""
    shown = ticket_or_404(request, reference)
    form = NoteForm(request.POST, request.FILES)
    if not form.is_valid():
        return _again(request, shown, queue.moment(request.actor), note_form=form)
    try:
        replies.note(shown, body=form.cleaned_data["body"], files=form.cleaned_data["attachments"], by=request.actor)
    except Refused as refusal:
        form.refuse(refusal)
        return _again(request, shown, queue.moment(request.actor), note_form=form)
    messages.success(request, _("Your note is kept. Only staff read it."))
    return back_to(request, shown)


@require_POST
@needs(USE_DESK)
def triage(request: ActingRequest, reference: str) -> HttpResponse:
    """Decide kind, impact, responsible party, assignee, status and priority together."""
    at, shown = queue.moment(request.actor), ticket_or_404(request, reference)
    form = TriageForm(request.POST, statuses=at.statuses, rows=triaging.agreed_rows(shown))
    if not form.is_valid():
        return _again(request, shown, at, triage_form=form)
    try:
        triaging.decide(shown, decision=form.decision(), by=request.actor, version=form.cleaned_data["version"])
    except guard.Stale as stale:
        return _again(request, stale.ticket, at, triage_form=form.on(stale.ticket), stale=stale)
    messages.success(request, _("Saved."))
    return back_to(request, shown)


@require_POST
@needs(USE_DESK)
def take(request: ActingRequest, reference: str) -> HttpResponse:
    """Take the ticket oneself."""
    shown = ticket_or_404(request, reference)
    tickets.assign(shown, to=request.actor.user, by=request.actor)
    return back_to(request, shown)


def _frame(request: ActingRequest, at: Moment) -> dict[str, Any]:
    """What stands around a ticket: the views with their counts, and one page of the list."""
    chosen = _chosen(request)
    counts = queue.counts(at)
    return {
        "views": [{"key": key, "word": view.word, "count": counts[key], "is_here": key == chosen.view_key} for key, view in VIEWS.items()],
        "view": VIEWS[chosen.view_key],
        "chosen": chosen,
        "page": queue.page(chosen, at, cursor=request.GET.get("cursor", "")),
        "counts": counts,
        "cap": queue.CAP,
        "away": away(),
        "out_of_step": counts["sync"],
        "statuses": at.statuses.values(),
        "now": at.now,
        "query": _query(request),
    }


def _chosen(request: ActingRequest) -> Chosen:
    return Chosen(**{name: request.GET.get(name, "")[:200] for name in KEPT})


def _ticket_context(request: ActingRequest, shown: Ticket, at: Moment, *, images: bool = False) -> dict[str, Any]:
    entries = story(shown, _written(request, shown), shown.events.all(), at.statuses, images=images)
    rows = triaging.agreed_rows(shown, reader=request.actor)
    return {
        "ticket": shown,
        "entries": entries,
        "outside": outside(entries, are_shown=images),
        "proposal": triaging.propose(shown, rows=rows),
        "reply_form": ReplyForm(statuses=at.statuses, initial={"version": shown.version}),
        "note_form": NoteForm(),
        "triage_form": TriageForm.of(shown, statuses=at.statuses, rows=rows),
        "clashes": clashing.questions(shown, at.statuses) if getattr(shown, "has_clash", True) else [],
        "in_freshdesk": ledger.page_in_freshdesk(shown),
        "is_mirrored": sync.is_connected() or shown.freshdesk_id is not None,
        "seen": shown.version,
        "now": at.now,
        "query": _query(request),
    }


def _again(request: ActingRequest, shown: Ticket, at: Moment, **forms: object) -> HttpResponse:
    """The page again with every typed word, and what came meanwhile if that is why."""
    context = {**_frame(request, at), **_ticket_context(request, shown, at), **forms}
    return render(request, "support/desk/desk.html", context, status=409 if "stale" in forms else 422)


def ticket_or_404(request: ActingRequest, reference: str) -> Ticket:
    """The ticket of a page of the desk."""
    rows = Ticket.objects.visible_to(request.actor).select_related(
        "status", "community", "requester", "assignee", "opened_by", "hub__cluster"
    )
    try:
        return rows.annotate(has_clash=Exists(Clash.objects.open().filter(ticket=OuterRef("pk")))).get(reference=reference)
    except Ticket.DoesNotExist as error:
        raise Http404 from error


def _written(request: ActingRequest, shown: Ticket) -> list[Message]:
    return list(Message.objects.visible_to(request.actor).filter(ticket=shown, removed_at=None).in_order())


def back_to(request: ActingRequest, shown: Ticket) -> HttpResponse:
    """To the ticket, in the view and with the filters it was opened from."""
    query = _query(request)
    return redirect(shown.get_absolute_url() + (f"?{query}" if query else ""))


def _query(request: ActingRequest) -> str:
    """The view and filters, to carry along."""
    return urlencode({name: request.GET[name] for name in (*KEPT, "cursor") if request.GET.get(name)})


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0
