"""The responsibility matrix of a community: read, settle, propose, agree."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities import matrix as matrices
from communities.access import AGREE_FOR_COMMUNITY, AGREE_FOR_PROVIDER, EDIT_MATRIX, SETTLE_MATRIX, community_or_404, signed_in
from communities.forms import RowForm
from communities.lists import RESPONSIBILITIES
from communities.models import Community, MatrixRow, ResponsibilityMatrix
from communities.states import MatrixState, Party
from ground import exports
from ground.actors import ActingRequest
from ground.states import WrongState
from ground.texts import pick


@signed_in
@require_safe
def matrix_page(request: ActingRequest, slug: str) -> HttpResponseBase:
    """The newest matrix this actor may read, area by area."""
    community = community_or_404(request.actor, slug)
    matrix = newest(request, community)
    rows = list(matrix.rows.select_related("person")) if matrix else []
    if kind := exports.asked(request):
        return exports.answer(kind, exports.Sheet(f"{community.slug}-responsibilities", RESPONSIBILITIES, rows))
    context = {
        "community": community,
        "matrix": matrix,
        "areas": by_area(rows),
        "unsettled": sum(row.party == Party.UNSET for row in rows),
        "parties": [choice for choice in Party.choices if choice[0] != Party.UNSET],
        **what_now(request, community, matrix),
    }
    return render(request, "communities/responsibilities.html", context)


@signed_in
@require_POST
def change_row(request: ActingRequest, slug: str, key: str) -> HttpResponse:
    """Say who does one thing; a representative says so of what is still open."""
    row = get_object_or_404(editable_rows(request, slug), key=key)
    form = RowForm(request.POST)
    if form.is_valid():
        matrices.change_row(row, party=Party(form.cleaned_data["party"]), note=form.cleaned_data["note"], by=request.actor)
    else:
        messages.error(request, _("Nothing was changed: choose who does it, and keep the note under 500 characters."))
    return redirect("communities:responsibilities", slug)


@signed_in
@require_POST
def propose(request: ActingRequest, slug: str) -> HttpResponse:
    """Draft one when there is none, and show it to the community."""
    community = community_or_404(request.actor, slug)
    if not EDIT_MATRIX.is_held_by(request.actor):
        raise Http404
    matrix = community.matrices.filter(state=MatrixState.DRAFT).first() or matrices.draft(community, by=request.actor)
    matrices.propose(matrix, by=request.actor)
    messages.success(request, _("The community can now read it and agree."))
    return redirect("communities:responsibilities", slug)


@signed_in
@require_POST
def agree(request: ActingRequest, slug: str) -> HttpResponse:
    """Sign for one's own side."""
    community = community_or_404(request.actor, slug)
    if not (AGREE_FOR_COMMUNITY.is_held_by(request.actor, community) or AGREE_FOR_PROVIDER.is_held_by(request.actor)):
        raise Http404
    matrix = get_object_or_404(ResponsibilityMatrix.objects.visible_to(request.actor), community=community, state=MatrixState.PROPOSED)
    try:
        matrices.agree(matrix, by=request.actor)
        messages.success(request, _("Your agreement is written down with your name and the time."))
    except (matrices.NotSettled, WrongState) as refusal:
        messages.error(request, str(refusal))
    return redirect("communities:responsibilities", slug)


def newest(request: ActingRequest, community: Community) -> ResponsibilityMatrix | None:
    rows = ResponsibilityMatrix.objects.visible_to(request.actor).filter(community=community)
    return rows.select_related("provider_agreed_by", "community_agreed_by").order_by("-number").first()


def editable_rows(request: ActingRequest, slug: str) -> QuerySet[MatrixRow]:
    """The rows of the open matrix that this actor may change."""
    community = community_or_404(request.actor, slug)
    rows = MatrixRow.objects.filter(matrix__community=community, matrix__state__in=matrices.OPEN)
    if EDIT_MATRIX.is_held_by(request.actor):
        return rows
    if SETTLE_MATRIX.is_held_by(request.actor, community):
        return rows.filter(party=Party.UNSET, matrix__state=MatrixState.PROPOSED)
    return rows.none()


def by_area(rows: list[MatrixRow]) -> list[tuple[str, list[tuple[MatrixRow, str]]]]:
    """(area's title, [(row, its text)]) in the reader's language."""
    areas = groupby(rows, key=lambda row: row.area_key)
    grouped = [list(found) for _key, found in areas]
    return [(pick(found[0].area), [(row, pick(row.text)) for row in found]) for found in grouped]


def what_now(request: ActingRequest, community: Community, matrix: ResponsibilityMatrix | None) -> dict[str, Any]:
    """What this reader may do on the page."""
    for_community = AGREE_FOR_COMMUNITY.is_held_by(request.actor, community)
    for_provider = not for_community and AGREE_FOR_PROVIDER.is_held_by(request.actor)
    is_proposed = matrix is not None and matrix.state == MatrixState.PROPOSED
    signed = matrix is not None and (matrix.community_agreed_at if for_community else matrix.provider_agreed_at)
    may_edit = EDIT_MATRIX.is_held_by(request.actor)
    return {
        "may_agree": is_proposed and (for_community or for_provider) and not signed,
        "may_edit": may_edit and matrix is not None and matrix.state in matrices.OPEN,
        "may_settle": is_proposed and SETTLE_MATRIX.is_held_by(request.actor, community),
        "may_propose": may_edit and (matrix is None or matrix.state in {MatrixState.DRAFT, MatrixState.AGREED}),
    }
