"""Giving a command from a page: through the one door, and what stands in the way is said in words."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from ground.actors import ActingRequest, Actor
from ground.states import WrongState
from onboarding import conflicts
from onboarding.commands import COMMANDS, NotAllowed, Refused, apply_command
from onboarding.models import Application, Conflict


def application_or_404(actor: Actor, reference: str) -> Application:
    """Of whom a conflict keeps from judging, the page knows nothing."""
    return opened_or_404(actor, reference)[0]


def opened_or_404(actor: Actor, reference: str) -> tuple[Application, Conflict | None]:
    """The application, and what this person said of their ties to it; None as long as they have not."""
    rows = Application.objects.visible_to(actor).with_joined().select_related("programme__review_policy", "form_version", "community")
    row = get_object_or_404(rows, reference=reference)
    conflict = conflicts.declared(row, by=actor)
    if conflict is not None and conflict.is_hard:
        raise Http404
    return row, conflict


def once_declared(view: Callable[[ActingRequest, Application], HttpResponse]) -> Callable[[ActingRequest, str], HttpResponse]:
    """A page that may show every answer, also when it only says what is missing: the conflict question comes first."""

    @wraps(view)
    def asked(request: ActingRequest, reference: str) -> HttpResponse:
        row, conflict = opened_or_404(request.actor, reference)
        return redirect("onboarding:review", reference) if conflict is None else view(request, row)

    return asked


def given(request: ActingRequest, row: Application, command: str, **data: Any) -> bool:
    """Whether the command was carried out. Who does not hold its right does not know that it exists."""
    try:
        apply_command(row, command, by=request.actor, **data)
    except WrongState:
        messages.error(request, _("Somebody else was quicker, or this cannot follow. Here is how it stands now."))
    except Refused as refused:
        messages.error(request, str(refused.words))
    except NotAllowed as refused:
        right = COMMANDS[command].right
        if right is None or not right.is_held_by(request.actor):
            raise Http404 from refused
        messages.error(request, str(refused.words))
    else:
        return True
    return False
