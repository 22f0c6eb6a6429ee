"""Inviting, changing and removing people."""

import pytest

from communities import people
from communities.models import Membership, User
from communities.roles import Role
from ground.actors import Actor
from ground.models import OutgoingMail
from tests.factories import CommunityFactory, acting, member

pytestmark = pytest.mark.django_db


def test_invite_a_stranger_makes_an_account_a_membership_and_a_mail():
    community = CommunityFactory(language="es")
    people.invite(community, email=" Ana@Example.org ", role=Role.HUB_CHAMPION, by=Actor.system(), name="Ana")
    ana = User.objects.get(email="ana@example.org")
    assert (ana.name, ana.language, ana.roles_by_community) == ("Ana", "es", {community.pk: {Role.HUB_CHAMPION}})
    assert list(ana.groups.values_list("name", flat=True)) == [f"{community.slug}: hub_champion"]
    assert OutgoingMail.objects.get().to == ["ana@example.org"]


def test_invite_twice_is_once():
    community = CommunityFactory()
    for _ in range(2):
        people.invite(community, email="ana@example.org", role=Role.MEMBER, by=Actor.system())
    assert (Membership.objects.count(), OutgoingMail.objects.count()) == (1, 1)


def test_remove_the_last_representative_is_refused_and_changes_nothing():
    community = CommunityFactory()
    ana = member(community, Role.REPRESENTATIVE)
    with pytest.raises(people.LastRepresentative):
        people.remove(ana.memberships.get(), by=acting(ana))
    assert ana.memberships.count() == 1
    assert ana.groups.count() == 1


def test_remove_a_champion_ends_every_right_at_once():
    community = CommunityFactory()
    ana, ben = member(community, Role.REPRESENTATIVE), member(community, Role.HUB_CHAMPION)
    people.remove(ben.memberships.get(), by=acting(ana))
    ben = User.objects.get(pk=ben.pk)
    assert (ben.roles_by_community, ben.groups.count()) == ({}, 0)


def test_change_the_role_of_one_of_two_representatives_moves_the_groups():
    community = CommunityFactory()
    ana, ben = member(community, Role.REPRESENTATIVE), member(community, Role.REPRESENTATIVE)
    people.change_role(ben.memberships.get(), role=Role.MEMBER, by=acting(ana))
    ben = User.objects.get(pk=ben.pk)
    assert (ben.roles_by_community, list(ben.groups.values_list("name", flat=True))) == (
        {community.pk: {Role.MEMBER}},
        [f"{community.slug}: member"],
    )
