"""Who writes articles: roles in their own community, groups of staff everywhere."""

from communities.roles import Role, StaffGroup

EDITORS = frozenset({Role.REPRESENTATIVE, Role.HUB_CHAMPION})
SHARED_EDITORS = frozenset(
    {StaffGroup.COMMUNITY_GUIDE, StaffGroup.SUPPORT_AGENT, StaffGroup.SUPPORT_TRIAGER, StaffGroup.ENGINEER, StaffGroup.OPERATOR}
)
