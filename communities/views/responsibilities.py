"""The responsibility matrix of a community: read, print, settle, discuss, agree."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities import discussing, matrix_history, matrix_page
from communities import matrix as matrices
from communities.access import (
    AGREE_FOR_COMMUNITY,
    AGREE_FOR_PROVIDER,
    COMMENT_MATRIX,
    EDIT_MATRIX,
    community_or_404,
    signed_in,
)
from communities.forms import CommentForm, DayForm, ReasonForm, RowForm
from communities.lists import RESPONSIBILITIES
from communities.matrix_rows import RowChange, fingerprint
from communities.models import Community, MatrixComment, MatrixRow, ResponsibilityMatrix
from communities.states import MatrixState, Party
from ground import exports
from ground.actors import ActingRequest
from ground.states import WrongState


@signed_in
@require_safe
def matrix_page_view(request: ActingRequest, slug: str) -> HttpResponseBase:
    """What is proposed, as a difference, or else what holds."""
    community = community_or_404(request.actor, slug)
    holds, is_open = matrix_page.choices(community, request.actor)
    shown = is_open or holds
    if kind := exports.asked(request):
        rows = list(shown.rows.select_related("person")) if shown else []
        return exports.answer(kind, exports.Sheet(f"{community.slug}-responsibilities", RESPONSIBILITIES, rows))
    context = {
        "community": community,
        "holds": holds,
        "parties": settled_parties(),
        "reason_form": ReasonForm(),
        "day_form": DayForm(initial={"day": holds.review_on if holds else None}),
        **(_shown(request, shown) if shown else {}),
        **matrix_page.what_now(shown, holds, community, request.actor),
    }
    return render(request, "communities/responsibilities.html", context)


@signed_in
@require_safe
def numbered(request: ActingRequest, slug: str, number: int) -> HttpResponse:
    """One matrix by its number, as it was."""
    found = _numbered(request, slug, number)
    context = {"community": found.community, "is_past": True, **_shown(request, found)}
    return render(request, "communities/responsibilities_numbered.html", context)


@signed_in
@require_safe
def printed(request: ActingRequest, slug: str, number: int = 0) -> HttpResponse:
    """One matrix on paper: every row, both signatures, number and date."""
    community = community_or_404(request.actor, slug)
    holds, is_open = matrix_page.choices(community, request.actor)
    found = _numbered(request, slug, number) if number else holds or is_open
    if found is None:
        raise Http404
    context = {"community": community, "site_url": settings.SITE_URL, **_shown(request, found)}
    return render(request, "communities/responsibilities_print.html", context)


@signed_in
@require_safe
def history(request: ActingRequest, slug: str) -> HttpResponse:
    """Who changed what and when, and every matrix by its number."""
    community = community_or_404(request.actor, slug)
    found = list(ResponsibilityMatrix.objects.visible_to(request.actor).filter(community=community).with_signers().order_by("-number"))
    texts = {row.key: row.text for row in MatrixRow.objects.filter(matrix__in=found[:1])}
    entries = [(entry, texts.get(entry.row)) for entry in matrix_history.entries(found)]
    return render(request, "communities/responsibilities_history.html", {"community": community, "matrices": found, "entries": entries})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def row_page(request: ActingRequest, slug: str, key: str) -> HttpResponse:
    """One row: who does it, what was said, what it was before; whoever may change it does so here."""
    community = community_or_404(request.actor, slug)
    row = _row(request, community, key)
    may_change = matrices.may_change(request.actor, row)
    if request.method == "POST" and not may_change:
        raise Http404
    people = matrix_page.people(community, request.actor) if may_change else []
    form = RowForm.of(row, request.POST or None, people=people)
    if form.is_valid():
        return _change(request, row, form.change(row.key))
    return _row_page(request, row, form=form if may_change else None)


@signed_in
@require_POST
def comment(request: ActingRequest, slug: str, key: str) -> HttpResponse:
    """Say something about a row."""
    community = community_or_404(request.actor, slug)
    row = _row(request, community, key)
    if not COMMENT_MATRIX.is_held_by(request.actor, community):
        raise Http404
    form = CommentForm(request.POST)
    if not form.is_valid():
        may_change = matrices.may_change(request.actor, row)
        people = matrix_page.people(community, request.actor) if may_change else []
        return _row_page(request, row, form=RowForm.of(row, people=people) if may_change else None, comment_form=form)
    try:
        discussing.comment(row, text=form.cleaned_data["text"], is_question=form.cleaned_data["is_question"], by=request.actor)
    except WrongState as refusal:
        messages.error(request, str(refusal))
    return redirect("communities:responsibility", slug, key)


@signed_in
@require_POST
def resolve(request: ActingRequest, slug: str, comment: int) -> HttpResponse:
    """Say that a comment is settled."""
    community = community_or_404(request.actor, slug)
    if not COMMENT_MATRIX.is_held_by(request.actor, community):
        raise Http404
    comments = MatrixComment.objects.visible_to(request.actor).filter(row__matrix__community=community)
    said = get_object_or_404(comments.select_related("row__matrix"), pk=comment)
    discussing.resolve(said, by=request.actor)
    return redirect("communities:responsibility", slug, said.row.key)


@signed_in
@require_POST
def propose(request: ActingRequest, slug: str) -> HttpResponse:
    """Draft one when there is none, and show it to the community."""
    community = community_or_404(request.actor, slug)
    if not EDIT_MATRIX.is_held_by(request.actor):
        raise Http404
    try:
        found = community.matrices.filter(state=MatrixState.DRAFT).first() or matrices.draft(community, by=request.actor)
        matrices.propose(found, by=request.actor)
        messages.success(request, _("The community can now read it and agree."))
    except WrongState as refusal:
        messages.error(request, str(refusal))
    return redirect("communities:responsibilities", slug)


@signed_in
@require_POST
def agree(request: ActingRequest, slug: str) -> HttpResponse:
    """Sign for one's own side."""
    found = _proposed_for_signer(request, slug)
    try:
        matrices.agree(found, by=request.actor, seen=request.POST.get("seen", ""))
        messages.success(request, _("Your agreement is written down with your name and the time."))
    except (matrices.NotSettled, matrices.ChangedMeanwhile, WrongState) as refusal:
        messages.error(request, str(refusal))
    return redirect("communities:responsibilities", slug)


