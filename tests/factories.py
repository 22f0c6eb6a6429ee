"""People and communities for tests, made as the product makes them."""

from typing import Any

import factory
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from factory.django import DjangoModelFactory

from communities import groups
from communities.models import Community, Membership, Programme, User
from communities.roles import Role, StaffGroup
from ground.actors import Actor


class ProgrammeFactory(DjangoModelFactory):
    class Meta:
        model = Programme
        django_get_or_create = ("slug",)

    slug = "default"
    name = "Community hubs"
    is_default = True


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")
    password = "!"


class CommunityFactory(DjangoModelFactory):
    class Meta:
        model = Community

    slug = factory.Sequence(lambda n: f"community-{n}")
    name = factory.Sequence(lambda n: f"Community {n}")
    programme = factory.SubFactory(ProgrammeFactory)


def member(community: Community, role: Role = Role.REPRESENTATIVE, **fields: Any) -> User:
    """A person with that role in the community, and in its group."""
    user = UserFactory(**fields)
    Membership.objects.create(community=community, user=user, role=role)
    groups.enter(user, community, role)
    return User.objects.get(pk=user.pk)


def staff(*staff_groups: StaffGroup, **fields: Any) -> User:
    """A person in those staff groups, with a second factor."""
    user = UserFactory(**fields)
    for group in staff_groups:
        user.groups.add(Group.objects.get_or_create(name=group.value)[0])
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "for tests"})
    return User.objects.get(pk=user.pk)


def acting(user: User) -> Actor:
    return Actor.person(user)
