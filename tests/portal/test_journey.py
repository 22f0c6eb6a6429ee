"""The way of a community, step by step."""

import pytest
from django.utils.timezone import now

from communities.models import MatrixTemplateVersion, ResponsibilityMatrix
from communities.states import MatrixState
from hubs.models import HubRequest
from hubs.states import HubState, RequestState
from portal import journey
from portal.journey import StepState
from tests.communities.factories import proposed_change
from tests.factories import CommunityFactory, UserFactory
from tests.hubs.factories import HubFactory, HubRequestFactory

pytestmark = pytest.mark.django_db


def test_the_way_begins_with_the_acceptance_and_ends_with_a_live_hub():
    steps = journey.journey(CommunityFactory(), [])
    assert [step.state for step in steps] == [
        StepState.DONE,
        StepState.NOW,
        StepState.NEXT,
        StepState.NEXT,
        StepState.NEXT,
        StepState.NEXT,
    ]
    assert (steps[0].title, steps[-1].title) == ("Application accepted", "Your hub goes live")


@pytest.mark.parametrize(
    ("agreed", "detail"),
    [
        ((), "waits for your representative and for us"),
        (("provider",), "waits for your representative"),
        (("community",), "waits for us"),
    ],
)
def test_a_proposed_matrix_says_whom_it_waits_for(agreed: tuple[str, ...], detail: str):
    community = CommunityFactory()
    template = MatrixTemplateVersion.objects.create(programme=community.programme, number=1, areas=[], sha256="0" * 64)
    signed = {f"{side}_agreed_{what}": value for side in agreed for what, value in (("by", UserFactory()), ("at", now()))}
    ResponsibilityMatrix.objects.create(
        community=community, template=template, number=1, state=MatrixState.PROPOSED, proposed_by=UserFactory(), proposed_at=now(), **signed
    )
    step = journey.responsibilities(community)
    assert (step.state, step.detail) == (StepState.NOW, detail)


@pytest.mark.parametrize(
    ("state", "described", "made"),
    [
        (RequestState.DRAFT, StepState.NOW, StepState.NEXT),
        (RequestState.RETURNED, StepState.NOW, StepState.NEXT),
        (RequestState.SUBMITTED, StepState.DONE, StepState.NOW),
        (RequestState.PLANNED, StepState.DONE, StepState.NOW),
        (RequestState.APPROVED, StepState.DONE, StepState.NOW),
        (RequestState.DEPLOYING, StepState.DONE, StepState.NOW),
        (RequestState.WAITING, StepState.DONE, StepState.NOW),
        (RequestState.FAILED, StepState.DONE, StepState.STUCK),
        (RequestState.SUCCEEDED, StepState.DONE, StepState.DONE),
        (RequestState.REJECTED, StepState.NEXT, StepState.NEXT),
        (RequestState.CANCELLED, StepState.NEXT, StepState.NEXT),
    ],
)
def test_the_hub_request_carries_two_steps(state: RequestState, described: StepState, made: StepState):
    request = HubRequest(community=CommunityFactory(), reference="HR-1", state=state)
    assert (journey.hub_described(request).state, journey.hub_made(request).state) == (described, made)


@pytest.mark.parametrize(
    ("state", "step"), [(HubState.LIVE, StepState.DONE), (HubState.TROUBLED, StepState.STUCK), (HubState.RECORDED, StepState.NOW)]
)
def test_a_hub_is_live_only_when_it_was_seen_running(state: HubState, step: StepState):
    assert journey.live([HubFactory(state=state)]).state == step


def test_the_newest_request_for_a_hub_tells():
    community = CommunityFactory()
    HubRequestFactory(community=community, state=RequestState.CANCELLED)
    HubRequestFactory(community=community)
    assert [step.state for step in journey.journey(community, [])][3:5] == [StepState.NOW, StepState.NEXT]


def test_a_change_of_what_was_agreed_takes_no_step_back():
    community = CommunityFactory()
    proposed_change(community)
    assert journey.responsibilities(community).state == StepState.DONE
