"""Clusters and hubs over the API."""

from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django_filters import rest_framework as filters
from rest_framework import mixins, serializers, viewsets

from communities.api import actor_of
from communities.models import Community
from ground.filters import KnownFilters
from hubs import conditions
from hubs.models import Cluster, Hub
from hubs.states import HubState

WORST_FIRST = (HubState.TROUBLED, HubState.RECORDED, HubState.LIVE)


class HubSerializer(serializers.ModelSerializer[Hub]):
    """A hub; `id` is the key by which one is read, `gone_at` when its configuration was first missed."""

    cluster = serializers.CharField(source="cluster.name")
    community = serializers.SlugRelatedField[Community](slug_field="slug", read_only=True)
    url = serializers.CharField()

    class Meta:
        model = Hub
        fields = ("id", "name", "display_name", "cluster", "community", "url", "state", "conditions", "gone_at")


class ClusterSerializer(serializers.ModelSerializer[Cluster]):
    """A cluster; `community` is its only community, `state` that of the hub which is worst off."""

    cluster = serializers.CharField(source="name")
    community = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()
    state = serializers.SerializerMethodField()
    conditions = serializers.SerializerMethodField()

    class Meta:
        model = Cluster
        fields = ("name", "cluster", "community", "url", "state", "conditions", "provider", "region", "domain_suffix", "shared")

    def get_community(self, cluster: Cluster) -> str | None:
        slugs = {hub.community.slug if hub.community else "" for hub in cluster.hubs.all()}
        return slugs.pop() or None if len(slugs) == 1 else None

    def get_url(self, cluster: Cluster) -> str:
        """Where its hubs answer below; empty when that is not known."""
        return f"https://{cluster.domain_suffix}/" if cluster.domain_suffix else ""

    def get_state(self, cluster: Cluster) -> str:
        return conditions.worst([hub.state for hub in cluster.hubs.all()])

    def get_conditions(self, cluster: Cluster) -> list[dict[str, Any]]:
        """Of its hubs, each worst first; what nobody looked at is Unknown."""
        return conditions.of_many([hub.conditions for hub in cluster.hubs.all()])


class HubFilter(KnownFilters):
    """By community, cluster and state."""

    community = filters.CharFilter(field_name="community__slug")
    cluster = filters.CharFilter(field_name="cluster__name")
    state = filters.ChoiceFilter(choices=HubState.choices)


class ClusterFilter(KnownFilters):
    """By name, by a community that has a hub there, by provider, and by the state of the hub which is worst off."""

    cluster = filters.CharFilter(field_name="name")
    community = filters.CharFilter(method="of_community")
    provider = filters.ChoiceFilter(choices=Cluster.Provider.choices)
    state = filters.ChoiceFilter(choices=[(state.value, state.label) for state in WORST_FIRST], method="in_state")

    def of_community(self, rows: QuerySet[Cluster], _name: str, slug: str) -> QuerySet[Cluster]:
        return rows.filter(Exists(self._mine().filter(community__slug=slug)))

    def in_state(self, rows: QuerySet[Cluster], _name: str, state: str) -> QuerySet[Cluster]:
        """As `ClusterSerializer.get_state` says it: the worst there is; recorded where there is no hub at all."""
        worse = WORST_FIRST[: WORST_FIRST.index(HubState(state))]
        rows = rows.exclude(Exists(self._mine().filter(state__in=worse)))
        here = Exists(self._mine().filter(state=state))
        return rows.filter(here | ~Exists(self._mine())) if state == HubState.RECORDED else rows.filter(here)

    def _mine(self) -> QuerySet[Hub]:
        return Hub.objects.visible_to(actor_of(self.request)).running().filter(cluster=OuterRef("pk"))


class HubViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Hub]):
    """The hubs you may see."""

    serializer_class = HubSerializer
    filterset_class = HubFilter
    lookup_value_regex = r"\d{1,18}"
    queryset = Hub.objects.none()

    def get_queryset(self) -> QuerySet[Hub]:
        return Hub.objects.visible_to(actor_of(self.request)).select_related("cluster", "community")


class ClusterViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Cluster]):
    """The clusters you may see."""

    serializer_class = ClusterSerializer
    lookup_field = "name"
    filterset_class = ClusterFilter
    queryset = Cluster.objects.none()

    def get_queryset(self) -> QuerySet[Cluster]:
        mine = Hub.objects.visible_to(actor_of(self.request)).running().select_related("community")
        return Cluster.objects.visible_to(actor_of(self.request)).prefetch_related(Prefetch("hubs", mine))
