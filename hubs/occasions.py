"""What is worth saying of a request before anybody says yes: the rules of the schema, and for an event its circumstances."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import ServicePolicy
from hubs import events, schema
from hubs.current import Present
from hubs.deployers.gitops.rendering.machines import CAPACITIES, GIB
from hubs.documents import flat
from hubs.models import Cluster, Hub, HubRequest, HubRequestQuerySet
from hubs.policy import notice_of
from hubs.schema import MARGIN, Circumstances, OtherEvent, Problem
from hubs.states import Kind, RequestState
from hubs.told import mapped, number, numbers, words

LOOKED_BACK = timedelta(days=730)
MOST_EVENTS = 500


def cautions(request: HubRequest, document: Mapping[str, Any] | None = None, *, today: date | None = None) -> list[Problem]:
    """Everything to say of the request, or of its answers as they are being typed; nothing of it stops the request."""
    sound = schema.sound(request.document if document is None else document)
    policy = ServicePolicy.of(request.community.programme_id)
    found = schema.warnings(sound, today=today or timezone.localdate(), notice=notice_of(policy))
    if request.kind == Kind.EVENT:
        return [*found, *schema.cautions(sound, circumstances(request, sound, policy))]
    return [*found, *_asked_for_already(sound, present(request))] if request.kind == Kind.CHANGE else found


def present(request: HubRequest) -> Present:
    """What the hub of a request has now."""
    hub, home = request.hub, request.community
    if hub is None:
        return Present()
    website = home.website if home.website.startswith("https://") else ""
    return Present(hub.name, hub.domain, home.name, website, hub.spec)


def _asked_for_already(document: Mapping[str, Any], now: Present) -> Iterator[Problem]:
    """Changes to what is so already: they would do nothing."""
    for index, change in enumerate(document.get("changes", [])):
        place = f"/changes/{index}"
        told = [(pointer, value) for pointer, value in flat(change, place) if not pointer.endswith(("/op", "/feature"))]
        if told and all(now.value(pointer, document) == value for pointer, value in told):
            yield Problem(f"{place}/op", "no-change", _("This is what the hub has now, so nothing would change."))


def circumstances(request: HubRequest, document: Mapping[str, Any], policy: ServicePolicy) -> Circumstances:
    """What is known around that event: times of quiet, other events on its machines, how large those are."""
    cluster = Cluster.objects.filter(name=document.get("cluster", "")).first()
    begins, ends = _span(document)
    others = _others(_events(request, cluster.name).between(begins - LOOKED_BACK, ends + MARGIN)) if cluster else []
    return Circumstances(
        quiet=policy.times_of_quiet,
        others=[event for event, _was_made_ready in others],
        largest=max((event.attendees for event, was_made_ready in others if was_made_ready and event.starts_at < begins), default=0),
        agreed=request.community.agreed_people or 0,
        machine_gb=_largest_machine_gb(cluster),
        choice_gb=_largest_choice_gb(request.hub),
    )


def clashing(request: HubRequest) -> list[HubRequest]:
    """The events that are on the same machines at the same time, with their communities: for staff alone."""
    sound = schema.sound(request.document)
    span = events.span(sound, zone="UTC")
    if request.kind != Kind.EVENT or span is None:
        return []
    return list(_events(request, sound.get("cluster", "")).around(*span).select_related("community")[:MOST_EVENTS])


def _events(request: HubRequest, cluster: str) -> HubRequestQuerySet:
    """The other events in the calendar on that cluster, latest first, of whatever community."""
    rows = HubRequest.objects.in_calendar().filter(kind=Kind.EVENT, document__cluster=cluster)
    return rows.exclude(pk=request.pk).order_by("-begins_at", "-pk")


def _span(document: Mapping[str, Any]) -> tuple[datetime, datetime]:
    """From when until when it is; now, while that is not answered."""
    return events.span(document, zone="UTC") or (timezone.now(), timezone.now())


def _others(rows: HubRequestQuerySet) -> list[tuple[OtherEvent, bool]]:
    """Each event, and whether its machines were really made ready once."""
    told = rows.values_list("begins_at", "ends_at", "document__event__attendees", "state")[:MOST_EVENTS]
    return [
        (OtherEvent(begins, ends, people if isinstance(people, int) else 0), state == RequestState.SUCCEEDED)
        for begins, ends, people, state in told
        if begins and ends
    ]


def _largest_machine_gb(cluster: Cluster | None) -> float:
    """The memory for people of the largest machine in use on the cluster; 0 where that is not known."""
    types = words(cluster.facts, "machines") if cluster else ()
    return max((CAPACITIES[name][1] / GIB for name in types if name in CAPACITIES), default=0)


def _largest_choice_gb(hub: Hub | None) -> float:
    """The most memory somebody gets on that hub now, by choice or without one."""
    spec = hub.spec if hub else {}
    return max([*numbers(spec, "memory_gb"), number(mapped(spec.get("server")), "memory_gb") or 0])
