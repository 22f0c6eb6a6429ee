"""The hubs of all, looked up: by words, cluster, provider, community, state, sign-in, feature and chart, a page at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from ground.actors import Actor
from ground.paging import Page, keyset
from hubs.models import Cluster, Hub, HubQuerySet
from hubs.states import HubState

SIZE = 50
MOST_CHOICES = 1000
Words = str | Promise

GONE = "gone"
STATES: Mapping[str, Words] = {**dict(HubState.choices), GONE: _("gone from the configuration")}
CHARTS = ("basehub", "daskhub")
ORDERS: Mapping[str, tuple[Words, Sequence[str]]] = {
    "": (_("by name"), ("display_name", "pk")),
    "cluster": (_("by cluster"), ("cluster__name", "name", "pk")),
    "state": (_("by state"), ("state", "display_name", "pk")),
    "changed": (_("changed last"), ("-updated_at", "-pk")),
}
SOUGHT = (
    "name",
    "display_name",
    "domain",
    "cluster__name",
    "community__name",
    "community__slug",
    "facts__spec__images",
    "facts__spec__admins",
    "facts__spec__homepage",
    "facts__spec__sign_in",
    "facts__spec__machines",
)


@dataclass(frozen=True)
class Filters:
    """What narrows the list; what is blank narrows nothing."""

    q: str = ""
    cluster: str = ""
    provider: str = ""
    community: str = ""
    state: str = ""
    sign_in: str = ""
    feature: str = ""
    chart: str = ""
    unmatched: bool = False
    order: str = ""


def found(actor: Actor, filters: Filters) -> HubQuerySet:
    """The hubs somebody looks for, in no order yet."""
    rows = Hub.objects.visible_to(actor).select_related("cluster", "community")
    rows = _in_state(rows, filters.state)
    exact = {
        "cluster__name": filters.cluster,
        "cluster__provider": filters.provider,
        "community__slug": filters.community,
        "facts__authentication": filters.sign_in,
        "facts__chart": filters.chart,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if filters.feature:
        rows = rows.filter(facts__spec__features__icontains=f'"{filters.feature}"')
    if filters.unmatched:
        rows = rows.filter(community=None, is_ours=False)
    for word in filters.q.split()[:8]:
        rows = rows.filter(_holds(word))
    return rows


def page(actor: Actor, filters: Filters, *, cursor: str = "", size: int = SIZE) -> Page[Hub]:
    """A page of them in the order asked for."""
    return keyset(found(actor, filters), order=ORDERS[filters.order][1], cursor=cursor, size=size)


def ordered(actor: Actor, filters: Filters) -> HubQuerySet:
    """All of them in that order, for a file."""
    return found(actor, filters).order_by(*ORDERS[filters.order][1])


def clusters(actor: Actor) -> list[str]:
    """The clusters to choose from."""
    return list(Cluster.objects.visible_to(actor).order_by("name").values_list("name", flat=True)[:MOST_CHOICES])


def communities(actor: Actor) -> list[tuple[str, str]]:
    """The communities to choose from: those with hubs."""
    hubs = Hub.objects.visible_to(actor).filter(community__isnull=False).values("community")
    return list(Community.objects.filter(pk__in=hubs).order_by("name", "pk").values_list("slug", "name")[:MOST_CHOICES])


def _in_state(rows: HubQuerySet, state: str) -> HubQuerySet:
    if state == GONE:
        return rows.running().exclude(gone_at=None)
    return rows.filter(state=state) if state else rows.running()


def _holds(word: str) -> Q:
    condition = Q()
    for name in SOUGHT:
        condition |= Q(**{f"{name}__icontains": word})
    return condition
