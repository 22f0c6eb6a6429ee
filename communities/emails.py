"""Mails of the communities' room."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from communities import differences, matrix_history
from communities.models import MatrixComment, Membership, ResponsibilityMatrix, User
from ground.mail import Context, mail
from ground.texts import pick


@mail("communities/invitation.txt")
def invitation(membership_id: int, invited_by: str) -> Context:
    """You were given a role in a community; here is how to sign in."""
    membership = Membership.objects.select_related("community", "user").get(pk=membership_id)
    return {
        "community": membership.community,
        "person": membership.user,
        "role": membership.get_role_display(),
        "invited_by": invited_by,
        "path": reverse("portal:community", args=[membership.community.slug]),
    }


@mail("communities/matrix_news.txt")
def matrix_news(matrix_id: int, reader_id: int, side: str, since: str, until: str) -> Context:
    """What the other side said and changed in a proposed matrix since you were last told."""
    matrix, moments = _matrix(matrix_id), (datetime.fromisoformat(since) if since else None, datetime.fromisoformat(until))
    comments = MatrixComment.objects.filter(row__matrix=matrix, at__lte=moments[1]).exclude(side=side).select_related("row", "author")
    if moments[0] is not None:
        comments = comments.filter(at__gt=moments[0])
    changes = [entry for entry in matrix_history.row_changes(matrix, since=moments[0], until=moments[1]) if entry.side != side]
    return {**_about(matrix, reader_id), "comments": list(comments), "changes": _said(matrix, changes)}


@mail("communities/matrix_signature_fell.txt")
def matrix_signature_fell(*, matrix_id: int, reader_id: int, row: str, changes: list[list[Any]], by: str, names: list[str]) -> Context:
    """A row was changed after somebody had signed, so that signature does not count any more."""
    matrix = _matrix(matrix_id)
    entry = matrix_history.Entry(
        at=timezone.now(),
        who=by,
        action=matrix_history.ROW_CHANGED,
        number=matrix.number,
        row=row,
        changes=[differences.Change(*each) for each in changes],
    )
    return {**_about(matrix, reader_id), "changes": _said(matrix, [entry]), "names": names}


@mail("communities/matrix_change_proposed.txt")
def matrix_change_proposed(matrix_id: int, reader_id: int) -> Context:
    """The other side proposes to change what was agreed."""
    return _about(_matrix(matrix_id), reader_id)


@mail("communities/matrix_withdrawn.txt")
def matrix_withdrawn(matrix_id: int, reader_id: int) -> Context:
    """A proposal was taken back; what was agreed before still holds."""
    return _about(_matrix(matrix_id), reader_id)


@mail("communities/matrix_review.txt")
def matrix_review(matrix_id: int, reader_id: int) -> Context:
    """The day has come on which both sides look at the matrix again."""
    return _about(_matrix(matrix_id), reader_id)


def _matrix(matrix_id: int) -> ResponsibilityMatrix:
    return ResponsibilityMatrix.objects.with_signers().select_related("community").get(pk=matrix_id)


def _about(matrix: ResponsibilityMatrix, reader_id: int) -> Context:
    return {
        "matrix": matrix,
        "community": matrix.community,
        "person": User.objects.get(pk=reader_id),
        "path": reverse("communities:responsibilities", args=[matrix.community.slug]),
    }


def _said(matrix: ResponsibilityMatrix, entries: Sequence[matrix_history.Entry]) -> list[Context]:
    """Each changed row with its text."""
    texts = {row.key: pick(row.text) for row in matrix.rows.filter(key__in={entry.row for entry in entries})}
    return [{"text": texts.get(entry.row, entry.row), "who": entry.who, "changes": entry.changes} for entry in entries]
