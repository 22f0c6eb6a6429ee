"""Requests with a day in the calendar, as they stand once they were sent."""

from django.utils import timezone

from hubs import subscribing
from hubs.models import CalendarSubscription, HubRequest
from hubs.states import Kind, RequestState
from tests.factories import UserFactory
from tests.hubs import documents
from tests.hubs.factories import HubRequestFactory


def event(community, *, state=RequestState.SUBMITTED, cluster="shared", hub="aurora", **facts):
    document = {"kind": "event", "community": community.slug, "cluster": cluster, "hub": hub, "event": {**documents.EVENT, **facts}}
    return sent(community, Kind.EVENT, document, state)


def ending(community, *, state=RequestState.SUBMITTED, last_day="2027-06-30", hub="aurora", **facts):
    document = {
        "kind": "decommission",
        "community": community.slug,
        "cluster": "shared",
        "hub": hub,
        "decommission": {**documents.ENDING, "last_day": last_day, **facts},
    }
    return sent(community, Kind.DECOMMISSION, document, state)


def sent(community, kind, document, state):
    row = HubRequestFactory.build(community=community, kind=kind, document=document, state=state, submitted_at=timezone.now())
    if state in {RequestState.APPROVED, RequestState.DEPLOYING, RequestState.WAITING, RequestState.SUCCEEDED}:
        row.plan_digest, row.approved_by, row.approved_at = f"sha256:{'0' * 64}", UserFactory(), timezone.now()
        if kind == Kind.DECOMMISSION:
            row.second_approved_by, row.second_approved_at = UserFactory(), timezone.now()
    if state == RequestState.SUCCEEDED:
        row.finished_at = timezone.now()
    row.follow_document()
    row.save()
    return HubRequest.objects.select_related("community").get(pk=row.pk)


def subscription(user):
    subscribing.make(user)
    return CalendarSubscription.objects.get(user=user)
