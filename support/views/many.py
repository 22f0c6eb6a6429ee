"""What is done to many tickets at once: said first, then done, then taken back if need be."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from communities.access import needs
from ground.actors import ActingRequest
from support import queue
from support.access import USE_DESK
from support.forms.lists import ManyForm
from support.models import BulkChange, Ticket
from support.queue import Moment
from support.views.queue import list_address, query_of
from support.working import bulk


@require_POST
@needs(USE_DESK)
def many(request: ActingRequest) -> HttpResponse:
    """Say what would become of the chosen tickets, before it does."""
    return _ask(request, queue.moment(request.actor))


@require_POST
@needs(USE_DESK)
def change_many(request: ActingRequest) -> HttpResponse:
    """Do it."""
    at, versions = queue.moment(request.actor), _versions(request.POST)
    form = ManyForm(request.POST, statuses=at.statuses)
    if not form.is_valid() or not versions or not (changes := form.changes(by=request.actor, now=at.now)):
        return _ask(request, at)
    _tell(request, bulk.change(versions, changes, by=request.actor))
    return redirect(list_address(request))


@require_POST
@needs(USE_DESK)
def undo_many(request: ActingRequest, pk: int) -> HttpResponse:
    """Take the last change of many back."""
    done = BulkChange.objects.undoable(request.actor, timezone.now()).filter(pk=pk).first()
    if done is None:
        messages.error(request, _("This can no longer be taken back at once. Each ticket's history says what it was."))
    else:
        _tell(request, bulk.undo(done, by=request.actor))
    return redirect(list_address(request))


def _ask(request: ActingRequest, at: Moment) -> HttpResponse:
    versions = _versions(request.POST)
    form = ManyForm(request.POST, statuses=at.statuses)
    said = form.said() if form.is_valid() else []
    rows = Ticket.objects.visible_to(request.actor).here().filter(pk__in=versions).for_list().order_by("-updated_at", "-pk")
    context = {"form": form, "said": said, "rows": [(row, versions[row.pk]) for row in rows], "query": query_of(request)}
    return render(request, "support/queue/many.html", context, status=200 if form.is_valid() else 422)


def _versions(data: QueryDict) -> dict[int, int]:
    """The chosen tickets and the version of each that was seen; what says neither is nothing."""
    pairs = [each.split(":") for each in data.getlist("t")[: bulk.MOST]]
    return {int(pair[0]): int(pair[1]) for pair in pairs if len(pair) == 2 and all(part.isdecimal() and len(part) < 15 for part in pair)}


def _tell(request: ActingRequest, outcome: bulk.Outcome) -> None:
    if outcome.changed:
        words = ngettext("%(n)d ticket is changed.", "%(n)d tickets are changed.", outcome.changed)
        messages.success(request, words % {"n": outcome.changed})
    elif not outcome.left:
        messages.info(request, _("Nothing had to be changed."))
    if outcome.left:
        said = {"names": ", ".join(ticket.reference for ticket in outcome.left)}
        messages.warning(request, _("Left alone, because somebody changed them meanwhile: %(names)s") % said)
