"""What moves an agreed matrix: a change proposed or taken back, a renewal, the day of the next one, rows of a newer template."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from communities import matrix as matrices
from communities import matrix_page, renewing, templating
from communities.access import (
    AGREE_FOR_COMMUNITY,
    AGREE_FOR_PROVIDER,
    PROPOSE_MATRIX,
    SET_REVIEW_DATE,
    Right,
    community_or_404,
    signed_in,
)
from communities.forms import DayForm, ReasonForm, RowForm
from communities.models import Community, MatrixRow, ResponsibilityMatrix
from communities.states import MatrixState
from ground.actors import ActingRequest
from ground.states import WrongState
from ground.texts import pick

Refusals = (matrices.NotYours, matrices.NothingChanged, WrongState)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def propose_change(request: ActingRequest, slug: str) -> HttpResponse:
    """Write down what should be different, row by row; what is agreed holds until both have signed."""
    community = _with_right(request, slug, PROPOSE_MATRIX)
    agreed = get_object_or_404(ResponsibilityMatrix.objects.agreed().select_related("community"), community=community)
    rows = matrix_page.rows_of(agreed)
    people = matrix_page.people(community, request.actor)
    forms = {row.key: RowForm.of(row, request.POST or None, prefix=row.key, people=people) for row in rows}
    reason = ReasonForm(request.POST or None)
    is_sound = [form.is_valid() for form in [reason, *forms.values()]]  # each asked, so that each says what it lacks
    if all(is_sound):
        return _propose(request, community, forms, reason.cleaned_data["reason"])
    return _change_page(request, agreed, rows, forms, reason)


@signed_in
@require_POST
def withdraw(request: ActingRequest, slug: str) -> HttpResponse:
    """Take a proposed change back."""
    community = _with_right(request, slug, PROPOSE_MATRIX)
    found = get_object_or_404(ResponsibilityMatrix.objects.visible_to(request.actor), community=community, state=MatrixState.PROPOSED)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why it is taken back."))
        return redirect("communities:responsibilities", slug)
    try:
        matrices.withdraw(found, reason=form.cleaned_data["reason"], by=request.actor)
        messages.success(request, _("It was taken back. What was agreed before goes on."))
    except Refusals as refusal:
        messages.error(request, str(refusal))
    return redirect("communities:responsibilities", slug)


@signed_in
@require_POST
def still_right(request: ActingRequest, slug: str) -> HttpResponse:
    """Say for one's side that nothing has to change."""
    community = _with_right(request, slug, AGREE_FOR_COMMUNITY, AGREE_FOR_PROVIDER)
    try:
        renewing.still_right(community, by=request.actor)
        messages.success(request, _("Your agreement is written down with your name and the time."))
    except (*Refusals, matrices.NotSettled) as refusal:
        messages.error(request, str(refusal))
    return redirect("communities:responsibilities", slug)


@signed_in
@require_POST
def look_again_on(request: ActingRequest, slug: str) -> HttpResponse:
    """Change the day on which both sides look at it again."""
    community = _with_right(request, slug, SET_REVIEW_DATE)
    agreed = get_object_or_404(ResponsibilityMatrix.objects.agreed(), community=community)
    form = DayForm(request.POST)
    if form.is_valid():
        renewing.look_again_on(agreed, form.cleaned_data["day"], by=request.actor)
        messages.success(request, _("Saved."))
    else:
        messages.error(request, " ".join(str(each) for each in form.errors["day"]))
    return redirect("communities:responsibilities", slug)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def newer_template(request: ActingRequest, slug: str) -> HttpResponse:
    """What the current template says differently, and which of it to take over."""
    community = _with_right(request, slug, PROPOSE_MATRIX)
    if request.method == "POST":
        return _adopt(request, community)
    holds, is_open = matrix_page.choices(community, request.actor)
    found = is_open or holds
    difference = templating.newer(found) if found else None
    context = {
        "community": community,
        "matrix": found,
        "changed": [(pair, pick(_words(pair.row))) for pair in difference.changed] if difference else [],
    }
    return render(request, "communities/responsibilities_template.html", context)


def _propose(request: ActingRequest, community: Community, forms: dict[str, RowForm], reason: str) -> HttpResponse:
    changes = [form.change(key) for key, form in forms.items() if form.has_changed()]
    try:
        matrices.propose_change(community, changes, reason=reason, by=request.actor)
        messages.success(request, _("The other side was told. What is agreed holds until both have signed."))
    except Refusals as refusal:
        messages.error(request, str(refusal))
    return redirect("communities:responsibilities", community.slug)


def _change_page(
    request: ActingRequest,
    agreed: ResponsibilityMatrix,
    rows: list[MatrixRow],
    forms: dict[str, RowForm],
    reason: ReasonForm,
) -> HttpResponse:
    lines = matrix_page.by_area(matrix_page.lines(rows, request.actor).values())
    areas = [(area, [(line, forms[line.row.key]) for line in found]) for area, found in lines]
    wrong = [form for form in [reason, *forms.values()] if form.errors]
    context: dict[str, Any] = {"community": agreed.community, "matrix": agreed, "areas": areas, "reason_form": reason, "wrong": wrong}
    return render(request, "communities/responsibilities_change.html", context, status=422 if wrong else 200)


def _adopt(request: ActingRequest, community: Community) -> HttpResponse:
    try:
        templating.adopt(community, request.POST.getlist("row"), by=request.actor)
        messages.success(request, _("The rows were taken over. Both sides can now read and agree."))
    except Refusals as refusal:
        messages.error(request, str(refusal))
        return redirect("communities:newer_template", community.slug)
    return redirect("communities:responsibilities", community.slug)


def _words(row: Any) -> dict[str, str]:
    words: dict[str, str] = row.text
    return words


def _with_right(request: ActingRequest, slug: str, *rights: Right) -> Community:
    """The community of the page, for who holds one of these rights there."""
    community = community_or_404(request.actor, slug)
    if not any(right.is_held_by(request.actor, community) for right in rights):
        raise Http404
    return community
