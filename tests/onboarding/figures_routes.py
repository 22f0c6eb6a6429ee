"""Who gets through to figures, downloads of lists, and what people ask about their own data."""

from collections.abc import Sequence
from typing import Any

from communities.roles import StaffGroup
from tests.access.routes import Route, World
from tests.onboarding.factories import FormVersionFactory

LOOKERS = frozenset({StaffGroup.REVIEW_LEAD, StaffGroup.OPERATOR, StaffGroup.COMMUNITY_GUIDE})

READERS = frozenset({StaffGroup.REVIEWER, StaffGroup.REVIEW_LEAD, StaffGroup.OPERATOR})
SCORERS = frozenset({StaffGroup.REVIEWER, StaffGroup.REVIEW_LEAD})


def a_version(_world: World) -> Sequence[Any]:
    version = FormVersionFactory()
    return (version.definition.key, version.number)


def reviews(_world: World) -> Sequence[Any]:
    return ("reviews",)


ROUTES = [
    Route("onboarding:figures", LOOKERS),
    Route("onboarding:exports", READERS),
    Route("onboarding:export_applications", READERS, a_version, data={"download": "csv"}),
    Route("onboarding:export_sheet", SCORERS, reviews, data={"download": "xlsx"}),
]
