"""The board of all applications, and the list of those that wait for a place."""

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from communities.access import needs
from ground import exports
from ground.actors import ActingRequest
from ground.paging import keyset
from onboarding.access import DECIDE, READ_APPLICATIONS, SCORE
from onboarding.board import Column, Filters, Holder, board, cards
from onboarding.forms.board import BoardFilterForm
from onboarding.leads_lists import BOARD, WAITING_LIST
from onboarding.models import Application, Decision
from onboarding.states import DecisionState, Outcome


@require_safe
@needs(READ_APPLICATIONS)
def show(request: ActingRequest) -> HttpResponseBase:
    """Every application by its stage, and where work waits."""
    holders = [choice for choice in Holder.choices if choice[0] != Holder.NOBODY]
    form = BoardFilterForm(request.GET, stages=Column.choices, holders=holders)
    filters = Filters(**form.known())
    if kind := exports.asked(request):
        return exports.answer(kind, exports.Sheet("board", BOARD, cards(request.actor, filters)))
    shown = board(request.actor, filters, cursor=request.GET.get("cursor", ""))
    form.offer_countries(shown.countries)
    context = {"board": shown, "form": form, "filters": filters, "may_score": SCORE.is_held_by(request.actor)}
    return render(request, "onboarding/review/board.html", context)


@require_safe
@needs(READ_APPLICATIONS)
def waiting_list(request: ActingRequest) -> HttpResponseBase:
    """Who waits for a place, whoever waits longest first; the day to look again stands beside it."""
    seen = Application.objects.visible_to(request.actor).in_earnest()
    waits = Decision.objects.filter(state=DecisionState.RELEASED, outcome=Outcome.WAITLIST, application__in=seen)
    waits = waits.select_related("application").defer("application__answers")
    if kind := exports.asked(request):
        return exports.answer(kind, exports.Sheet("waiting-list", WAITING_LIST, waits.order_by("released_at", "pk")))
    page = keyset(waits, order=["released_at", "pk"], cursor=request.GET.get("cursor", ""))
    context = {"page": page, "today": timezone.localdate(), "is_lead": DECIDE.is_held_by(request.actor)}
    return render(request, "onboarding/review/waiting_list.html", context)
