"""Who of either side hears of a matrix: at once when a signature falls or a change is proposed, else once a day what is new."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from communities import emails, matrix_history
from communities.models import MatrixComment, ResponsibilityMatrix, User
from communities.roles import StaffGroup
from communities.states import MatrixState, Side
from ground.mail import Kind

AT_MOST_EVERY = timedelta(days=1)


def readers(matrix: ResponsibilityMatrix, side: Side) -> QuerySet[User]:
    """Who reads for that side: the community's representatives, or our community guides."""
    if side == Side.COMMUNITY:
        return matrix.community.representatives().filter(is_active=True)
    return User.objects.filter(is_active=True, groups__name=StaffGroup.COMMUNITY_GUIDE).order_by("pk")


def tell(kind: Kind, matrix: ResponsibilityMatrix, *sides: Side, **params: object) -> None:
    """One mail to everybody who reads for these sides."""
    for side in sides:
        for reader in readers(matrix, side):
            kind.queue(to=reader.email, language=reader.language, matrix_id=matrix.pk, reader_id=reader.pk, **params)


@transaction.atomic
def tell_news(matrix_id: int) -> None:
    """Send each side what the other one said and changed since it was last told, at most once a day."""
    matrix = ResponsibilityMatrix.objects.select_for_update().get(pk=matrix_id)
    if matrix.state != MatrixState.PROPOSED:
        return
    now = timezone.now()
    for side in Side:
        told = _told_at(matrix, side)
        if (told is None or told <= now - AT_MOST_EVERY) and has_news(matrix, side):
            since = told or matrix.proposed_at
            tell(emails.matrix_news, matrix, side, side=side.value, since=since.isoformat() if since else "", until=now.isoformat())
            setattr(matrix, f"{side.value}_told_at", now)
    matrix.save(update_fields=["provider_told_at", "community_told_at"])


def has_news(matrix: ResponsibilityMatrix, side: Side) -> bool:
    """Whether the other side said or changed something since this one was told."""
    since = _told_at(matrix, side) or matrix.proposed_at
    comments = MatrixComment.objects.filter(row__matrix=matrix).exclude(side=side)
    if since is not None:
        comments = comments.filter(at__gt=since)
    return comments.exists() or any(entry.side != side for entry in matrix_history.row_changes(matrix, since=since))


def waiting_for_news() -> list[int]:
    """The proposed matrices, of which somebody may have to be told."""
    return list(ResponsibilityMatrix.objects.filter(state=MatrixState.PROPOSED).order_by("pk").values_list("pk", flat=True))


def _told_at(matrix: ResponsibilityMatrix, side: Side) -> datetime | None:
    return matrix.provider_told_at if side == Side.PROVIDER else matrix.community_told_at
