"""One Django group a community and role, kept in step with memberships: what the editor grants to, and takes away at once."""

from django.contrib.auth.models import Group

from communities.models import Community, User
from communities.roles import Role, StaffGroup


def name_of(community: Community, role: Role) -> str:
    return f"{community.slug}: {role.value}"


def group_for(community: Community, role: Role) -> Group:
    """The Django group of that role in that community, made when it is missing."""
    return Group.objects.get_or_create(name=name_of(community, role))[0]


def enter(user: User, community: Community, role: Role) -> None:
    user.groups.add(group_for(community, role))


def leave(user: User, community: Community, role: Role) -> None:
    user.groups.remove(*Group.objects.filter(name=name_of(community, role)))


def ensure_staff_groups() -> None:
    """The staff groups, made when missing."""
    for group in StaffGroup:
        Group.objects.get_or_create(name=group.value)
