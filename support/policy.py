"""Who sees which tickets, as plain rules that the queryset and the predicate both read."""

from communities.roles import Role, StaffGroup
from ground.actors import Actor

DESK_GROUPS = frozenset(
    {StaffGroup.SUPPORT_AGENT, StaffGroup.SUPPORT_TRIAGER, StaffGroup.ENGINEER, StaffGroup.COMMUNITY_GUIDE, StaffGroup.OPERATOR}
)
TEAM_ROLES = frozenset({Role.REPRESENTATIVE, Role.HUB_CHAMPION})


def is_desk_staff(actor: Actor) -> bool:
    """Whether this is one of the people who work at the desk."""
    return actor.user is not None and (actor.user.is_superuser or bool(actor.user.staff_groups & DESK_GROUPS))


def communities_of(actor: Actor) -> frozenset[int]:
    """The keys of the communities this person belongs to."""
    return frozenset(actor.user.roles_by_community) if actor.user else frozenset()


def teams_of(actor: Actor) -> frozenset[int]:
    """The keys of the communities whose every ticket this person may follow."""
    if actor.user is None:
        return frozenset()
    return frozenset(key for key, roles in actor.user.roles_by_community.items() if roles & TEAM_ROLES)


def represented_by(actor: Actor) -> frozenset[int]:
    """The keys of the communities this person represents."""
    return _with_role(actor, Role.REPRESENTATIVE)


def championed_by(actor: Actor) -> frozenset[int]:
    """The keys of the communities whose hub champion this person is."""
    return _with_role(actor, Role.HUB_CHAMPION)


def _with_role(actor: Actor, role: Role) -> frozenset[int]:
    if actor.user is None:
        return frozenset()
    return frozenset(key for key, roles in actor.user.roles_by_community.items() if role in roles)
