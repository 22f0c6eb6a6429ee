"""Pairs of applications that look alike: joined, or told apart."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities.access import needs
from ground import exports
from ground.actors import ActingRequest, Actor
from ground.paging import keyset
from ground.states import WrongState
from onboarding import duplicates
from onboarding.access import ASSIGN
from onboarding.commands import NotAllowed, Refused, apply_command
from onboarding.conflicts import Conflicted
from onboarding.leads_lists import PAIRS
from onboarding.models import Application, DuplicateLink
from onboarding.states import Verdict

JOINED_SHOWN = 20


@require_safe
@needs(ASSIGN)
def pairs(request: ActingRequest) -> HttpResponseBase:
    """Pairs to be looked at, newest first, and those that were joined."""
    seen = _seen(request.actor)
    if kind := exports.asked(request):
        return exports.answer(kind, exports.Sheet("duplicates", PAIRS, seen.open().in_earnest().order_by("-found_at", "-pk")))
    page = keyset(seen.open().in_earnest(), order=["-found_at", "-pk"], cursor=request.GET.get("after", ""), size=25)
    joined = seen.filter(verdict=Verdict.SAME).select_related("by").order_by("-at", "-pk")[:JOINED_SHOWN]
    context = {"page": page, "pairs": [(link, duplicates.to_keep(link)) for link in page.rows], "joined": joined}
    return render(request, "onboarding/review/duplicates.html", context)


@require_POST
@needs(ASSIGN)
def merge(request: ActingRequest, pk: int) -> HttpResponse:
    """Join the two; `keep` names the reference that goes on."""
    link = get_object_or_404(_seen(request.actor), pk=pk)
    keep = next((row for row in (link.a, link.b) if row.reference == request.POST.get("keep")), None)
    if keep is None:
        raise Http404
    other = link.b if keep == link.a else link.a
    if _done(request, lambda: apply_command(other, "mark_duplicate", kept=keep, by=request.actor)):
        messages.success(request, _("Joined. The application goes on as %(reference)s.") % {"reference": keep.reference})
    return redirect("onboarding:duplicates")


@require_POST
@needs(ASSIGN)
def differ(request: ActingRequest, pk: int) -> HttpResponse:
    """They are two wishes."""
    link = get_object_or_404(_seen(request.actor), pk=pk)
    if _done(request, lambda: duplicates.differ(link, by=request.actor)):
        messages.success(request, _("Two wishes. This pair is not shown again."))
    return redirect("onboarding:duplicates")


@require_POST
@needs(ASSIGN)
def part(request: ActingRequest, pk: int) -> HttpResponse:
    """Joining them was a mistake."""
    link = get_object_or_404(_seen(request.actor), pk=pk)
    if _done(request, lambda: duplicates.part(link, by=request.actor)):
        messages.success(request, _("Taken apart. Both are on their way by themselves again."))
    return redirect("onboarding:duplicates")


def _seen(actor: Actor) -> Any:
    """Pairs of which this person may read both."""
    readable = Application.objects.visible_to(actor).values("pk")
    return DuplicateLink.objects.filter(a__in=readable, b__in=readable).select_related("a", "b").defer("a__answers", "b__answers")


def _done(request: ActingRequest, act: Callable[[], Any]) -> bool:
    """Whether it was done; what stood in the way is said in words."""
    try:
        act()
    except WrongState as error:
        messages.error(request, str(error))
    except Conflicted:
        messages.error(request, _("You cannot judge one of these, so another review lead decides."))
    except (NotAllowed, Refused) as refused:
        messages.error(request, str(refused.words))
    else:
        return True
    return False
