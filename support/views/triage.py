"""Triage, one ticket after another: four decisions by a key each, the next ticket, and the way back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities.access import needs
from communities.states import Party
from ground.actors import ActingRequest
from support import queue
from support import triage as triaging
from support.access import RUN_INCIDENTS, USE_DESK
from support.desk import seen
from support.forms.tickets import DecisionsForm
from support.models import Ticket
from support.queue import Chosen
from support.recording import guard
from support.states import Impact, Kind
from support.triage import one_by_one
from support.triage.one_by_one import Before, Decided
from support.views.desk import ticket_or_404
from support.working.timeboxing import Busy

UNDO = "triage-undo"
LETTERS = 3  # of the newest letters shown
KEPT = ("view", "q", "status", "kind", "responsible", "community", "assignee")


@require_safe
@needs(USE_DESK)
def mode(request: ActingRequest) -> HttpResponse:
    """The next ticket of a view, and its four decisions."""
    return _page(request, reference=request.GET.get("ticket", ""))


@require_POST
@needs(USE_DESK)
def decide(request: ActingRequest, reference: str) -> HttpResponse:
    """Keep the decisions and go on: to the next ticket, or to what is to be done for this one."""
    shown = ticket_or_404(request, reference)
    form = DecisionsForm(request.POST)
    if not form.is_valid():
        return _page(request, reference=reference, form=form, status=422)
    try:
        before = one_by_one.decide(shown, decided=form.decided(), by=request.actor, version=form.cleaned_data["version"])
    except guard.Stale as stale:
        return _page(request, reference=reference, stale=stale, status=409)
    request.session[UNDO] = {"reference": reference, "subject": shown.subject, **vars(before)}
    if "work" in request.POST:
        return _to_work(request, reference, form.decided())
    return redirect(f"{reverse('support:triage')}?{_query(request, done=reference)}")


@require_POST
@needs(USE_DESK)
def take_back(request: ActingRequest, reference: str) -> HttpResponse:
    """Undo the decisions just made and show that ticket again."""
    shown = ticket_or_404(request, reference)
    kept = request.session.pop(UNDO, {})
    try:
        if kept.get("reference") == reference:
            one_by_one.take_back(shown, before=Before(kept["values"], kept["version"]), by=request.actor)
            messages.success(request, _("Taken back. Decide again."))
    except guard.Stale:
        messages.error(request, _("This ticket has changed since; nothing was taken back."))
    return redirect(f"{reverse('support:triage')}?{_query(request, ticket=reference)}")


def _to_work(request: ActingRequest, reference: str, decided: Decided) -> HttpResponse:
    """To the ticket itself, with an answer begun where an article explains the row, and the half hour where that is the next step."""
    shown = ticket_or_404(request, reference)
    one_by_one.begin_answer(shown, row=triaging.agreed_rows(shown).get(decided.row), by=request.actor)
    try:
        one_by_one.begin_work(shown, decided=decided, by=request.actor)
    except Busy as busy:
        words = _("The half hour was not started: %(name)s still works on %(ticket)s.")
        messages.info(request, words % {"name": busy.running.agent, "ticket": busy.running.ticket})
    return redirect(shown.get_absolute_url())


def _page(request: ActingRequest, *, reference: str = "", status: int = 200, **extra: Any) -> HttpResponse:
    at, chosen = queue.moment(request.actor), _chosen(request)
    turn = one_by_one.turn(chosen, at, cursor=request.GET.get("cursor", ""))
    shown = ticket_or_404(request, reference) if reference else turn and turn.ticket
    context: dict[str, Any] = {
        "view": queue.view_of(chosen, at),
        "turn": turn,
        "now": at.now,
        "query": _query(request, cursor=request.GET.get("cursor", "")),
        "is_behind_the_last": bool(request.GET.get("cursor")),
        "skip": _query(request, cursor=turn.cursor) if turn and turn.cursor else "",
        "again": _query(request),
        "list": _query(request),
        "undo": _undo(request),
        **extra,
    }
    if shown:
        seen.read(shown, by=request.actor)
        context |= _of_ticket(request, shown)
    return render(request, "support/triage/page.html", context, status=status)


def _undo(request: ActingRequest) -> dict[str, Any] | None:
    """The decision just made, while the address still speaks of it."""
    kept = request.session.get(UNDO)
    return kept if kept and kept["reference"] == request.GET.get("done") else None


def _of_ticket(request: ActingRequest, shown: Ticket) -> dict[str, Any]:
    proposed = one_by_one.proposals(shown, triaging.agreed_rows(shown, reader=request.actor))
    people = one_by_one.people(request.actor, shown, now=timezone.now())
    return {
        "ticket": shown,
        "letters": list(shown.messages.filter(removed_at=None).in_order().reverse()[:LETTERS])[::-1],
        "standing": one_by_one.standing(shown),
        "proposed": proposed,
        "kinds": Kind.choices,
        "impacts": Impact.choices,
        "parties": Party.choices,
        "turned": people.turned,
        "taker": people.turned.person if people.turned else request.actor.user,
        "away": people.away,
        "may_declare": RUN_INCIDENTS.is_held_by(request.actor),
        "people": people.offered[: one_by_one.NEARBY + 1],
        "others": people.offered[one_by_one.NEARBY + 1 :],
        "steps": one_by_one.steps(),
    }


def _chosen(request: ActingRequest) -> Chosen:
    named = {name: request.GET.get(name, "")[:200] for name in KEPT}
    return Chosen(**{**named, "view": named["view"] or "triage"})


def _query(request: ActingRequest, **more: str) -> str:
    """The view and filters, to carry along."""
    kept = {name: request.GET[name] for name in KEPT if request.GET.get(name)}
    return urlencode({**kept, **{name: value for name, value in more.items() if value}})
