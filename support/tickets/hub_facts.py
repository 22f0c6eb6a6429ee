"""What is known of a hub: frozen when a ticket about it is reported, and compared with what is known now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hubs import conditions
from hubs.models import Hub, HubRequest
from hubs.states import HubState, RequestState
from support.models import HubSnapshot, Ticket

WORDS: Mapping[str, str | Promise] = {
    "cluster": gettext_lazy("Cluster"),
    "provider": gettext_lazy("Provider"),
    "chart": gettext_lazy("Chart"),
    "images": gettext_lazy("Images"),
    "memory": gettext_lazy("Memory offered"),
    "quota": gettext_lazy("Home quota"),
    "authentication": gettext_lazy("Sign-in"),
    "commit": gettext_lazy("Configuration"),
    "deployed": gettext_lazy("Last deployment"),
    "deployer": gettext_lazy("Deployed by"),
    "state": gettext_lazy("State"),
    "health": gettext_lazy("Health"),
}


@dataclass(frozen=True)
class Fact:
    """One thing known of a hub: when it was reported, and now."""

    key: str
    word: str | Promise
    then: str
    now: str

    @property
    def is_different(self) -> bool:
        return self.then != self.now


def freeze(ticket: Ticket) -> HubSnapshot | None:
    """Keep how the ticket's hub stands, once: a snapshot that is there stays. None without a hub."""
    if ticket.hub_id is None:
        return None
    known = HubSnapshot.objects.filter(ticket=ticket).first() if ticket.version > 1 else None
    return known or HubSnapshot.objects.create(ticket=ticket, hub_id=ticket.hub_id, facts=facts_of(ticket.hub_id), taken_at=timezone.now())


def facts_of(hub_pk: int) -> dict[str, Any]:
    """Everything a snapshot holds, in one query."""
    done = HubRequest.objects.filter(hub=OuterRef("pk"), state=RequestState.SUCCEEDED, finished_at__isnull=False).order_by("-finished_at")
    rows = Hub.objects.select_related("cluster").annotate(
        last_reference=Subquery(done.values("reference")[:1]),
        last_at=Subquery(done.values("finished_at")[:1]),
        last_by=Subquery(done.values("approved_by__name")[:1]),
    )
    return _facts(rows.get(pk=hub_pk))


def compare(ticket: Ticket) -> list[Fact]:
    """What was known when it was reported beside what is known now; nothing without a snapshot."""
    snapshot = HubSnapshot.objects.filter(ticket=ticket).first()
    if snapshot is None:
        return []
    then = snapshot.facts
    now = facts_of(snapshot.hub_id) if snapshot.hub_id else {}
    facts = [Fact(key, word, _shown(key, then), _shown(key, now)) for key, word in WORDS.items()]
    return [fact for fact in facts if fact.then or fact.now]


def _facts(hub: Any) -> dict[str, Any]:
    spec = hub.facts.get("spec") or {}
    return {
        "hub": hub.display_name,
        "cluster": hub.cluster.name,
        "provider": " ".join(filter(None, [hub.cluster.get_provider_display(), hub.cluster.region])),
        "chart": hub.facts.get("chart") or "",
        "images": list(spec.get("images") or ()),
        "memory": list(spec.get("memory_gb") or ()),
        "quota": spec.get("home_quota_gib"),
        "authentication": hub.facts.get("authentication") or "",
        "commit": (hub.facts.get("observed_commit") or "")[:12],
        "deployed": {"reference": hub.last_reference, "at": hub.last_at.isoformat()} if hub.last_at else None,
        "deployer": hub.last_by or "",
        "state": hub.state,
        "health": [{key: row.get(key, "") for key in ("type", "status", "reason")} for row in hub.conditions],
    }


def _shown(key: str, facts: Mapping[str, Any]) -> str:
    """One fact in the reader's words; empty where it is not known."""
    value = facts.get(key)
    if not value:
        return ""
    return SAID[key](value) if key in SAID else str(value)


def _deployed(value: Mapping[str, str]) -> str:
    at = parse_datetime(value["at"])
    return f"{value['reference']}, {date_format(timezone.localtime(at), 'j M Y, H:i')}" if at else value["reference"]


def _state(value: str) -> str:
    return str(HubState(value).label) if value in HubState.values else value


SAID: Mapping[str, Callable[[Any], str]] = {
    "images": ", ".join,
    "memory": lambda sizes: _("%(sizes)s GB") % {"sizes": ", ".join(map(str, sizes))},
    "quota": lambda size: _("%(size)s GiB a person") % {"size": size},
    "deployed": _deployed,
    "state": _state,
    "health": lambda rows: "; ".join(conditions.told(rows)),
}
