"""Whom an incident affects: the hubs it is of, their communities, and those whose tickets were attached."""

import re
from collections.abc import Iterable

from django.db.models import Q

from communities.models import Community
from communities.states import CommunityState
from hubs.models import Hub
from hubs.states import HubState
from support.models import Incident, Ticket

SHORTEST = 4  # letters of a name that is looked for in what everybody will read


def affected_hubs(incident: Incident) -> "Iterable[Hub]":
    """The chosen hubs, else every running hub of the cluster."""
    chosen = Hub.objects.filter(incidents=incident)
    if incident.cluster_id is None:
        return chosen.select_related("cluster", "community")
    whole = Hub.objects.running().filter(cluster=incident.cluster_id) if not chosen.exists() else chosen
    return whole.select_related("cluster", "community")


def affected(incident: Incident) -> list[Community]:
    """Each community once, by name; those that have ended are told nothing."""
    by_hub = Q(hubs__in=[hub.pk for hub in affected_hubs(incident)])
    by_ticket = Q(pk__in=Ticket.objects.filter(incident=incident, community__isnull=False).values("community"))
    return list(Community.objects.exclude(state=CommunityState.ENDED).filter(by_hub | by_ticket).distinct().order_by("name", "pk"))


def has_tickets_of_nobody(incident: Incident) -> bool:
    """Whether a ticket was attached that belongs to no community yet."""
    return Ticket.objects.filter(incident=incident, community=None).exists()


def named_in(texts: Iterable[str], communities: Iterable[Community]) -> list[str]:
    """Which communities a text for all of them names: by their name, their short name or a hub's."""
    said = "\n".join(texts)
    named = {each.pk: [each.name, each.slug] for each in communities}
    for hub in Hub.objects.filter(community__in=named).exclude(state=HubState.ENDED).only("display_name", "domain", "community_id"):
        named[hub.community_id or 0] += [hub.display_name, hub.domain]
    return sorted({word for words in named.values() for word in words if len(word) >= SHORTEST and _is_in(word, said)})


def _is_in(word: str, text: str) -> bool:
    return re.search(rf"(?i)(?<!\w){re.escape(word)}(?!\w)", text) is not None
