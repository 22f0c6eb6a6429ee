"""The columns of hubs, clusters and requests when their lists are downloaded."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from ground.exports import Column
from hubs.models import Hub, HubRequest

REQUESTS: list[Column[HubRequest]] = [
    Column("reference", _("Reference"), lambda row: row.reference),
    Column("kind", _("Kind"), lambda row: row.get_kind_display()),
    Column("community", _("Community"), lambda row: row.community.name),
    Column("hub", _("Hub"), lambda row: row.hub or ""),
    Column("state", _("Where it stands"), lambda row: row.get_state_display()),
    Column("stage", _("Stage"), lambda row: row.stage),
    Column("sent", _("Sent"), lambda row: row.submitted_at),
    Column("approved", _("Approved"), lambda row: row.approved_at),
    Column("finished", _("Finished"), lambda row: row.finished_at),
]
CLUSTERS: list[Column[Any]] = [  # clusters that carry the number of their hubs
    Column("name", _("Name"), lambda row: row.name),
    Column("provider", _("Provider"), lambda row: row.get_provider_display()),
    Column("region", _("Region"), lambda row: row.region),
    Column("domain", _("Addresses end in"), lambda row: row.domain_suffix),
    Column("shared", _("Shared"), lambda row: row.shared),
    Column("hubs", _("Hubs"), lambda row: row.running),
]
HUBS: list[Column[Hub]] = [
    Column("name", _("Name"), lambda row: row.name),
    Column("display_name", _("Name shown"), lambda row: row.display_name),
    Column("cluster", _("Cluster"), lambda row: row.cluster.name),
    Column("address", _("Address"), lambda row: row.url),
    Column("state", _("State"), lambda row: row.get_state_display()),
    Column("conditions", _("What is known"), lambda row: [str(each) for each in row.told_conditions]),
]
