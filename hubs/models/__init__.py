"""Clusters, the hubs on them, the requests to make or change a hub, and the callbacks already heard."""

from hubs.models.callbacks import HeardCallback
from hubs.models.clusters import WATCHERS, Cluster, Hub, HubQuerySet, communities_of, watches_all
from hubs.models.requests import HubRequest, HubRequestQuerySet

__all__ = [
    "WATCHERS",
    "Cluster",
    "HeardCallback",
    "Hub",
    "HubQuerySet",
    "HubRequest",
    "HubRequestQuerySet",
    "communities_of",
    "watches_all",
]
