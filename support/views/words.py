"""The words of Freshdesk and what they are here: one small form a word."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from communities.access import needs
from ground.actors import ActingRequest
from support import vocabulary
from support.access import EDIT_WORDS, USE_DESK
from support.forms.tickets import PriorityForm, StatusForm, TypeForm
from support.mirror.away import away
from support.models import TicketPriority, TicketStatus, TicketType


@require_safe
@needs(USE_DESK)
def words(request: ActingRequest) -> HttpResponse:
    """Statuses, priorities and types; those that nobody has explained come first."""
    return _words(request)


@require_POST
@needs(EDIT_WORDS)
def explain_status(request: ActingRequest, pk: int) -> HttpResponse:
    """Say what a status means."""
    status = get_object_or_404(TicketStatus, pk=pk)
    form = StatusForm(request.POST, prefix=f"status-{pk}")
    if not form.is_valid():
        return _words(request, ("statuses", pk, form))
    vocabulary.explain_status(
        status, word=form.text("word"), customer_word=form.text("customer_word"), group=form.cleaned_data["group"], by=request.actor
    )
    return _saved(request, form.text("word")["en"])


@require_POST
@needs(EDIT_WORDS)
def explain_priority(request: ActingRequest, pk: int) -> HttpResponse:
    """Say what a priority is called."""
    priority = get_object_or_404(TicketPriority, pk=pk)
    form = PriorityForm(request.POST, prefix=f"priority-{pk}")
    if not form.is_valid():
        return _words(request, ("priorities", pk, form))
    vocabulary.explain_priority(priority, word=form.text("word"), by=request.actor)
    return _saved(request, form.text("word")["en"])


@require_POST
@needs(EDIT_WORDS)
def explain_type(request: ActingRequest, pk: int) -> HttpResponse:
    """Say which kind a type is."""
    type_ = get_object_or_404(TicketType, pk=pk)
    form = TypeForm(request.POST, prefix=f"type-{pk}")
    if not form.is_valid():
        return _words(request, ("types", pk, form))
    number = vocabulary.explain_type(type_, kind=form.cleaned_data["kind"], is_said=form.cleaned_data["is_said"], by=request.actor)
    return _saved(request, type_.word, tickets=number)


def _words(request: ActingRequest, wrong: tuple[str, int, Any] | None = None) -> HttpResponse:
    rows: dict[str, list[dict[str, Any]]] = {
        "statuses": [{"row": each, "is_new": each.is_learned, "form": StatusForm.of(each)} for each in TicketStatus.objects.all()],
        "priorities": [{"row": each, "is_new": each.is_learned, "form": PriorityForm.of(each)} for each in TicketPriority.objects.all()],
        "types": [{"row": each, "is_new": not each.kind, "form": TypeForm.of(each)} for each in TicketType.objects.all()],
    }
    for name, shown in rows.items():
        for each in shown:
            if wrong and wrong[:2] == (name, each["row"].pk):
                each["form"] = wrong[2]
        shown.sort(key=lambda each: not each["is_new"])
    context = {"tab": "words", "away": away(), "may_edit": EDIT_WORDS.is_held_by(request.actor), **rows}
    return render(request, "support/mirror/words.html", context, status=422 if wrong else 200)


def _saved(request: ActingRequest, word: str, *, tickets: int = 0) -> HttpResponse:
    given = ngettext("%(n)d ticket has its kind now.", "%(n)d tickets have their kind now.", tickets) % {"n": tickets} if tickets else ""
    messages.success(request, _("“%(word)s” is saved. %(more)s") % {"word": word, "more": given})
    return redirect("support:sync_words")
