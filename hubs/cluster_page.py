"""One cluster as engineers look it up: its facts in words, its hubs with staging first, what is asked for on it, what changed lately."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from ground.actors import Actor
from hubs.hub_page import Group, Row, row, yes_no
from hubs.models import Cluster, Hub, HubFactChange, HubRequest
from hubs.states import HubState
from hubs.told import listed, mapped

MOST_HUBS = 200
LATELY = 10


def clusters(actor: Actor) -> QuerySet[Cluster]:
    """Every cluster with how many hubs run on it, how many of them wait for a community, and how many are in trouble."""
    here = Q(hubs__gone_at=None) & ~Q(hubs__state=HubState.ENDED)
    return (
        Cluster.objects.visible_to(actor)
        .annotate(
            running=Count("hubs", filter=here),
            unmatched=Count("hubs", filter=here & Q(hubs__community=None, hubs__is_ours=False)),
            troubled=Count("hubs", filter=here & Q(hubs__state=HubState.TROUBLED)),
        )
        .order_by("name", "pk")
    )


def hubs(actor: Actor, cluster: Cluster) -> list[Hub]:
    """Its hubs, staging first: changes are tried there. The first two hundred; the list of all hubs has the others."""
    order = Case(When(name__contains="staging", then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = Hub.objects.visible_to(actor).running().filter(cluster=cluster).select_related("cluster", "community")
    return list(rows.annotate(place=order).order_by("place", "name", "pk")[:MOST_HUBS])


def requests(actor: Actor, cluster: Cluster) -> list[HubRequest]:
    """What is asked for here and not yet done."""
    here = Q(hub__cluster=cluster) | Q(document__cluster=cluster.name) | Q(document__new_cluster__name=cluster.name)
    rows = HubRequest.objects.visible_to(actor).open().filter(here).select_related("community", "hub")
    return list(rows.order_by("submitted_at", "pk")[:MOST_HUBS])


def changes(actor: Actor, cluster: Cluster) -> list[HubFactChange]:
    """What changed last in the configuration of its hubs."""
    rows = HubFactChange.objects.visible_to(actor).filter(hub__cluster=cluster).select_related("hub__cluster")
    return list(rows[:LATELY])


def groups(cluster: Cluster) -> list[Group]:
    """Its facts."""
    facts: Mapping[str, Any] = cluster.facts
    found = [
        Group(_("Where it is"), list(_place(cluster, facts))),
        Group(_("Money"), list(_money(facts))),
        Group(_("What watches over it"), list(_support(mapped(facts.get("support"))))),
    ]
    return [group for group in found if group.rows]


def _place(cluster: Cluster, facts: Mapping[str, Any]) -> Iterator[Row]:
    yield from row(_("Provider"), cluster.get_provider_display(), cluster.region)
    yield from row(_("Account or project"), facts.get("account"), facts.get("resource_group"))
    yield from row(_("Its name there"), facts.get("cluster_name"), facts.get("cluster_type"))
    yield from row(_("Console"), facts.get("console"))
    yield from row(_("Credentials, by name"), facts.get("credentials"))
    yield from row(_("Shared by communities"), yes_no(cluster.shared))
    yield from row(_("Addresses end in"), cluster.domain_suffix)
    yield from row(_("Machines in use"), *listed(facts.get("machines")))
    yield from row(_("Machines to choose from"), *listed(facts.get("instance_types")))
    yield from row(_("Graphics cards"), *listed(facts.get("gpus")))
    yield from row(_("File servers"), *listed(facts.get("filestores")))


def _money(facts: Mapping[str, Any]) -> Iterator[Row]:
    yield from row(_("Paid by us"), yes_no(facts.get("paid_by_us")))
    yield from row(_("Agreement"), facts.get("agreement_id"))
    yield from row(_("Costs are exported to"), facts.get("billing_export"))
    yield from row(_("Billing account"), facts.get("billing_account"))


def _support(support: Mapping[str, Any]) -> Iterator[Row]:
    yield from row(_("Grafana"), support.get("grafana"))
    yield from row(_("Who reads Grafana"), *listed(support.get("grafana_readers")))
    yield from row(_("Prometheus"), support.get("prometheus"), support.get("prometheus_disk"), support.get("prometheus_memory"))
    yield from row(_("Switched on"), *listed(support.get("parts")))
    yield from row(_("Values files"), *listed(support.get("files")))
    yield from row(_("Secret files, never opened"), *listed(support.get("secret_files")))
