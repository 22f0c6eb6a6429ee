"""Mails of the hubs' room."""

from django.urls import reverse
from django.utils import timezone

from communities.models import User
from ground.mail import Context, NothingToSay, mail
from hubs.models import HubRequest
from hubs.states import CARRIED_OUT, EDITABLE, RequestState


@mail("hubs/hub_ends.txt")
def hub_ends(request_id: int, reader_id: int, letter: str) -> Context:
    """A hub closes: until when it can be used, or that it is gone."""
    request = _request(request_id)
    each = request.occasion
    if each is None or request.state not in CARRIED_OUT:
        raise NothingToSay  # it was taken back
    data = request.document.get("decommission", {}).get("data", {})
    return {
        **_about(request, reader_id),
        "hub": request.hub or each.hub,
        "last_day": each.days[-1],
        "is_gone": letter == "gone",
        "destination": data.get("destination", ""),
        "is_deleted": data.get("action") == "delete",
    }


@mail("hubs/end_drafted.txt")
def end_drafted(request_id: int, reader_id: int) -> Context:
    """The event is on; the request to close its hub afterwards is prepared and not sent."""
    request = _request(request_id)
    if request.state not in EDITABLE:
        raise NothingToSay
    return {**_about(request, reader_id), "hub": request.hub}


@mail("hubs/late_tasks.txt")
def late_tasks(reader_id: int) -> Context:
    """Something for an event is late; the calendar says what."""
    return {"person": User.objects.get(pk=reader_id), "path": reverse("hubs:queue")}


def _request(pk: int) -> HubRequest:
    return HubRequest.objects.select_related("community", "hub").get(pk=pk)


def _about(request: HubRequest, reader_id: int) -> Context:
    return {
        "request": request,
        "community": request.community,
        "person": User.objects.get(pk=reader_id),
        "path": request.get_absolute_url(),
    }


@mail("hubs/waits_for_community.txt")
def waits_for_community(request_id: int, reader_id: int) -> Context:
    """What only the community can do, and how long it has waited."""
    context = _waiting(request_id, reader_id)
    owed = [item for item in _open(context["request"]) if item.get("who") == "community"]
    if not owed:
        raise NothingToSay
    return {**context, "owed": owed, "path": context["request"].get_absolute_url()}


@mail("hubs/waits_for_engineers.txt")
def waits_for_engineers(request_id: int, reader_id: int) -> Context:
    """What waits for an engineer, or for whoever looks at the deployer."""
    return _for_engineer(request_id, reader_id)


@mail("hubs/is_stuck.txt")
def is_stuck(request_id: int, reader_id: int) -> Context:
    """Reminders did not help; somebody has to decide."""
    return _for_engineer(request_id, reader_id)


def _for_engineer(request_id: int, reader_id: int) -> Context:
    context = _waiting(request_id, reader_id)
    request = context["request"]
    return {**context, "owed": _open(request), "path": reverse("hubs:review", args=[request.reference])}


def _open(request: HubRequest) -> list[dict[str, str]]:
    return [item for item in request.preconditions if item["status"] == "open"]


def _waiting(request_id: int, reader_id: int) -> Context:
    request = HubRequest.objects.select_related("community").get(pk=request_id)
    if request.state != RequestState.WAITING or request.waiting_since is None:
        raise NothingToSay  # it went on meanwhile
    days = (timezone.now() - request.waiting_since).days
    return {"request": request, "community": request.community, "person": User.objects.get(pk=reader_id), "days": days}
