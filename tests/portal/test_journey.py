"""The way of a community, step by step."""

import pytest
from django.utils.timezone import now

from communities.models import MatrixTemplateVersion, ResponsibilityMatrix
from communities.states import MatrixState
from hubs.states import HubState
from portal import journey
from portal.journey import StepState
from tests.factories import CommunityFactory, UserFactory
from tests.hubs.factories import HubFactory

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
    ("state", "step"), [(HubState.LIVE, StepState.DONE), (HubState.TROUBLED, StepState.STUCK), (HubState.RECORDED, StepState.NOW)]
)
def test_a_hub_is_live_only_when_it_was_seen_running(state: HubState, step: StepState):
    assert journey.live([HubFactory(state=state)]).state == step
