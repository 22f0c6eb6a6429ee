"""Who gets through to what reviewers and their leads do beside scoring."""

from collections.abc import Sequence
from typing import Any

from communities.roles import StaffGroup
from onboarding import assigning, calibration_defaults, comparing, duplicates
from onboarding.models import DuplicateLink
from tests.access.routes import Route, World
from tests.factories import acting
from tests.onboarding.factories import FormVersionFactory
from tests.onboarding.review_factories import in_review, lead, rubric
from tests.onboarding.review_routes import LEADS, SCORERS, being_reviewed, scored_by_all


def asked_of_all(world: World) -> Sequence[Any]:
    application = in_review()
    for group in SCORERS:
        assigning.invite(application, world.people[group], by=acting(lead()))
    return (application.reference,)


def a_pair(_world: World) -> Sequence[Any]:
    in_review(reference="CI-PAIR-0001"), in_review()
    comparing.compare_all()
    return (DuplicateLink.objects.get().pk,)


def a_joined_pair(world: World) -> Sequence[Any]:
    (pk,) = a_pair(world)
    link = DuplicateLink.objects.get(pk=pk)
    duplicates.merge(link, keep=link.a, by=acting(lead()))
    return (pk,)


def an_example(_world: World) -> Sequence[Any]:
    rubric()
    FormVersionFactory()
    calibration_defaults.ensure()
    return ("rivers",)


ROUTES = [
    Route("onboarding:submit_review_and_next", SCORERS, being_reviewed, method="post"),
    Route("onboarding:stand_by_review", SCORERS, scored_by_all, method="post"),
    Route("onboarding:decline_review", SCORERS, asked_of_all, method="post", data={"reason": "away"}),
    Route("onboarding:review_people", LEADS, being_reviewed),
    Route("onboarding:invite_reviewer", LEADS, being_reviewed, method="post"),
    Route("onboarding:waive_conflict", LEADS, being_reviewed, method="post"),
    Route("onboarding:recuse_reviewer", LEADS, being_reviewed, method="post"),
    Route("onboarding:agreement", SCORERS),
    Route("onboarding:calibration", SCORERS),
    Route("onboarding:calibration_example", SCORERS, an_example),
    Route("onboarding:practise", SCORERS, an_example, method="post"),
    Route("onboarding:duplicates", frozenset({StaffGroup.REVIEW_LEAD})),
    Route("onboarding:merge_duplicates", LEADS, a_pair, method="post", data={"keep": "CI-PAIR-0001"}),
    Route("onboarding:tell_apart", LEADS, a_pair, method="post"),
    Route("onboarding:part_duplicates", LEADS, a_joined_pair, method="post"),
]
