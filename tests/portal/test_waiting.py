"""What waits for a person, source by source."""

import pytest
from django.utils.timezone import now

from communities.models import Community, MatrixTemplateVersion, ResponsibilityMatrix
from communities.roles import Role, StaffGroup
from communities.states import MatrixState
from ground.actors import Actor
from portal.waiting import waiting_for
from tests.factories import CommunityFactory, acting, member, staff

pytestmark = pytest.mark.django_db


def proposed_matrix(community: Community, **fields: object) -> ResponsibilityMatrix:
    template, _ = MatrixTemplateVersion.objects.get_or_create(
        programme=community.programme, number=1, defaults={"areas": [], "sha256": "0" * 64}
    )
    guide = staff(StaffGroup.COMMUNITY_GUIDE)
    return ResponsibilityMatrix.objects.create(
        community=community, template=template, number=1, state=MatrixState.PROPOSED, proposed_by=guide, proposed_at=now(), **fields
    )


def test_a_proposed_matrix_waits_for_the_representative():
    community = CommunityFactory(name="Reef watch")
    proposed_matrix(community)
    waits = waiting_for(acting(member(community, Role.REPRESENTATIVE)))
    assert [wait.url for wait in waits] == [f"/c/{community.slug}/responsibilities/"]
    assert "Reef watch" in waits[0].sentence


def test_a_proposed_matrix_does_not_wait_for_a_member_nor_for_another_community():
    community = CommunityFactory()
    proposed_matrix(community)
    others = [member(community, Role.MEMBER), member(CommunityFactory(), Role.REPRESENTATIVE), staff(StaffGroup.ENGINEER)]
    assert [waiting_for(acting(user)) for user in others] == [[], [], []]


def test_a_proposed_matrix_waits_for_the_provider_until_the_provider_agreed():
    guide = acting(staff(StaffGroup.COMMUNITY_GUIDE))
    matrix = proposed_matrix(CommunityFactory())
    assert len(waiting_for(guide)) == 1
    ResponsibilityMatrix.objects.filter(pk=matrix.pk).update(provider_agreed_by=guide.user, provider_agreed_at=now())
    assert waiting_for(guide) == []


def test_waiting_in_one_community_leaves_out_the_others():
    here, there = CommunityFactory(), CommunityFactory()
    proposed_matrix(here)
    proposed_matrix(there)
    guide = acting(staff(StaffGroup.COMMUNITY_GUIDE))
    assert (len(waiting_for(guide)), len(waiting_for(guide, community=here))) == (2, 1)


def test_nothing_waits_for_a_stranger():
    proposed_matrix(CommunityFactory())
    assert waiting_for(Actor.anonymous()) == []
