"""A year on: both sides are asked whether the matrix is still right, and say so, or propose a change."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from communities import emails, matrix, matrix_rows, telling
from communities.access import SET_REVIEW_DATE
from communities.matrix import NotYours
from communities.models import Community, ResponsibilityMatrix
from communities.states import MatrixKind, MatrixState, Side
from ground.actors import Actor
from ground.states import WrongState


def due(today: date) -> list[int]:
    """The agreed matrices whose day has come and of which nobody was asked."""
    rows = ResponsibilityMatrix.objects.agreed().filter(review_on__lte=today, renewal_asked_at=None)
    return list(rows.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def ask(matrix_id: int) -> bool:
    """Ask both sides, once; whether that was now."""
    agreed = ResponsibilityMatrix.objects.select_for_update().get(pk=matrix_id)
    if agreed.state != MatrixState.AGREED or agreed.renewal_asked_at is not None:
        return False
    agreed.renewal_asked_at = timezone.now()
    agreed.save(update_fields=["renewal_asked_at"])
    telling.tell(emails.matrix_review, agreed, *Side)
    return True


@transaction.atomic
def still_right(community: Community, *, by: Actor) -> ResponsibilityMatrix:
    """Say for one's side that nothing has to change. With both sides it is agreed again, as the next number with the same rows.

    Raises `NotYours`, and `WrongState` when nothing is agreed, nobody asked yet, or a change is proposed.
    """
    Community.objects.select_for_update().get(pk=community.pk)
    agreed = community.matrices.agreed().first()
    if agreed is None or agreed.renewal_asked_at is None:
        raise WrongState(_("It is not time to look at it again."))
    if matrix.signs_for(by, agreed) is None:
        raise NotYours(_("You cannot agree for either side."))
    return matrix.agree(_renewal_of(community, by=by), by=by)


@transaction.atomic
def look_again_on(agreed: ResponsibilityMatrix, day: date, *, by: Actor) -> ResponsibilityMatrix:
    """Change the day on which both sides look at it again. Raises `NotYours`, and `WrongState` when it does not hold."""
    agreed = matrix.locked(agreed)
    if not SET_REVIEW_DATE.is_held_by(by):
        raise NotYours(_("Only our guides and operators change that day."))
    if agreed.state != MatrixState.AGREED:
        raise WrongState(_("This one does not hold, so there is no day to look at it again."))
    before, agreed.review_on = agreed.review_on, day
    if day > timezone.localdate():
        agreed.renewal_asked_at = None
    agreed.save(update_fields=["review_on", "renewal_asked_at"])
    log(agreed, "communities.matrix_review_on", user=by.user, data={"before": str(before or ""), "after": str(day), "by": by.label})
    return agreed


def _renewal_of(community: Community, *, by: Actor) -> ResponsibilityMatrix:
    """The open renewal, made when this is the first side to speak."""
    renewal = community.matrices.open().first()
    if renewal is None:
        renewal, rows = matrix.copy_of_agreed(community, kind=MatrixKind.RENEWAL)
        matrix_rows.save_rows(rows.values())
        return matrix.propose(renewal, by=by)
    if renewal.kind != MatrixKind.RENEWAL:
        raise WrongState(_("A change is proposed: read it, and agree to it or have it taken back."))
    return renewal
