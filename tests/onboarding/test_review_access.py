"""Who may read which review: predicate and queryset, over everybody and every kind of review."""

import pytest

from communities.roles import StaffGroup
from ground.actors import Actor
from onboarding import assigning, conflicts, opinions, reviewing
from onboarding.access import can_see_application, can_see_review, sees_others
from onboarding.models import Application, Review, ReviewPolicy
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
        "silent lead": acting(lead()),
        "tied lead": acting(lead(email="somebody@glaciares.example.org")),
        "drafting lead": acting(lead()),
        "conflicted lead": acting(lead()),
    }
    for who in ("drafting reviewer", "drafting lead"):
        reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=people[who])
        reviewing.keep(application, scores=marks(), by=people[who])
    for who in ("conflicted reviewer", "conflicted lead"):
        reviewing.declare_conflict(application, kind=ConflictKind.PERSONAL, by=people[who])
    for who in ("lead", "drafting lead", "conflicted lead"):
        reviewing.declare_conflict(other, kind=ConflictKind.NONE, by=people[who])
    reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=people["lead"])
    assert [conflicts.look(each, by=people["tied lead"]).is_answered for each in (application, other)] == [False, False]
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
        ("silent lead", 0, 0),
        ("tied lead", 0, 0),
    ],
)
def test_others_reviews_stay_hidden_until_ones_own_is_in(people, who, here, elsewhere):
    application, other, actors = people
    seen = Review.objects.visible_to(actors[who])
    assert (seen.filter(application=application).count(), seen.filter(application=other).count()) == (here, elsewhere)


POLICIES = [(see_others, assigned_only) for see_others in [None, *ReviewPolicy.SeeOthers.values] for assigned_only in (False, True)]


@pytest.mark.parametrize(("see_others", "assigned_only"), POLICIES)
def test_predicates_equal_querysets_under_every_policy(people, see_others, assigned_only):
    application, other, actors = people
    if see_others:
        ReviewPolicy.objects.create(programme=application.programme, see_others=see_others, assigned_only=assigned_only)
    asked = actors["fresh reviewer"]
    assigning.invite(other, asked.user, by=actors["lead"])
    reviewing.declare_conflict(other, kind=ConflictKind.NONE, by=asked)
    for who, actor in actors.items():
        reviews = {review for review in Review.objects.all() if can_see_review(actor, review)}
        assert set(Review.objects.visible_to(actor)) == reviews, who
        applications = {each for each in Application.objects.all() if can_see_application(actor, each)}
        assert set(Application.objects.visible_to(actor)) == applications, who
        assert set(opinions.open_to(actor)) == {each for each in Application.objects.all() if sees_others(actor, each)}, who


@pytest.mark.parametrize(
    ("see_others", "who", "seen"),
    [
        ("never", "done reviewer", 1),
        ("never", "lead", 2),
        ("never", "drafting lead", 1),
        ("never", "silent lead", 0),
        ("always", "fresh reviewer", 0),
        ("always", "drafting reviewer", 3),
        ("always", "drafting lead", 3),
        ("always", "tied lead", 0),
        ("always", "conflicted reviewer", 0),
        ("after_own", "drafting reviewer", 1),
        ("after_own", "done reviewer", 2),
    ],
)
def test_others_reviews_open_as_the_policy_says(people, see_others, who, seen):
    application, _other, actors = people
    ReviewPolicy.objects.create(programme=application.programme, see_others=see_others)
    assert Review.objects.visible_to(actors[who]).filter(application=application).count() == seen


def test_assigned_only_shows_what_was_asked_or_begun(people):
    application, other, actors = people
    ReviewPolicy.objects.create(programme=application.programme, assigned_only=True)
    by = actors["fresh reviewer"]
    assert not Application.objects.visible_to(by).exists()
    assignment = assigning.invite(other, by.user, by=actors["lead"])
    assert list(Application.objects.visible_to(by)) == [other]
    assigning.decline(assignment, reason="away", by=by)
    assert not Application.objects.visible_to(by).exists()
    assert list(Application.objects.visible_to(actors["drafting reviewer"])) == [application]
    assert Application.objects.visible_to(actors["lead"]).count() == 2


def test_a_waived_tie_opens_what_others_wrote(people):
    application, _other, actors = people
    tied = actors["tied lead"]
    conflicts.waive(application.conflicts.get(person=tied.user), reason="A big university.", by=actors["lead"])
    assert list(opinions.open_to(tied)) == [application]
    assert sees_others(tied, application)
