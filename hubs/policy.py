"""What a programme's policy says of hub requests."""

from communities.models import Community, ServicePolicy
from hubs.schema import Notice


def notice_for(community: Community) -> Notice:
    """How many days ahead this community's programme asks to be told."""
    policy = ServicePolicy.of(community.programme_id)
    return Notice(event=policy.event_notice_days, ending=policy.ending_notice_days)
