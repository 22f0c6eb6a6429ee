"""Asking an applicant something, for who reads the application."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from communities.access import needs
from ground.actors import ActingRequest
from onboarding import viewing
from onboarding.access import ASK
from onboarding.forms.correcting import AskForm
from onboarding.models import Application
from onboarding.views.giving import given, once_declared


@require_http_methods(["GET", "POST"])
@needs(ASK)
@once_declared
def ask(request: ActingRequest, row: Application) -> HttpResponse:
    """The conflict question first; then what to ask, and the mail with its link."""
    form = AskForm(row, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {"application": row, "form": form, "questions": row.questions.select_related("asked_by")}
        viewing.record(row, by=request.actor, where=viewing.Where.PAGE, label="ask")
        return render(request, "onboarding/review/ask_page.html", context, status=422 if form.is_bound else 200)
    if given(request, row, "ask", **form.cleaned_data):
        messages.success(request, _("The question is on its way by mail. The clock waits until it is answered."))
    return redirect("onboarding:ask_applicant", row.reference)
