"""The ledger of the mirror, and what a person does about a row that does not move by itself."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities.access import needs
from ground import exports
from ground.actors import ActingRequest
from support import queue, sync
from support.access import MEND_MIRROR, USE_DESK
from support.lists import ENTRIES
from support.mirror import ledger as ledgers
from support.mirror import mending
from support.mirror.away import away
from support.mirror.ledger import KINDS, Chosen
from support.mirror.mending import Mendable
from support.models import SyncEntry
from support.views.desk import ticket_or_404


@require_safe
@needs(USE_DESK)
def ledger(request: ActingRequest) -> HttpResponseBase:
    """How the mirror stands, what needs a person, what came and went."""
    if not sync.is_connected():
        return render(request, "support/mirror/alone.html", {"tab": "ledger"})
    chosen = Chosen.of(request.GET.get("direction", ""), request.GET.get("outcome", ""))
    if kind := exports.asked(request):
        return exports.answer(kind, exports.Sheet("mirror", ENTRIES, ledgers.chosen_entries(chosen).order_by("-at", "-pk")))
    context = {
        "tab": "ledger",
        "away": away(),
        "overview": ledgers.overview(),
        "chosen": chosen,
        "page": ledgers.entries(chosen, cursor=request.GET.get("cursor", "")),
        "directions": SyncEntry.Direction.choices,
        "outcomes": SyncEntry.Outcome.choices,
        "may_mend": MEND_MIRROR.is_held_by(request.actor),
        "cap": queue.CAP,
        "now": timezone.now(),
    }
    return render(request, "support/mirror/ledger.html", context)


@require_safe
@needs(USE_DESK)
def ticket(request: ActingRequest, reference: str) -> HttpResponse:
    """What came and went for one ticket: a fragment of its page, or a page of its own without script."""
    shown = ticket_or_404(request, reference)
    context = {"ticket": shown, "entries": ledgers.entries_of(shown), "in_freshdesk": ledgers.page_in_freshdesk(shown), "tab": ""}
    response = render(request, f"support/mirror/{'lines' if request.htmx else 'ticket'}.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_POST
@needs(MEND_MIRROR)
def replay(request: ActingRequest, kind: str, pk: int) -> HttpResponse:
    """Try a row again."""
    return _mend(request, kind, pk, mending.replay, _("It is tried again now."))


@require_POST
@needs(MEND_MIRROR)
def give_up(request: ActingRequest, kind: str, pk: int) -> HttpResponse:
    """Try a row no more."""
    return _mend(request, kind, pk, mending.give_up, _("It is not tried any more."))


def _mend(request: ActingRequest, kind: str, pk: int, mend: Callable[..., Mendable], done: str) -> HttpResponse:
    if kind not in KINDS:
        raise Http404
    row = get_object_or_404(KINDS[kind], pk=pk)
    try:
        mend(row, by=request.actor)
    except mending.NothingToMend:
        messages.info(request, _("Nothing was done: it has moved on since you opened the page."))
    else:
        messages.success(request, done)
    return redirect("support:sync")
