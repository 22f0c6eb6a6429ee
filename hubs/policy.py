"""What a programme's policy says of hub requests, and the operator's settings of which networks hubs are looked at in."""

from django.conf import settings

from communities.models import Community, ServicePolicy
from hubs.schema import Notice


def notice_for(community: Community) -> Notice:
    """How many days ahead this community's programme asks to be told."""
    return notice_of(ServicePolicy.of(community.programme_id))


def notice_of(policy: ServicePolicy) -> Notice:
    """The days of notice in those numbers."""
    return Notice(event=policy.event_notice_days, ending=policy.ending_notice_days)


def may_be_private(cluster: str) -> bool:
    """Whether the hubs of that cluster may be looked at within our own walls."""
    return settings.HUB_API_PRIVATE or cluster in settings.HUB_PRIVATE_CLUSTERS
