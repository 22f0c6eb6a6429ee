"""Clusters, hubs and hub requests over the API."""

from hubs.api.clusters import ClusterViewSet, HubViewSet
from hubs.api.requests import HubRequestViewSet

__all__ = ["ClusterViewSet", "HubRequestViewSet", "HubViewSet"]
