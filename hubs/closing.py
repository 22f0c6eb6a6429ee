"""The letters about the end of one hub, to those who answer for it: each once, the newest where several are late."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import OuterRef, Q
from django.utils import timezone

from communities.models import User
from communities.roles import Role
from communities.states import CommunityState
from hubs import emails, ending
from hubs.models import HubRequest, Said
from hubs.states import CARRIED_OUT, Kind, RequestState

GONE = "gone"
LATEST = timedelta(days=14)  # after which nobody needs to hear that a hub is gone


def write_due(today: date) -> int:
    """Write the letters whose day has come; how many ends were written about. A community that leaves as a whole has letters of its own."""
    ends = HubRequest.objects.filter(kind=Kind.DECOMMISSION, state__in=CARRIED_OUT, ends_at__isnull=False)
    long_gone = Q(state=RequestState.SUCCEEDED) & (Q(finished_at=None) | Q(finished_at__date__lte=today - LATEST))
    rows = ends.exclude(long_gone).exclude(Said.of("hub-ends:", OuterRef("reference"), f":{GONE}"))
    leaving = [CommunityState.ENDING, CommunityState.ENDED]
    return sum(_write(pk, today) for pk in rows.exclude(community__state__in=leaving).order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _write(pk: int, today: date) -> bool:
    request = HubRequest.objects.select_for_update(of=("self",)).select_related("community").get(pk=pk)
    if request.state == RequestState.SUCCEEDED:
        is_fresh = request.finished_at is not None and timezone.localdate(request.finished_at) > today - LATEST
        return is_fresh and _tell(request, GONE)
    planned = request.end_letters
    letter, overtaken = ending.due(planned, today=today, told=_told(request, planned))
    _remember(request, [other.name for other in overtaken])
    return letter is not None and _tell(request, letter.name)


def _tell(request: HubRequest, name: str) -> bool:
    """Mail it to everybody who answers for the hub; False where that was done before."""
    if not Said.objects.get_or_create(key=_key(request, name))[1]:
        return False
    for person in request.community.people(Role.REPRESENTATIVE, Role.HUB_CHAMPION).filter(is_active=True):
        _mail(request, person, name)
    return True


def _mail(request: HubRequest, person: User, name: str) -> None:
    emails.hub_ends.queue(to=person.email, language=person.language, request_id=request.pk, reader_id=person.pk, letter=name)


def _told(request: HubRequest, planned: Iterable[ending.Letter]) -> set[str]:
    keys = {_key(request, letter.name): letter.name for letter in planned}
    return {keys[key] for key in Said.objects.filter(key__in=keys).values_list("key", flat=True)}


def _remember(request: HubRequest, names: Iterable[str]) -> None:
    for name in names:
        Said.objects.get_or_create(key=_key(request, name))


def _key(request: HubRequest, name: str) -> str:
    return f"hub-ends:{request.reference}:{name}"
