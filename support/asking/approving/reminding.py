"""Nobody is forgotten behind an approval: who may give it is reminded twice, then the desk is told."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from communities.models import User
from communities.roles import StaffGroup
from ground.actors import Actor
from support import recording
from support.models import Approval
from support.models.asking import ApprovalQuerySet
from support.notices import telling
from support.notices.telling import News
from support.states import HeldFor, NoticeKind
from support.tickets import terms

REMIND_AFTER = (timedelta(days=2), timedelta(days=5))
TELL_DESK_AFTER = timedelta(days=7)
ENOUGH = 500


def remind() -> int:
    """Mail those who keep somebody waiting, and after a week the triagers. How many tickets were spoken of.

    What looks like an advert is the desk's alone to look at.
    """
    now = timezone.now()
    return sum(_remind(pk, now) for pk in _due(now).values_list("pk", flat=True)[:ENOUGH])


def _due(now: datetime) -> ApprovalQuerySet:
    late = Q(asked_at__lte=now - TELL_DESK_AFTER, desk_told_at=None)
    first, second = (~Q(reason=HeldFor.GUARD) & Q(reminders=number, asked_at__lte=now - after) for number, after in enumerate(REMIND_AFTER))
    return Approval.objects.waiting().filter(late | first | second).order_by("asked_at", "pk")


@transaction.atomic
def _remind(pk: int, now: datetime) -> bool:
    approval = Approval.objects.waiting().select_for_update(of=("self",)).select_related("ticket__community").filter(pk=pk).first()
    if approval is None:
        return False
    if now - approval.asked_at >= TELL_DESK_AFTER:
        _tell_desk(approval, now)
    else:
        Approval.objects.filter(pk=pk).update(reminders=F("reminders") + 1)
        terms.tell_approvers(approval.ticket)
    return True


def _tell_desk(approval: Approval, now: datetime) -> None:
    """The triagers, each by the channel they chose. Here and now: a ticket that waits is not followed."""
    Approval.objects.filter(pk=approval.pk).update(desk_told_at=now, reminders=len(REMIND_AFTER))
    told = recording.happened(approval.ticket, "undecided", after="", note="", by=Actor.system())
    triagers = User.objects.filter(is_active=True, groups__name=StaffGroup.SUPPORT_TRIAGER).values_list("pk", flat=True)
    news = News(NoticeKind.APPROVAL, f"event:{told.pk}", frozenset(triagers), event=told)
    telling.tell(approval.ticket, [news], now=now)
