"""Who may read which review: predicate and queryset, over everybody and every kind of review."""

import pytest

from communities.roles import StaffGroup
from ground.actors import Actor
from onboarding import reviewing
from onboarding.access import can_see_review
from onboarding.models import Review
from onboarding.states import ConflictKind
from tests.factories import UserFactory, acting, staff
from tests.onboarding.review_factories import in_review, lead, marks, reviewed, reviewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    """Somebody in every position towards two applications, and the reviews they wrote."""
    application, other = in_review(), in_review()
    people = {
        "anonymous": Actor.anonymous(),
        "stranger": acting(UserFactory()),
        "operator": acting(staff(StaffGroup.OPERATOR)),
        "fresh reviewer": acting(reviewer()),
        "drafting reviewer": acting(reviewer()),
        "done reviewer": acting(reviewer()),
        "conflicted reviewer": acting(reviewer()),
        "lead": acting(lead()),
        "drafting lead": acting(lead()),
        "conflicted lead": acting(lead()),
    }
    for who in ("drafting reviewer", "drafting lead"):
        reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=people[who])
        reviewing.keep(application, scores=marks(), by=people[who])
    for who in ("conflicted reviewer", "conflicted lead"):
        reviewing.declare_conflict(application, kind=ConflictKind.PERSONAL, by=people[who])
    reviewed(application, people["done reviewer"].user)
    reviewed(application)
    reviewed(other)
    return application, other, people


def test_predicate_equals_queryset_for_everybody(people):
    _application, _other, actors = people
    for who, actor in actors.items():
        seen = set(Review.objects.visible_to(actor))
        assert seen == {review for review in Review.objects.all() if can_see_review(actor, review)}, who


@pytest.mark.parametrize(
    ("who", "here", "elsewhere"),
    [
        ("anonymous", 0, 0),
        ("stranger", 0, 0),
        ("operator", 0, 0),
        ("fresh reviewer", 0, 0),
        ("drafting reviewer", 1, 0),
        ("done reviewer", 2, 0),
        ("conflicted reviewer", 0, 0),
        ("lead", 2, 1),
        ("drafting lead", 1, 1),
        ("conflicted lead", 0, 1),
    ],
)
def test_others_reviews_stay_hidden_until_ones_own_is_in(people, who, here, elsewhere):
    application, other, actors = people
    seen = Review.objects.visible_to(actors[who])
    assert (seen.filter(application=application).count(), seen.filter(application=other).count()) == (here, elsewhere)
