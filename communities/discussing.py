"""What both sides say about the rows of a proposed matrix, and that it is settled."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from communities.access import COMMENT_MATRIX, side_of
from communities.matrix import NotYours, locked
from communities.models import MatrixComment, MatrixRow
from communities.states import MatrixState
from ground.actors import Actor
from ground.states import WrongState


@transaction.atomic
def comment(row: MatrixRow, *, text: str, is_question: bool = False, by: Actor) -> MatrixComment:
    """Say something about a row. The other side is told once a day. Raises `NotYours`, and `WrongState` when it is not proposed."""
    side = side_of(by, row.matrix.community_id)
    if by.user is None or side is None or not COMMENT_MATRIX.is_held_by(by, row.matrix.community_id):
        raise NotYours(_("Only those named by either side comment."))
    matrix = locked(row.matrix)
    if matrix.state != MatrixState.PROPOSED:
        raise WrongState(_("This one is not proposed, so there is nothing to comment on."))
    said = MatrixComment.objects.create(row=row, author=by.user, side=side, text=text, is_question=is_question, at=timezone.now())
    log(matrix, "communities.matrix_comment", user=by.user, data={"row": row.key, "side": side, "by": by.label})
    return said


@transaction.atomic
def resolve(comment: MatrixComment, *, by: Actor) -> MatrixComment:
    """Say that it is settled; twice is once. Raises `NotYours`."""
    matrix = locked(comment.row.matrix)
    if not COMMENT_MATRIX.is_held_by(by, matrix.community_id):
        raise NotYours(_("Only those named by either side settle a comment."))
    fresh = MatrixComment.objects.select_related("row").get(pk=comment.pk)
    if fresh.resolved_at is None:
        fresh.resolved_by, fresh.resolved_at = by.user, timezone.now()
        fresh.save(update_fields=["resolved_by", "resolved_at"])
        log(matrix, "communities.matrix_resolve", user=by.user, data={"row": fresh.row.key, "by": by.label})
    return fresh
