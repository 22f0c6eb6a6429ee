"""A community's tickets: open one, follow it, answer, say that it is solved."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.access import community_or_404, signed_in
from communities.models import Community
from ground import exports
from ground.actors import ActingRequest
from ground.paging import keyset
from knowledgebase.suggestions import Suggestion, suggest
from support import replies, tickets
from support.access import OPEN_TICKET
from support.contents import Refused
from support.forms import AnswerForm, NewTicketForm
from support.history import PUBLIC_KINDS, story
from support.lists import ASKED
from support.models import Message, Ticket
from support.states import StatusGroup
from support.views.fresh import answer_if_new
from support.views.outside import are_asked_for, let_in, outside

PAGE = 25


@require_safe
@signed_in
def ticket_list(request: ActingRequest, slug: str) -> HttpResponseBase:
    """The tickets of this community that this person may follow."""
    community = _community(request, slug)
    rows = Ticket.objects.visible_to(request.actor).here().filter(community=community)
    is_over = request.GET.get("show") == "solved"
    groups = (StatusGroup.SOLVED, StatusGroup.CLOSED) if is_over else (StatusGroup.OPEN, StatusGroup.WAITING)
    rows = rows.of_groups(*groups).for_list().select_related("status", "community", "requester", "opened_by", "hub")
    if kind := exports.asked(request):
        return exports.answer(kind, exports.Sheet(f"{community.slug}-tickets", ASKED, rows.order_by("-updated_at", "-pk")))
    page = keyset(rows, order=("-updated_at", "-pk"), cursor=request.GET.get("cursor", ""), size=PAGE)
    return render(request, "support/portal/tickets.html", {"community": community, "page": page, "is_over": is_over})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new_ticket(request: ActingRequest, slug: str) -> HttpResponse:
    """Write a ticket, and send it."""
    community = _community(request, slug)
    form = NewTicketForm(
        request.POST or None, request.FILES or None, community=community, initial={"subject": request.GET.get("subject", "")[:255]}
    )
    if not form.is_valid():
        return _ask(request, community, form, status=422 if form.is_bound else 200)
    chosen = form.cleaned_data
    ticket = tickets.open_ticket(
        community,
        subject=chosen["subject"],
        body=chosen["body"],
        hub=chosen.get("hub"),
        confidential=chosen["confidential"],
        files=chosen["attachments"],
        by=request.actor,
    )
    messages.success(
        request, _("Your ticket %(reference)s is here. We will answer on this page and by mail.") % {"reference": ticket.reference}
    )
    return redirect("support:ticket", slug=community.slug, reference=ticket.reference)


@require_POST
@signed_in
def answers(request: ActingRequest, slug: str) -> HttpResponse:
    """Articles that may answer what is being written: beside the form, or with the form again where there is no script."""
    community = _community(request, slug)
    found = _suggested(request, community)
    if request.htmx:
        return render(request, "support/portal/answers.html", {"suggestions": found, "asked": True})
    form = NewTicketForm(initial=request.POST.dict(), community=community)
    return _ask(request, community, form, suggestions=found, asked=True)


@require_safe
@signed_in
def ticket(request: ActingRequest, slug: str, reference: str) -> HttpResponse:
    """One ticket as its community reads it."""
    community = _community(request, slug)
    shown = _ticket(request, community, reference)
    context = {**_exchange(request, shown), "community": community, "form": AnswerForm()}
    response = render(request, "support/portal/ticket.html", context)
    return let_in(response) if are_asked_for(request) else response


@require_safe
@signed_in
def conversation(request: ActingRequest, slug: str, reference: str) -> HttpResponse:
    """The exchange alone, for the page that watches it: 304 while nobody wrote."""
    community = _community(request, slug)
    context = {**_exchange(request, _ticket(request, community, reference)), "community": community}
    state = [context["ticket"].status_id, [(entry.key, entry.html) for entry in context["entries"]]]
    return answer_if_new(request, "support/portal/conversation.html", context, state=state)


@require_POST
@signed_in
def answer(request: ActingRequest, slug: str, reference: str) -> HttpResponse:
    """Write in the ticket."""
    community = _community(request, slug)
    shown = _ticket(request, community, reference)
    form = AnswerForm(request.POST, request.FILES)
    if not form.is_valid():
        return _again(request, community, shown, form)
    try:
        replies.add_incoming(shown, body=form.cleaned_data["body"], files=form.cleaned_data["attachments"], by=request.actor)
    except Refused as refusal:
        form.refuse(refusal)
        return _again(request, community, shown, form)
    messages.success(request, _("Your message is kept and on its way."))
    return redirect("support:ticket", slug=community.slug, reference=shown.reference)


@require_POST
@signed_in
def solve(request: ActingRequest, slug: str, reference: str) -> HttpResponse:
    """Say that nothing is left to do."""
    shown = _ticket(request, _community(request, slug), reference)
    tickets.solve(shown, by=request.actor)
    messages.success(request, _("Marked as solved. Write in it again and it is open again."))
    return redirect("support:ticket", slug=slug, reference=shown.reference)


def _community(request: ActingRequest, slug: str) -> Community:
    community = community_or_404(request.actor, slug)
    if not OPEN_TICKET.is_held_by(request.actor, community):
        raise Http404
    return community


def _ticket(request: ActingRequest, community: Community, reference: str) -> Ticket:
    rows = Ticket.objects.visible_to(request.actor).filter(community=community)
    try:
        return rows.select_related("status", "community", "requester", "opened_by", "assignee", "hub").get(reference=reference)
    except Ticket.DoesNotExist as error:
        raise Http404 from error


def _exchange(request: ActingRequest, shown: Ticket) -> dict[str, Any]:
    """The public letters alone, whoever reads: this page is also what staff show to a community."""
    rows = Message.objects.visible_to(request.actor).public().filter(ticket=shown, kind__in=PUBLIC_KINDS, removed_at=None)
    images = are_asked_for(request)
    entries = story(shown, rows.in_order(), (), {}, images=images)
    return {"ticket": shown, "entries": entries, "outside": outside(entries, are_shown=images)}


def _again(request: ActingRequest, community: Community, shown: Ticket, form: AnswerForm) -> HttpResponse:
    return render(request, "support/portal/ticket.html", {**_exchange(request, shown), "community": community, "form": form}, status=422)


def _suggested(request: ActingRequest, community: Community) -> list[Suggestion]:
    words = f"{request.POST.get('subject', '')} {request.POST.get('body', '')[:500]}".strip()
    return suggest(words, actor=request.actor, community=community) if len(words) > 3 else []


def _ask(request: ActingRequest, community: Community, form: NewTicketForm, *, status: int = 200, **more: object) -> HttpResponse:
    return render(request, "support/portal/new.html", {"community": community, "form": form, **more}, status=status)
