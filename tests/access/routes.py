"""One row a route: who gets through. Each room lists its own in `tests/<room>/routes.py` as `ROUTES`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from communities.models import Community, User
from communities.roles import Role, StaffGroup
from tests.factories import CommunityFactory, UserFactory, member, staff

ANONYMOUS = "anonymous"
OUTSIDER = "outsider"  # the representative of another community
NOBODY: frozenset[str] = frozenset()
MEMBERS = frozenset(Role.values)
STAFF = frozenset(StaffGroup.values)
SIGNED_IN = MEMBERS | STAFF | {OUTSIDER}
EVERYBODY = SIGNED_IN | {ANONYMOUS}
WHO = sorted(EVERYBODY)


@dataclass
class World:
    """One community with somebody in every role, another community, and somebody in every staff group."""

    community: Community = field(default_factory=lambda: CommunityFactory(slug="coastal", name="Coastal"))
    other: Community = field(default_factory=lambda: CommunityFactory(slug="other", name="Other"))

    @cached_property
    def people(self) -> dict[str, User | None]:
        inside: dict[str, User | None] = {role.value: member(self.community, role, name=role.value) for role in Role}
        employees = {group.value: staff(group, name=group.value) for group in StaffGroup}
        return {ANONYMOUS: None, OUTSIDER: member(self.other, Role.REPRESENTATIVE, name=OUTSIDER), **inside, **employees}

    def stranger(self) -> User:
        return UserFactory()


Args = Callable[[World], Sequence[Any]]


def of_community(world: World) -> Sequence[Any]:
    return (world.community.slug,)


@dataclass(frozen=True)
class Route:
    """Who of WHO gets through to a named route; everybody else gets the login (anonymous) or 404.

    `args` builds what the address needs, in the community of the world; `method` is how it is asked for;
    an API route answers 401 to who has no token, and 403 or 404 to who may not.
    """

    name: str
    allowed: frozenset[str]
    args: Args = lambda _world: ()
    method: str = "get"
    data: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    api: bool = False
