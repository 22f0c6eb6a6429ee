"""Joining tickets and taking them apart: merge, split, parent and children, related."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.access import needs
from ground.actors import ActingRequest
from support.access import USE_DESK
from support.models import Message, Ticket, TicketLink
from support.relations import merging, relating, splitting
from support.relations.relating import NotPossible
from support.views.desk import back_to, ticket_or_404
from support.views.typed import ChildForm, SplitForm


@require_safe
@needs(USE_DESK)
def link(request: ActingRequest, reference: str) -> HttpResponse:
    """Look for a ticket to join with: a fragment of the panel, or a page of its own."""
    shown, words = ticket_or_404(request, reference), request.GET.get("q", "")[:200]
    found = relating.candidates(shown, words=words, reader=request.actor)
    context = {"ticket": shown, "found": found, "words": words, "query": ""}
    response = render(request, f"support/relations/{'found' if request.htmx else 'link'}.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_POST
@needs(USE_DESK)
def merge(request: ActingRequest, reference: str) -> HttpResponse:
    """Read and answer this ticket in the other from now on."""
    shown = ticket_or_404(request, reference)
    other = _other(request)
    return _join(request, shown, lambda: merging.merge(shown, into=other, by=request.actor), lands=other)


@require_POST
@needs(USE_DESK)
def merge_here(request: ActingRequest, reference: str) -> HttpResponse:
    """Read and answer the other ticket in this one from now on."""
    shown = ticket_or_404(request, reference)
    other = _other(request)
    return _join(request, shown, lambda: merging.merge(other, into=shown, by=request.actor), lands=shown)


@require_POST
@needs(USE_DESK)
def unmerge(request: ActingRequest, reference: str) -> HttpResponse:
    """Take a merge back."""
    shown = ticket_or_404(request, reference)
    return _join(request, shown, lambda: merging.part(shown, by=request.actor), lands=shown)


@require_POST
@needs(USE_DESK)
def relate(request: ActingRequest, reference: str) -> HttpResponse:
    """Say that two are about the same thing."""
    shown = ticket_or_404(request, reference)
    other = _other(request)
    return _join(request, shown, lambda: relating.relate(shown, to=other, by=request.actor), lands=shown)


@require_POST
@needs(USE_DESK)
def unrelate(request: ActingRequest, reference: str, pk: int) -> HttpResponse:
    """Say that two are not about the same thing after all."""
    shown = ticket_or_404(request, reference)
    row = get_object_or_404(TicketLink.objects.visible_to(request.actor).of(shown).select_related("ticket", "other"), pk=pk)
    return _join(request, shown, lambda: relating.unrelate(row, by=request.actor), lands=shown)


@require_POST
@needs(USE_DESK)
def attach(request: ActingRequest, reference: str) -> HttpResponse:
    """Make this ticket a part of the other."""
    shown = ticket_or_404(request, reference)
    other = _other(request)
    return _join(request, shown, lambda: relating.attach(shown, to=other, by=request.actor), lands=shown)


@require_POST
@needs(USE_DESK)
def attach_here(request: ActingRequest, reference: str) -> HttpResponse:
    """Make the other ticket a part of this one."""
    shown = ticket_or_404(request, reference)
    other = _other(request)
    return _join(request, shown, lambda: relating.attach(other, to=shown, by=request.actor), lands=shown)


@require_POST
@needs(USE_DESK)
def detach(request: ActingRequest, reference: str) -> HttpResponse:
    """Let this ticket stand alone again."""
    shown = ticket_or_404(request, reference)
    return _join(request, shown, lambda: relating.detach(shown, by=request.actor), lands=shown)


@require_POST
@needs(USE_DESK)
def make_child(request: ActingRequest, reference: str) -> HttpResponse:
    """Open a part of this ticket for itself."""
    shown, form = ticket_or_404(request, reference), ChildForm(request.POST)
    if not form.is_valid():
        return _said(request, shown, _("Give the part a subject and a few words first. Nothing was opened."))
    return _join(request, shown, lambda: relating.make_child(shown, by=request.actor, **form.cleaned_data), lands=shown)


@require_POST
@needs(USE_DESK)
def solve_children(request: ActingRequest, reference: str) -> HttpResponse:
    """Solve the parts that are still open too."""
    shown = ticket_or_404(request, reference)
    relating.solve_children(shown, by=request.actor)
    messages.success(request, _("Its parts are solved too."))
    return back_to(request, shown)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(USE_DESK)
def split(request: ActingRequest, reference: str) -> HttpResponse:
    """Choose letters, and make a ticket of them."""
    shown = ticket_or_404(request, reference)
    letters = list(Message.objects.visible_to(request.actor).filter(ticket=shown, removed_at=None).in_order())
    form = SplitForm(request.POST or None, letters=letters, initial={"subject": shown.subject, "letters": request.GET.getlist("letter")})
    if not form.is_valid():
        return render(request, "support/relations/split.html", _chosen(shown, form), status=422 if form.is_bound else 200)
    try:
        opened = splitting.split(shown, letters=form.chosen(), subject=form.cleaned_data["subject"], by=request.actor)
    except NotPossible as refused:
        form.add_error("letters", str(refused))
        return render(request, "support/relations/split.html", _chosen(shown, form), status=422)
    messages.success(request, _("The letters are a ticket of their own now: %(reference)s.") % {"reference": opened.reference})
    return redirect(opened)


def _chosen(shown: Ticket, form: SplitForm) -> dict[str, Any]:
    return {"ticket": shown, "form": form}


def _other(request: ActingRequest) -> Ticket:
    """The ticket named in the form, if this person may see it."""
    return ticket_or_404(request, request.POST.get("other", "").strip().upper()[:20])


def _join(request: ActingRequest, shown: Ticket, do: Callable[[], object], *, lands: Ticket) -> HttpResponse:
    """Do it, and show the ticket where it is read from now on; or say why it cannot be done."""
    try:
        do()
    except NotPossible as refused:
        return _said(request, shown, str(refused))
    messages.success(request, _("Done. It can be taken back on this page."))
    return back_to(request, lands)


def _said(request: ActingRequest, shown: Ticket, sentence: str) -> HttpResponse:
    messages.warning(request, sentence)
    return back_to(request, shown)
