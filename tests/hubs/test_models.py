"""What the database refuses, and that predicates and querysets agree."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from communities.roles import Role, StaffGroup
from ground.actors import Actor
from hubs import access
from hubs.models import Cluster, Hub, HubRequest
from tests.factories import CommunityFactory, UserFactory, acting, member, staff
from tests.hubs.factories import ClusterFactory, HubFactory, HubRequestFactory

pytestmark = pytest.mark.django_db


def refused(**fields: object) -> bool:
    """Does the database refuse a request with these fields?"""
    try:
        with transaction.atomic():
            HubRequestFactory(**fields)
    except IntegrityError:
        return True
    return False


def test_a_second_draft_of_the_same_kind_is_refused():
    first = HubRequestFactory()
    assert refused(community=first.community)
    assert not refused(community=first.community, kind="event")


def test_who_approved_and_when_come_together():
    assert refused(approved_by=UserFactory())
    assert refused(approved_at=timezone.now())


def test_one_person_is_not_two():
    one, other = UserFactory(), UserFactory()
    now = timezone.now()
    assert refused(approved_by=one, approved_at=now, second_approved_by=one, second_approved_at=now)
    assert not refused(approved_by=one, approved_at=now, second_approved_by=other, second_approved_at=now)


def test_carrying_out_takes_an_approved_plan_and_closing_takes_two_approvals():
    approved = {"approved_by": UserFactory(), "approved_at": timezone.now()}
    assert refused(state="approved", plan_digest="sha256:1")
    assert refused(state="approved", **approved)
    assert not refused(state="approved", plan_digest="sha256:1", **approved)
    assert refused(kind="decommission", state="approved", plan_digest="sha256:1", **approved)


def test_a_rejection_has_a_reason():
    assert refused(state="rejected")
    assert not refused(state="rejected", reason="No money.")


def test_two_running_hubs_do_not_share_an_address():
    HubFactory(domain="a.example")
    HubFactory(domain="a.example", state="ended")
    with pytest.raises(IntegrityError), transaction.atomic():
        HubFactory(domain="a.example")


def test_predicates_equal_querysets_for_every_role():
    community, other = CommunityFactory(), CommunityFactory()
    for home in (community, other):
        HubFactory(community=home)
        HubRequestFactory(community=home)
    HubFactory(community=None)
    ClusterFactory()
    people = [
        *(member(community, role) for role in Role),
        *(staff(group) for group in StaffGroup),
        UserFactory(),
        UserFactory(is_superuser=True),
    ]
    for actor in [Actor.anonymous(), Actor.system(), *map(acting, people)]:
        for model, can_see in ((Hub, access.can_see_hub), (HubRequest, access.can_see_request), (Cluster, access.can_see_cluster)):
            seen = {row.pk for row in model.objects.visible_to(actor)}
            assert seen == {row.pk for row in model.objects.all() if can_see(actor, row)}, (actor, model)
    assert Hub.objects.visible_to(acting(people[0])).count() == 1
    assert Hub.objects.visible_to(acting(people[10])).count() == 3
