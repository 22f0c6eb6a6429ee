"""What the calendar makes us do once a day. Each task may run twice."""

from datetime import datetime, timedelta

from celery import shared_task
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from communities.roles import Role
from ground.actors import Actor
from hubs import closing, emails, preparing, requests
from hubs.documents import HubFacts
from hubs.models import Hub, HubRequest, Said
from hubs.states import CARRIED_OUT, Kind, RequestState

LATEST_DRAFT = timedelta(days=30)  # after an event; then it is plain that its hub stays
DAYS_AFTER_EVENT = 14  # from an event's end to the last day of its hub, where the request names no day


@shared_task
def write_letters() -> int:
    """Write to those whose hub ends."""
    return closing.write_due(timezone.localdate())


@shared_task
def tell_what_is_late() -> int:
    """Tell engineers what is late for events."""
    return preparing.tell_engineers(timezone.now())


@shared_task
def draft_ends() -> int:
    """Draft the end of hubs that were asked for an event alone."""
    return draft_ends_after(timezone.now())


def draft_ends_after(now: datetime) -> int:
    """For each event that has begun, and whose hub is to go after it, a draft that the community finds, and sends or not; how many.

    Not for a hub that is gone, is somebody else's by now or whose end was asked for already, nor for events of long ago.
    """
    begun = HubRequest.objects.filter(
        kind=Kind.EVENT,
        state__in=CARRIED_OUT,
        begins_at__lte=now,
        ends_at__gt=now - LATEST_DRAFT,
        document__event__decommission_after=True,
        hub__in=Hub.objects.present(),
        hub__community=F("community"),
    )
    unsaid = begun.exclude(_has_an_end()).exclude(Said.of("draft-end:", OuterRef("reference")))
    return sum(_try_to_draft(pk) for pk in unsaid.order_by("pk").values_list("pk", flat=True))


def _has_an_end() -> Exists:
    """Whether closing its hub was asked for, and not called off."""
    closings = HubRequest.objects.filter(kind=Kind.DECOMMISSION, hub=OuterRef("hub"))
    return Exists(closings.exclude(state__in=[RequestState.REJECTED, RequestState.CANCELLED]))


def _try_to_draft(pk: int) -> bool:
    """False also where somebody began such a draft in this moment, or wrote another hub into it: then the next night decides."""
    try:
        return _draft_end(pk)
    except (IntegrityError, requests.ForeignHub):
        return False


@transaction.atomic
def _draft_end(pk: int) -> bool:
    event = HubRequest.objects.select_for_update(of=("self",)).select_related("community", "hub").get(pk=pk)
    has_one = HubRequest.objects.filter(community=event.community, kind=Kind.DECOMMISSION, state=RequestState.DRAFT).exists()
    if has_one or not Said.objects.get_or_create(key=f"draft-end:{event.reference}")[1]:
        return False
    values = {"/decommission/reason": "event-over", "/decommission/last_day": _last_day(event)}
    facts = HubFacts(kind=Kind.DECOMMISSION, values=values, hub=event.hub)
    drafted = requests.draft(event.community, facts=facts, by=Actor.system())
    for person in event.community.people(Role.REPRESENTATIVE, Role.HUB_CHAMPION).filter(is_active=True):
        emails.end_drafted.queue(to=person.email, language=person.language, request_id=drafted.pk, reader_id=person.pk)
    return True


def _last_day(event: HubRequest) -> str:
    told = event.document.get("event", {}).get("decommission_on")
    each = event.occasion
    if told or each is None:
        return str(told or "")
    return (each.days[-1] + timedelta(days=DAYS_AFTER_EVENT)).isoformat()
