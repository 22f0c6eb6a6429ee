"""Where one application stands: its history, what this person can do next, and the commands that need no page of their own."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities.access import needs
from ground.actors import ActingRequest
from onboarding import conflicts, next_steps, viewing
from onboarding.access import DECIDE, HANDLE_APPLICATIONS, PROPOSE, READ_APPLICATIONS, SCORE, sees_people
from onboarding.commands import COMMANDS
from onboarding.forms.commands import ON_THEIR_OWN_PAGES, form_of
from onboarding.history import history
from onboarding.models import Application
from onboarding.views.giving import application_or_404, given


@require_safe
@needs(READ_APPLICATIONS)
def where_it_stands(request: ActingRequest, reference: str) -> HttpResponse:
    """The history of an application, and what can be done about it."""
    row = get_object_or_404(
        Application.objects.visible_to(request.actor).select_related("programme__review_policy", "form_version"), reference=reference
    )
    if SCORE.is_held_by(request.actor) and not conflicts.may_judge(row, by=request.actor):
        return redirect("onboarding:review", reference)
    return _page(request, row)


@require_POST
@needs(HANDLE_APPLICATIONS, DECIDE)
def give(request: ActingRequest, reference: str, command: str) -> HttpResponse:
    """Give a command that needs at most a reason."""
    row, known = application_or_404(request.actor, reference), COMMANDS.get(command)
    if known is None or known.right is None or command in ON_THEIR_OWN_PAGES:
        raise Http404
    form = form_of(known, request.actor, request.POST)
    if not form.is_valid():
        return _page(request, row, tried=(command, form), status=422)
    if given(request, row, command, **form.cleaned_data):
        messages.success(request, _("Done: %(what)s") % {"what": known.words})
    return redirect("onboarding:where_it_stands", reference)


def _page(request: ActingRequest, row: Application, *, tried: tuple[str, forms.Form] | None = None, status: int = 200) -> HttpResponse:
    viewing.record(row, by=request.actor, where=viewing.Where.PAGE, label="where it stands")
    context = {
        "application": row,
        "steps": next_steps.next_steps(row, request.actor, tried=tried),
        "events": history(row, people=sees_people(request.actor, row.programme)),
        "decision": row.decisions.standing().select_related("community").first(),
        "may_decide": PROPOSE.is_held_by(request.actor),
        "may_score": SCORE.is_held_by(request.actor),
    }
    return render(request, "onboarding/review/where_it_stands.html", context, status=status)
