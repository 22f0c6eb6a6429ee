"""The operators' own pages in the editor: every form, rubric and plan on one, their versions, and what two of them differ in."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from communities.access import needs
from ground.actors import ActingRequest
from onboarding import drafting, outline, publishing
from onboarding.access import EDIT_FORMS
from onboarding.drafting import AnyDraft
from onboarding.editing import standing
from onboarding.editing.forms import NewForm
from onboarding.editing.standing import KINDS, Kind
from onboarding.models import FormDraft
from onboarding.publishing import NotReady

DRAFT = "draft"


@require_GET
@needs(EDIT_FORMS)
def overview(request: ActingRequest) -> HttpResponse:
    return render(request, "onboarding/editing/overview.html", {"kinds": standing.overview(), "form": NewForm()})


@require_POST
@needs(EDIT_FORMS)
def add_form(request: ActingRequest) -> HttpResponse:
    form = NewForm(request.POST)
    if not form.is_valid():
        return render(request, "onboarding/editing/overview.html", {"kinds": standing.overview(), "form": form}, status=422)
    draft = drafting.add_form(form.cleaned_data["key"], is_public=form.cleaned_data["is_public"], by=request.actor)
    messages.success(request, _("The form is there, empty. Nobody sees it before it is published."))
    return redirect(standing.edit_url(draft))


@require_POST
@needs(EDIT_FORMS)
def open_form(request: ActingRequest, pk: int) -> HttpResponse:
    draft = get_object_or_404(FormDraft.objects.select_related("definition"), pk=pk)
    try:
        publishing.open_to_all(draft.definition, by=request.actor)
    except NotReady as refusal:
        messages.error(request, " ".join(refusal.problems))
    else:
        messages.success(request, _("Anybody may fill in this form now."))
    return redirect("onboarding_editing:overview")


@require_POST
@needs(EDIT_FORMS)
def close_form(request: ActingRequest, pk: int) -> HttpResponse:
    draft = get_object_or_404(FormDraft.objects.select_related("definition"), pk=pk)
    publishing.close_to_all(draft.definition, by=request.actor)
    messages.success(request, _("Nobody can begin this form now. Who began it may finish."))
    return redirect("onboarding_editing:overview")


@require_GET
@needs(EDIT_FORMS)
def versions(request: ActingRequest, word: str, pk: int) -> HttpResponse:
    kind, draft = _found(word, pk)
    rows = list(standing.versions(draft).defer(kind.document)[:200])
    return render(request, "onboarding/editing/versions.html", {"kind": kind, "draft": draft, "versions": rows, **_links(draft)})


@require_GET
@needs(EDIT_FORMS)
def compare(request: ActingRequest, word: str, pk: int) -> HttpResponse:
    """Two versions, `?before=` and `?now=` by number; without them, what the draft would change."""
    kind, draft = _found(word, pk)
    before, now = request.GET.get("before", ""), request.GET.get("now", DRAFT)
    changes = outline.differences(_entries(draft, before), _entries(draft, now), standing.renames(draft))
    context = {"kind": kind, "draft": draft, "changes": changes, "before": before, "now": now, "is_draft": now == DRAFT, **_links(draft)}
    return render(request, "onboarding/editing/compare.html", context)


def _entries(draft: AnyDraft, number: str) -> list[outline.Entry]:
    """The document of that version, of the draft, or of the current version where none is named."""
    if number == DRAFT:
        return standing.entries(draft, draft.document)
    chosen = {"number": number} if number else {"is_current": True}
    if number and not number.isdecimal():
        raise Http404
    version = standing.versions(draft).filter(**chosen).first()
    if version is None and number:
        raise Http404
    return standing.entries(draft, standing.document_of(version)) if version else []


def _found(word: str, pk: int) -> tuple[Kind, AnyDraft]:
    kind = KINDS.get(word)
    if kind is None:
        raise Http404
    return kind, standing.newest(get_object_or_404(kind.drafts(), pk=pk))


def _links(draft: AnyDraft) -> dict[str, Any]:
    return {"edit_url": standing.edit_url(draft)}
