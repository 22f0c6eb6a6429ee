"""Clusters, hubs and requests for tests."""

import factory
from factory.django import DjangoModelFactory

from hubs.models import Cluster, Hub, HubRequest
from hubs.states import Kind
from tests.factories import CommunityFactory


class ClusterFactory(DjangoModelFactory):
    class Meta:
        model = Cluster

    name = factory.Sequence(lambda n: f"cluster-{n}")
    provider = "aws"
    region = "us-west-2"
    domain_suffix = factory.LazyAttribute(lambda cluster: f"{cluster.name}.hubs.example")


class HubFactory(DjangoModelFactory):
    class Meta:
        model = Hub

    cluster = factory.SubFactory(ClusterFactory)
    community = factory.SubFactory(CommunityFactory)
    name = factory.Sequence(lambda n: f"hub-{n}")
    display_name = factory.Sequence(lambda n: f"Hub {n}")
    domain = factory.LazyAttribute(lambda hub: f"{hub.name}.{hub.cluster.domain_suffix}")


class HubRequestFactory(DjangoModelFactory):
    class Meta:
        model = HubRequest

    community = factory.SubFactory(CommunityFactory)
    kind = Kind.NEW_HUB
    document = factory.LazyAttribute(lambda request: {"kind": request.kind, "community": request.community.slug})
