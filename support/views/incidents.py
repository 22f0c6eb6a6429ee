"""Incidents at the desk: declare, tell, share the work, resolve, and look back."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Prefetch, Q
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.access import needs, signed_in
from ground import exports
from ground.actors import ActingRequest
from ground.paging import keyset
from ground.states import WrongState
from support import incidents
from support.access import RUN_INCIDENTS, USE_DESK
from support.forms.incidents import AttachForm, DutiesForm, FollowUpForm, IncidentForm, NoteForm, UpdateForm
from support.incidents.reading import in_order
from support.incidents.scope import affected_hubs
from support.incidents.silence import choose, is_silent
from support.incidents.timeline import TIMELINE, lines
from support.lists import INCIDENTS
from support.models import Incident, IncidentFollowUp, IncidentTelling, Ticket
from support.states import IncidentState
from support.views.desk import back_to, ticket_or_404

PAGE = 25


@require_safe
@needs(USE_DESK)
def listing(request: ActingRequest) -> HttpResponseBase:
    """What is open, then what is over, the newest first."""
    rows = Incident.objects.visible_to(request.actor).select_related("cluster")
    rows = rows.annotate(
        ticket_count=Count("tickets", distinct=True), to_do=Count("follow_ups", filter=Q(follow_ups__done_at=None), distinct=True)
    )
    if kind := exports.asked(request):
        return exports.answer(kind, exports.Sheet("incidents", INCIDENTS, rows.order_by("-began_at", "-pk")))
    over = keyset(rows.filter(state=IncidentState.RESOLVED), order=("-began_at", "-pk"), cursor=request.GET.get("cursor", ""), size=PAGE)
    context = {
        "open": [] if request.GET.get("cursor") else rows.open().order_by("-began_at", "-pk"),
        "page": over,
        "may_run": RUN_INCIDENTS.is_held_by(request.actor),
        "tab": "incidents",
    }
    return render(request, "support/incidents/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(RUN_INCIDENTS)
def declare(request: ActingRequest) -> HttpResponse:
    """Begin an incident, of a ticket or by hand."""
    ticket = ticket_or_404(request, request.GET["ticket"]) if request.GET.get("ticket") else None
    form = IncidentForm(request.POST or None, initial=_first(ticket))
    if not form.is_valid():
        return render(request, "support/incidents/declare.html", {"form": form, "ticket": ticket}, status=422 if form.is_bound else 200)
    incident = incidents.declare(form.declaration(), ticket=ticket, by=request.actor)
    messages.success(request, _("The incident is declared. Nobody outside has been told yet: write the first update."))
    return redirect(incident)


@require_safe
@needs(USE_DESK)
def incident(request: ActingRequest, reference: str) -> HttpResponse:
    """One incident, with everything to run it."""
    return _page(request, _incident(request, reference))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(RUN_INCIDENTS)
def edit(request: ActingRequest, reference: str) -> HttpResponse:
    """Say anew what is affected."""
    shown = _incident(request, reference)
    form = IncidentForm.of(shown, request.POST or None)
    if not form.is_valid():
        return render(request, "support/incidents/edit.html", {"form": form, "incident": shown}, status=422 if form.is_bound else 200)
    incidents.rescope(shown, form.declaration(), by=request.actor)
    return redirect(shown)


@require_POST
@needs(RUN_INCIDENTS)
def say(request: ActingRequest, reference: str) -> HttpResponse:
    """Tell everybody affected how it stands."""
    shown = _incident(request, reference)
    audience = incidents.affected(shown)
    form = UpdateForm.of(shown, audience, request.POST)
    if not form.is_valid():
        return _page(request, shown, status=422, update_form=form)
    try:
        incidents.say(shown, text=form.text(), state=form.cleaned_data["state"], solves=form.cleaned_data["solves"], by=request.actor)
    except WrongState:
        form.add_error("state", _("Somebody moved the incident meanwhile. Your words are kept; look at its state and send them again."))
        return _page(request, _incident(request, reference), status=409, update_form=form)
    told = len(audience)
    messages.success(
        request,
        ngettext("The update is on its way to %(n)d community.", "The update is on its way to %(n)d communities.", told) % {"n": told},
    )
    return redirect(shown)


@require_POST
@needs(RUN_INCIDENTS)
def share(request: ActingRequest, reference: str) -> HttpResponse:
    """Who does what."""
    shown = _incident(request, reference)
    form = DutiesForm.of(shown, request.POST)
    if not form.is_valid():
        return _page(request, shown, status=422, duties_form=form)
    for role, person in form.chosen().items():
        incidents.give_role(shown, role=role, to=person, by=request.actor)
    return redirect(shown)


@require_POST
@needs(RUN_INCIDENTS)
def note(request: ActingRequest, reference: str) -> HttpResponse:
    """A line of the timeline."""
    shown = _incident(request, reference)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, shown, status=422, note_form=form)
    incidents.note(shown, text=form.cleaned_data["text"], by=request.actor)
    return redirect(f"{shown.get_absolute_url()}#timeline")


@require_POST
@needs(RUN_INCIDENTS)
def follow_up(request: ActingRequest, reference: str) -> HttpResponse:
    """Something to do afterwards."""
    shown = _incident(request, reference)
    form = FollowUpForm(request.POST)
    if not form.is_valid():
        return _page(request, shown, status=422, follow_up_form=form)
    incidents.add_follow_up(shown, **form.cleaned_data, by=request.actor)
    return redirect(f"{shown.get_absolute_url()}#follow-ups")


@require_POST
@needs(RUN_INCIDENTS)
def finish(request: ActingRequest, reference: str, pk: int) -> HttpResponse:
    """It is done."""
    done = _follow_up(request, reference, pk)
    incidents.finish_follow_up(done, by=request.actor)
    return redirect(f"{done.incident.get_absolute_url()}#follow-ups")


@require_POST
@needs(RUN_INCIDENTS)
def unfinish(request: ActingRequest, reference: str, pk: int) -> HttpResponse:
    """It is not done after all."""
    undone = _follow_up(request, reference, pk)
    incidents.reopen_follow_up(undone, by=request.actor)
    return redirect(f"{undone.incident.get_absolute_url()}#follow-ups")


@require_safe
@needs(USE_DESK)
def timeline(request: ActingRequest, reference: str) -> HttpResponseBase:
    """The timeline as a file: Markdown, or a table."""
    shown = _incident(request, reference)
    if kind := exports.asked(request):
        return exports.answer(kind, exports.Sheet(shown.reference, TIMELINE, lines(shown)))
    response = HttpResponse(incidents.as_markdown(shown), content_type="text/markdown; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{shown.reference}.md"'
    return response


@require_POST
@needs(RUN_INCIDENTS)
def attach(request: ActingRequest, reference: str) -> HttpResponse:
    """The ticket tells of an open incident."""
    ticket = ticket_or_404(request, reference)
    form = AttachForm(request.POST)
    if form.is_valid():
        incidents.attach(ticket, incident=form.cleaned_data["incident"], by=request.actor)
        messages.success(request, _("The ticket is part of the incident. Its requester hears of every update."))
    else:
        messages.error(request, _("Choose an open incident."))
    return back_to(request, ticket)


@require_POST
@needs(RUN_INCIDENTS)
def detach(request: ActingRequest, reference: str) -> HttpResponse:
    """The ticket tells of something else."""
    ticket = ticket_or_404(request, reference)
    incidents.detach(ticket, by=request.actor)
    return back_to(request, ticket)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def mails(request: ActingRequest) -> HttpResponse:
    """Whether this person gets mail about incidents of their communities."""
    user = request.actor.user
    assert user is not None  # noqa: S101  signed in
    if request.method == "POST":
        choose(user, wants=request.POST.get("wants") == "1")
        messages.success(request, _("Saved."))
        return redirect("support:incident_mails")
    return render(request, "support/incidents/mails.html", {"is_silent": is_silent(user)})


def _incident(request: ActingRequest, reference: str) -> Incident:
    rows = Incident.objects.visible_to(request.actor).select_related("cluster", "declared_from", "declared_by")
    return get_object_or_404(rows, reference=reference)


def _follow_up(request: ActingRequest, reference: str, pk: int) -> IncidentFollowUp:
    return get_object_or_404(IncidentFollowUp.objects.select_related("incident"), pk=pk, incident=_incident(request, reference))


def _page(request: ActingRequest, shown: Incident, *, status: int = 200, **forms: Any) -> HttpResponse:
    audience = incidents.affected(shown)
    tellings = Prefetch("tellings", IncidentTelling.objects.select_related("community").order_by("community__name", "pk"))
    attached = Ticket.objects.visible_to(request.actor).filter(incident=shown).for_list().order_by("community__name", "pk")
    context = {
        "incident": shown,
        "communities": audience,
        "hubs": affected_hubs(shown),
        "tickets": attached,
        "updates": in_order(shown.updates.prefetch_related(tellings)),
        "events": lines(shown),
        "duties": shown.duties.select_related("user"),
        "follow_ups": shown.follow_ups.select_related("owner", "done_by"),
        "may_run": RUN_INCIDENTS.is_held_by(request.actor),
        "tab": "incidents",
        "update_form": UpdateForm.of(shown, audience),
        "duties_form": DutiesForm.of(shown),
        "note_form": NoteForm(),
        "follow_up_form": FollowUpForm(),
        **forms,
    }
    return render(request, "support/incidents/incident.html", context, status=status)


def _first(ticket: Ticket | None) -> dict[str, Any]:
    """What a ticket says of the incident, for the desk alone: a title for everybody is written anew."""
    if ticket is None:
        return {}
    cluster = ticket.hub.cluster if ticket.hub and ticket.hub.cluster.shared else None
    return {
        "summary": f"{ticket.reference}: {ticket.subject}",
        "hubs": [ticket.hub] if ticket.hub and not cluster else [],
        "cluster": cluster,
    }
