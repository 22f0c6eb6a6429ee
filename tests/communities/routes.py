"""Who gets through to the communities' addresses."""

from communities.models import Membership
from communities.roles import Role, StaffGroup
from tests.access.routes import EVERYBODY, MEMBERS, SIGNED_IN, STAFF, Route, World, of_community
from tests.communities import matrix_routes

MANAGERS = frozenset({Role.REPRESENTATIVE.value, StaffGroup.COMMUNITY_GUIDE.value, StaffGroup.OPERATOR.value})


def of_membership(world: World) -> tuple[object, ...]:
    membership = Membership.objects.create(community=world.community, user=world.stranger(), role=Role.MEMBER)
    return (world.community.slug, membership.pk)


ROUTES = [
    Route("communities:rules", EVERYBODY),
    Route("communities:people", MEMBERS | STAFF, of_community),
    Route("communities:change_role", MANAGERS, of_membership, "post", {"role": "nonsense"}),
    Route("communities:remove_person", MANAGERS, of_membership, "post"),
    *matrix_routes.ROUTES,
    Route("communities:settings", SIGNED_IN),
    Route("communities:tokens", SIGNED_IN),
    Route("communities:revoke_token", frozenset(), lambda _world: (1,), "post"),
    Route("communities:my_data", SIGNED_IN),
    Route("communities:metrics", frozenset({StaffGroup.ENGINEER.value, StaffGroup.OPERATOR.value}), api=True),
    Route("api:community-list", SIGNED_IN, api=True),
    Route("api:community-detail", MEMBERS | STAFF, of_community, api=True),
    Route("api:api-root", SIGNED_IN, api=True),
    Route("schema", EVERYBODY, api=True),
    Route("api_docs", EVERYBODY, api=True),
]
