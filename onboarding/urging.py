"""Urging: three mails to a reviewer around the day a review is due, then one list to the leads. Running twice says nothing twice."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from communities.models import User
from communities.roles import StaffGroup
from onboarding.emails import late_reviews, review_due
from onboarding.models import Assignment
from onboarding.states import OPEN_TO_REVIEW

AT_DAYS = (-3, 0, 3)
BATCH = 500


def urge(now: datetime) -> int:
    """Write the mails whose time has come; their number."""
    return sum(_urge(assignment, now) for assignment in _waiting().filter(due_at__lte=now - timedelta(days=AT_DAYS[0]))[:BATCH])


@transaction.atomic
def tell_leads(now: datetime) -> int:
    """One mail to each lead with the reviews that three mails did not bring; the number of mails."""
    late = list(_waiting().filter(reminders=len(AT_DAYS), told_leads_at__isnull=True).values_list("pk", flat=True)[:BATCH])
    claimed = [pk for pk in late if Assignment.objects.filter(pk=pk, told_leads_at__isnull=True).update(told_leads_at=now)]
    leads = list(User.objects.filter(is_active=True, groups__name=StaffGroup.REVIEW_LEAD.value)) if claimed else []
    for lead in leads:
        late_reviews.queue(to=lead.email, language=lead.language, assignment_ids=claimed)
    return len(leads)


def stage_at(due_at: datetime, now: datetime) -> int:
    """How many of the three days have come."""
    return sum(due_at + timedelta(days=days) <= now for days in AT_DAYS)


@transaction.atomic
def _urge(assignment: Assignment, now: datetime) -> int:
    """One mail for where it stands, also when the scheduler slept through a day; whoever counts up first writes it."""
    stage = stage_at(assignment.due_at, now)
    if stage <= assignment.reminders:
        return 0
    if not Assignment.objects.filter(pk=assignment.pk, reminders=assignment.reminders).update(reminders=stage):
        return 0
    review_due.queue(to=assignment.reviewer.email, language=assignment.reviewer.language, assignment_id=assignment.pk)
    return 1


def _waiting() -> QuerySet[Assignment]:
    """Reviews that were asked for and are not in, of applications that still are reviewed."""
    rows = Assignment.objects.due().filter(application__state__in=OPEN_TO_REVIEW, application__duplicate_of__isnull=True)
    return rows.filter(application__spam_at__isnull=True, reviewer__is_active=True).select_related("reviewer").order_by("due_at", "pk")
