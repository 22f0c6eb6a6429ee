"""The columns of hubs, clusters and requests when their lists are downloaded."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from ground.exports import Column
from hubs.models import Hub, HubRequest, HubUse
from hubs.told import mapped, number, word, words

REQUESTS: list[Column[HubRequest]] = [
    Column("reference", _("Reference"), lambda row: row.reference),
    Column("kind", _("Kind"), lambda row: row.get_kind_display()),
    Column("community", _("Community"), lambda row: row.community.name),
    Column("hub", _("Hub"), lambda row: row.hub or ""),
    Column("state", _("Where it stands"), lambda row: row.get_state_display()),
    Column("stage", _("Stage"), lambda row: row.stage),
    Column("sent", _("Sent"), lambda row: row.submitted_at),
    Column("approved", _("Approved"), lambda row: row.approved_at),
    Column("not_before", _("Not before"), lambda row: row.not_before),
    Column("finished", _("Finished"), lambda row: row.finished_at),
]
ASSESSED: list[Column[HubRequest]] = [  # for staff alone: what another hub of a community means
    *REQUESTS,
    Column("covered", _("Covered by the agreement"), lambda row: _of_assessment(row, "get_covered_display")),
    Column("load", _("Work to run it"), lambda row: _of_assessment(row, "get_load_display")),
    Column("monthly_cost", _("Cost a month"), lambda row: _of_assessment(row, "amount")),
    Column("currency", _("Currency"), lambda row: _of_assessment(row, "currency")),
    Column("paid_by", _("Who pays"), lambda row: _of_assessment(row, "get_paid_by_display")),
]


def _of_assessment(row: HubRequest, name: str) -> Any:
    """One fact of a request's assessment, which few requests have."""
    found = getattr(row, "assessment", None)
    value = getattr(found, name, "")
    return value() if callable(value) else value


CLUSTERS: list[Column[Any]] = [  # clusters that carry the number of their hubs
    Column("name", _("Name"), lambda row: row.name),
    Column("provider", _("Provider"), lambda row: row.get_provider_display()),
    Column("region", _("Region"), lambda row: row.region),
    Column("domain", _("Addresses end in"), lambda row: row.domain_suffix),
    Column("shared", _("Shared"), lambda row: row.shared),
    Column("hubs", _("Hubs"), lambda row: row.running),
    Column("unmatched", _("Hubs without a community"), lambda row: row.unmatched),
    Column("troubled", _("Hubs in trouble"), lambda row: row.troubled),
    Column("account", _("Account or project"), lambda row: row.facts.get("account", "")),
    Column("paid_by_us", _("Paid by us"), lambda row: row.facts.get("paid_by_us")),
    Column("agreement", _("Agreement"), lambda row: row.facts.get("agreement_id")),
    Column("gone", _("Gone since"), lambda row: row.gone_at),
]
HUBS: list[Column[Hub]] = [
    Column("name", _("Name"), lambda row: row.name),
    Column("display_name", _("Name shown"), lambda row: row.display_name),
    Column("cluster", _("Cluster"), lambda row: row.cluster.name),
    Column("address", _("Address"), lambda row: row.url),
    Column("state", _("State"), lambda row: row.get_state_display()),
    Column("conditions", _("What is known"), lambda row: [str(each) for each in row.told_conditions]),
]
OCCASIONS: list[Column[Any]] = [  # entries of the calendar
    Column("reference", _("Reference"), lambda row: row.occasion.reference),
    Column("kind", _("Kind"), lambda row: row.request.get_kind_display()),
    Column("title", _("Title"), lambda row: row.occasion.title),
    Column("community", _("Community"), lambda row: row.occasion.community),
    Column("cluster", _("Cluster"), lambda row: row.occasion.cluster),
    Column("hub", _("Hub"), lambda row: row.occasion.hub),
    Column("begins", _("Begins"), lambda row: row.occasion.begins_at),
    Column("ends", _("Ends"), lambda row: row.occasion.ends_at),
    Column("attendees", _("People at once"), lambda row: row.occasion.attendees),
    Column("memory", _("Memory of all together, in GB"), lambda row: row.occasion.memory_gb),
    Column("state", _("Where it stands"), lambda row: row.request.get_state_display()),
]
REGISTRY: list[Column[Hub]] = [
    Column("cluster", _("Cluster"), lambda row: row.cluster.name),
    Column("name", _("Name"), lambda row: row.name),
    Column("display_name", _("Name shown"), lambda row: row.display_name),
    Column("community", _("Community"), lambda row: row.community.name if row.community else ""),
    Column("community_slug", _("Short name of the community"), lambda row: row.community.slug if row.community else ""),
    Column("ours", _("Belongs to us"), lambda row: row.is_ours),
    Column("address", _("Address"), lambda row: row.url),
    Column("provider", _("Provider"), lambda row: row.cluster.get_provider_display()),
    Column("region", _("Region"), lambda row: row.cluster.region),
    Column("state", _("State"), lambda row: row.get_state_display()),
    Column("gone", _("Gone since"), lambda row: row.gone_at),
    Column("sign_in", _("Sign-in"), lambda row: row.facts.get("authentication", "")),
    Column("chart", _("Chart"), lambda row: row.facts.get("chart", "")),
    Column("images", _("Images"), lambda row: words(row.spec, "images")),
    Column("features", _("Features"), lambda row: words(row.spec, "features")),
    Column("admins", _("Admins"), lambda row: words(row.spec, "admins")),
    Column("quota", _("Home folder, GiB"), lambda row: number(row.spec, "home_quota_gib")),
    Column("changed", _("Changed"), lambda row: row.updated_at),
]
UNMATCHED: list[Column[Hub]] = [
    Column("cluster", _("Cluster"), lambda row: row.cluster.name),
    Column("name", _("Name"), lambda row: row.name),
    Column("display_name", _("Name shown"), lambda row: row.display_name),
    Column("address", _("Address"), lambda row: row.url),
    Column("organisation", _("Organisation"), lambda row: word(mapped(mapped(row.spec.get("homepage")).get("org")), "name")),
]
USE: list[Column[Any]] = [  # hubs that carry what was last read of them (hubs.use_page.listed)
    Column("name", _("Name"), lambda row: row.name),
    Column("display_name", _("Name shown"), lambda row: row.display_name),
    Column("cluster", _("Cluster"), lambda row: row.cluster.name),
    Column("community", _("Community"), lambda row: row.community or ""),
    Column("monthly", _("People a month"), lambda row: row.use_monthly),
    Column("weekly", _("People a week"), lambda row: row.use_weekly),
    Column("daily", _("People a day"), lambda row: row.use_daily),
    Column("running", _("Servers at once"), lambda row: row.use_running_peak),
    Column("source", _("Counted by"), lambda row: HubUse.Source(row.use_source).label if row.use_source else ""),
    Column("day", _("Counted on"), lambda row: row.use_day),
]
HEALTH: list[Column[Hub]] = [
    Column("name", _("Name"), lambda row: row.name),
    Column("display_name", _("Name shown"), lambda row: row.display_name),
    Column("cluster", _("Cluster"), lambda row: row.cluster.name),
    Column("community", _("Community"), lambda row: row.community or ""),
    Column("address", _("Address"), lambda row: row.url),
    Column("state", _("State"), lambda row: row.get_state_display()),
    Column("conditions", _("What is known"), lambda row: [str(each) for each in row.told_conditions]),
]
