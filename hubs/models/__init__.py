"""Clusters, the hubs on them, the requests to make or change a hub with what belongs to them, and the callbacks already heard."""

from hubs.models.assessments import Assessment, digits, lacks_assessment, needs_assessment
from hubs.models.calendar import CalendarSubscription, EventTask, Said
from hubs.models.callbacks import HeardCallback
from hubs.models.clusters import WATCHERS, Cluster, Hub, HubQuerySet, Match, Source, communities_of, watches_all
from hubs.models.health import HubDay, HubWatch, HubWatchQuerySet, Outage
from hubs.models.logs import StepLog
from hubs.models.readings import ConfigurationRead, HubFactChange, HubValues
from hubs.models.requests import HubRequest, HubRequestQuerySet
from hubs.models.use import HubUse, Past, past_of

__all__ = [
    "WATCHERS",
    "Assessment",
    "CalendarSubscription",
    "Cluster",
    "ConfigurationRead",
    "EventTask",
    "HeardCallback",
    "Hub",
    "HubDay",
    "HubFactChange",
    "HubQuerySet",
    "HubRequest",
    "HubRequestQuerySet",
    "HubUse",
    "HubValues",
    "HubWatch",
    "HubWatchQuerySet",
    "Match",
    "Outage",
    "Past",
    "Said",
    "Source",
    "StepLog",
    "communities_of",
    "digits",
    "lacks_assessment",
    "needs_assessment",
    "past_of",
    "watches_all",
]
