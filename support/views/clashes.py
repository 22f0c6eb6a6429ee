"""Settling a clash from its ticket."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from communities.access import needs
from ground.actors import ActingRequest
from support.access import USE_DESK
from support.mirror import clashing
from support.models import Clash
from support.views.desk import back_to, ticket_or_404


@require_POST
@needs(USE_DESK)
def use_ours(request: ActingRequest, reference: str, pk: int) -> HttpResponse:
    """Let our value hold, here and in Freshdesk."""
    return _settle(request, reference, pk, keep=Clash.Kept.OURS)


@require_POST
@needs(USE_DESK)
def keep_theirs(request: ActingRequest, reference: str, pk: int) -> HttpResponse:
    """Leave Freshdesk's value."""
    return _settle(request, reference, pk, keep=Clash.Kept.THEIRS)


def _settle(request: ActingRequest, reference: str, pk: int, *, keep: str) -> HttpResponse:
    ticket = ticket_or_404(request, reference)
    clash = get_object_or_404(Clash, pk=pk, ticket=ticket)
    try:
        clashing.settle(clash, keep=keep, by=request.actor)
    except clashing.Settled:
        messages.info(request, _("Nothing was done: somebody has settled this already."))
    except clashing.NotPossible as refused:
        messages.warning(request, refused.reason)
    else:
        messages.success(request, _("Settled."))
    return back_to(request, ticket)
