"""Who gets through to figures, downloads of lists, and what people ask about their own data."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from communities.roles import StaffGroup
from onboarding.models import PrivacyLink, PrivacyRequest
from tests.access.routes import EVERYBODY, Route, World
from tests.onboarding.factories import FormVersionFactory

LOOKERS = frozenset({StaffGroup.REVIEW_LEAD, StaffGroup.OPERATOR, StaffGroup.COMMUNITY_GUIDE})

READERS = frozenset({StaffGroup.REVIEWER, StaffGroup.REVIEW_LEAD, StaffGroup.OPERATOR})
HANDLERS = frozenset({StaffGroup.REVIEW_LEAD, StaffGroup.OPERATOR})
SCORERS = frozenset({StaffGroup.REVIEWER, StaffGroup.REVIEW_LEAD})


def a_version(_world: World) -> Sequence[Any]:
    version = FormVersionFactory()
    return (version.definition.key, version.number)


def reviews(_world: World) -> Sequence[Any]:
    return ("reviews",)


def a_data_link(_world: World) -> Sequence[Any]:
    link = PrivacyLink.objects.create(
        email="ana@glaciares.example.org",
        expires_at=timezone.now() + PrivacyLink.LIFE,
        sha256=hashlib.sha256(b"secret").hexdigest(),
    )
    assert link.pk
    return ("secret",)


def a_request(_world: World) -> Sequence[Any]:
    request = PrivacyRequest.objects.create(reference="PR-0000-0001", email="ana@glaciares.example.org", due_at=timezone.now())
    return (request.reference,)


ROUTES = [
    Route("onboarding:my_data", EVERYBODY),
    Route("onboarding:my_data_opened", EVERYBODY, a_data_link),
    Route("onboarding:take_my_data", EVERYBODY, a_data_link, method="post"),
    Route("onboarding:forget_me", EVERYBODY, a_data_link, method="post"),
    Route("onboarding:privacy", HANDLERS),
    Route("onboarding:forget", HANDLERS, a_request, method="post"),
    Route("onboarding:refuse_privacy", HANDLERS, a_request, method="post"),
    Route("onboarding:figures", LOOKERS),
    Route("onboarding:exports", READERS),
    Route("onboarding:export_applications", READERS, a_version, data={"download": "csv"}),
    Route("onboarding:export_sheet", SCORERS, reviews, data={"download": "xlsx"}),
]
