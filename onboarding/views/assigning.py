"""Who reviews an application: a lead asks, waives and recuses; who was asked may say no."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities.access import needs
from ground.actors import ActingRequest, Actor
from ground.states import WrongState
from onboarding import assigning, conflicts
from onboarding.access import ASSIGN, SCORE
from onboarding.forms.reviewing import DeclineForm, InviteForm, RecuseForm, WaiveForm
from onboarding.models import Application, Assignment


@require_safe
@needs(ASSIGN)
def people(request: ActingRequest, reference: str) -> HttpResponse:
    """Everybody who reviews, with their load, what they were asked, and what ties them."""
    return _page(request, _application(request.actor, reference))


@require_POST
@needs(ASSIGN)
def invite(request: ActingRequest, reference: str) -> HttpResponse:
    """Ask one person to review."""
    row = _application(request.actor, reference)
    form = InviteForm(assigning.reviewers(), request.POST)
    if not form.is_valid():
        return _page(request, row, invite=form, status=422)
    who = form.cleaned_data["person"]
    if _done(request, lambda: assigning.invite(row, who, due_at=form.due_at, by=request.actor)):
        messages.success(request, _("%(name)s is asked by mail.") % {"name": who})
    return redirect("onboarding:review_people", reference)


@require_POST
@needs(ASSIGN)
def waive(request: ActingRequest, reference: str) -> HttpResponse:
    """Let somebody judge in spite of a conflict, with a reason."""
    row = _application(request.actor, reference)
    form = WaiveForm(row, request.POST)
    if not form.is_valid():
        return _page(request, row, waive=form, status=422)
    if _done(request, lambda: assigning.waive(form.cleaned_data["conflict"], reason=form.cleaned_data["reason"], by=request.actor)):
        messages.success(request, _("Waived. Your name and the reason are kept with it."))
    return redirect("onboarding:review_people", reference)


@require_POST
@needs(ASSIGN)
def recuse(request: ActingRequest, reference: str) -> HttpResponse:
    """Note a conflict that nobody has said."""
    row = _application(request.actor, reference)
    form = RecuseForm(assigning.reviewers(), request.POST)
    if not form.is_valid():
        return _page(request, row, recuse=form, status=422)
    said = form.cleaned_data
    if _done(request, lambda: assigning.recuse(row, said["person"], kind=said["kind"], note=said["note"], by=request.actor)):
        messages.success(request, _("Noted. This application is hidden from them."))
    return redirect("onboarding:review_people", reference)


@require_POST
@needs(SCORE)
def decline(request: ActingRequest, reference: str) -> HttpResponse:
    """Say no to a review one was asked for."""
    row = _application(request.actor, reference)
    assignment = get_object_or_404(Assignment.objects.of(request.actor).due(), application=row)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please say in a sentence why not, so that the lead knows whom to ask."))
        return redirect("onboarding:review", reference)
    assigning.decline(assignment, reason=form.cleaned_data["reason"], by=request.actor)
    messages.success(request, _("Declined. The review lead sees your reason and can ask somebody else."))
    return redirect("onboarding:review_queue")


def _application(actor: Actor, reference: str) -> Application:
    return get_object_or_404(Application.objects.visible_to(actor).select_related("programme__review_policy"), reference=reference)


def _done(request: ActingRequest, act: Callable[[], Any]) -> bool:
    """Whether it was done; what stood in the way is said in words."""
    try:
        act()
    except WrongState as error:
        messages.error(request, str(error))
    except conflicts.Conflicted:
        messages.error(request, _("A conflict of interest stands in the way: theirs, or your own."))
    except assigning.NotAReviewer:
        messages.error(request, _("This person does not review."))
    else:
        return True
    return False


def _page(
    request: ActingRequest,
    row: Application,
    *,
    invite: InviteForm | None = None,
    waive: WaiveForm | None = None,
    recuse: RecuseForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "application": row,
        "candidates": assigning.candidates(row),
        "due_at": assigning.due_from_now(row),
        "now": timezone.now(),
        "invite": invite or InviteForm(assigning.reviewers()),
        "waive": waive or WaiveForm(row),
        "recuse": recuse or RecuseForm(assigning.reviewers()),
        "may_ask": row.state in assigning.OPEN_TO_ASSIGNING,
    }
    return render(request, "onboarding/review/people.html", context, status=status)