@signed_in
@require_POST
def mark_read(request: ActingRequest, slug: str) -> HttpResponse:
    """Say that one's side has read what is new."""
    matrices.mark_read(_proposed_for_signer(request, slug), by=request.actor)
    return redirect("communities:responsibilities", slug)


def settled_parties() -> list[tuple[str, Any]]:
    return [choice for choice in Party.choices if choice[0] != Party.UNSET]


def _proposed_for_signer(request: ActingRequest, slug: str) -> ResponsibilityMatrix:
    community = community_or_404(request.actor, slug)
    if not (AGREE_FOR_COMMUNITY.is_held_by(request.actor, community) or AGREE_FOR_PROVIDER.is_held_by(request.actor)):
        raise Http404
    return get_object_or_404(ResponsibilityMatrix.objects.visible_to(request.actor), community=community, state=MatrixState.PROPOSED)


def _numbered(request: ActingRequest, slug: str, number: int) -> ResponsibilityMatrix:
    community = community_or_404(request.actor, slug)
    rows = ResponsibilityMatrix.objects.visible_to(request.actor).with_signers().select_related("community")
    return get_object_or_404(rows, community=community, number=number)


def _row(request: ActingRequest, community: Community, key: str) -> MatrixRow:
    """The row of the open matrix this actor may read, else of the one that holds."""
    rows = MatrixRow.objects.filter(matrix__in=ResponsibilityMatrix.objects.visible_to(request.actor), matrix__community=community, key=key)
    states = [MatrixState.DRAFT, MatrixState.PROPOSED, MatrixState.AGREED]
    found = rows.filter(matrix__state__in=states).select_related("matrix__community", "person").order_by("-matrix__number").first()
    if found is None:
        raise Http404
    return found


def _shown(request: ActingRequest, found: ResponsibilityMatrix) -> dict[str, Any]:
    """The rows of a matrix, and how they differ from what is agreed."""
    rows = matrix_page.rows_of(found)
    lines = matrix_page.lines(rows, request.actor)
    difference = matrix_page.difference(found, rows)
    return {
        "matrix": found,
        "rows": rows,
        "seen": fingerprint(rows),
        "areas": matrix_page.by_area(lines.values()),
        "count": len(rows),
        "is_difference": difference is not None,
        "changed": matrix_page.pairs_with_lines(difference.changed, lines) if difference else [],
        "same": matrix_page.by_area([lines[pair.key] for pair in difference.same]) if difference else [],
        "same_count": len(difference.same) if difference else 0,
        "unsettled": matrix_page.unsettled(rows),
        "questions": matrix_page.open_questions(lines.values()),
        "news": matrix_page.news(found, request.actor, rows),
    }


def _row_page(request: ActingRequest, row: MatrixRow, *, form: RowForm | None, comment_form: CommentForm | None = None) -> HttpResponse:
    matrices_of_it = ResponsibilityMatrix.objects.visible_to(request.actor).filter(community=row.matrix.community)
    comments = MatrixComment.objects.filter(row__matrix__in=matrices_of_it, row__key=row.key)
    may_comment = row.matrix.state == MatrixState.PROPOSED and COMMENT_MATRIX.is_held_by(request.actor, row.matrix.community)
    context = {
        "community": row.matrix.community,
        "matrix": row.matrix,
        "row": row,
        "rows": [row],
        "form": form,
        "comments": list(comments.select_related("author", "resolved_by", "row__matrix")[:200]),
        "comment_form": (comment_form or CommentForm()) if may_comment else None,
        "may_resolve": COMMENT_MATRIX.is_held_by(request.actor, row.matrix.community),
        "entries": matrix_history.entries(matrices_of_it, row=row.key),
    }
    failed = (form is not None and form.errors) or (comment_form is not None and comment_form.errors)
    return render(request, "communities/responsibility.html", context, status=422 if failed else 200)


def _change(request: ActingRequest, row: MatrixRow, said: RowChange) -> HttpResponse:
    try:
        matrices.change_row(row, party=said.party, note=said.note, person=said.person, minutes=said.minutes, by=request.actor)
        messages.success(request, _("Saved."))
    except WrongState as refusal:
        messages.error(request, str(refusal))
    return _back(row.matrix.community.slug, row.key)


def _back(slug: str, key: str) -> HttpResponse:
    """To the row's place on the page."""
    response = redirect("communities:responsibilities", slug)
    response.headers["Location"] += f"#{key}"
    return response
