"""Who gets through to figures, downloads of lists, and what people ask about their own data."""

from communities.roles import StaffGroup
from tests.access.routes import Route

LOOKERS = frozenset({StaffGroup.REVIEW_LEAD, StaffGroup.OPERATOR, StaffGroup.COMMUNITY_GUIDE})

ROUTES = [
    Route("onboarding:figures", LOOKERS),
]
