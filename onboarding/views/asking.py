"""Asking an applicant something, for who reads the application."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from communities.access import needs
from ground.actors import ActingRequest, Actor
from ground.states import WrongState
from onboarding import conflicts, correcting
from onboarding.access import ASK
from onboarding.forms.correcting import AskForm
from onboarding.models import Application


@require_http_methods(["GET", "POST"])
@needs(ASK)
def ask(request: ActingRequest, reference: str) -> HttpResponse:
    """The question, and the mail with its link."""
    row = _application(request.actor, reference)
    form = AskForm(row, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {"application": row, "form": form, "questions": row.questions.select_related("asked_by")}
        return render(request, "onboarding/review/ask_page.html", context, status=422 if form.is_bound else 200)
    try:
        correcting.ask(row, **form.cleaned_data, by=request.actor)
    except WrongState:
        messages.error(request, _("This application is not where one can ask. Nothing was sent."))
    else:
        messages.success(request, _("The question is on its way by mail. The clock waits until it is answered."))
    return redirect("onboarding:ask_applicant", reference)


def _application(actor: Actor, reference: str) -> Application:
    """One that this person reads, and is not tied to."""
    visible = Application.objects.visible_to(actor).select_related("form_version__definition").defer("form_version__schema")
    row = visible.filter(reference=reference).first()
    conflict = conflicts.declared(row, by=actor) if row else None
    if row is None or (conflict is not None and conflict.is_hard):
        raise Http404
    return row
