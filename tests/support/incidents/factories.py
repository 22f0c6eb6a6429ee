"""Incidents for tests, made as the product makes them."""

from typing import Any

from communities.models import Community
from communities.roles import StaffGroup
from hubs.models import Cluster, Hub
from support import incidents
from support.incidents import Declaration
from support.models import Incident
from tests.factories import acting, staff

TITLE = {"en": "Servers start slowly", "es": "Los servidores arrancan despacio"}


def a_cluster(name: str = "shared-one", **fields: Any) -> Cluster:
    return Cluster.objects.create(name=name, provider="gcp", **{"shared": True, **fields})


def a_hub(community: Community | None, cluster: Cluster | None = None, **fields: Any) -> Hub:
    name = community.slug if community else "nobodys"
    return Hub.objects.create(
        cluster=cluster or Cluster.objects.first() or a_cluster(),
        name=name,
        community=community,
        **{"display_name": f"Hub of {name}", "domain": f"{name}.hubs.example", "state": "live", **fields},
    )


def declared(*, by: Any = None, ticket: Any = None, **fields: Any) -> Incident:
    """An incident, nobody told yet."""
    who = acting(by or staff(StaffGroup.ENGINEER, name="Eli"))
    return incidents.declare(Declaration(**{"title": TITLE, **fields}), ticket=ticket, by=who)
