"""Fixtures of the onboarding room."""

import pytest

from communities import defaults as communities_defaults
from tests.onboarding.review_factories import rubric


@pytest.fixture
def house(db: None) -> None:
    """A site as `setup` leaves it, as far as a release needs it."""
    communities_defaults.ensure()
    rubric()
