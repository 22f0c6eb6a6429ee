"""Who gets through to the communities' addresses."""

from communities.models import Membership
from communities.roles import Role, StaffGroup
from tests.access.routes import EVERYBODY, MEMBERS, SIGNED_IN, STAFF, Route, World, of_community
from tests.communities.factories import drafted_matrix, proposed_matrix

MANAGERS = frozenset({Role.REPRESENTATIVE.value, StaffGroup.COMMUNITY_GUIDE.value, StaffGroup.OPERATOR.value})
EDITORS = frozenset({StaffGroup.COMMUNITY_GUIDE.value, StaffGroup.REVIEW_LEAD.value, StaffGroup.OPERATOR.value})
SIGNERS = frozenset({Role.REPRESENTATIVE.value, StaffGroup.COMMUNITY_GUIDE.value, StaffGroup.REVIEW_LEAD.value})


def of_drafted_matrix(world: World) -> tuple[object, ...]:
    drafted_matrix(world.community)
    return (world.community.slug,)


def of_membership(world: World) -> tuple[object, ...]:
    membership = Membership.objects.create(community=world.community, user=world.stranger(), role=Role.MEMBER)
    return (world.community.slug, membership.pk)


def of_proposed_matrix(world: World) -> tuple[object, ...]:
    proposed_matrix(world.community)
    return (world.community.slug,)


def of_matrix_row(world: World) -> tuple[object, ...]:
    return (world.community.slug, proposed_matrix(world.community).rows.first().key)


def of_open_matrix_row(world: World) -> tuple[object, ...]:
    return (world.community.slug, proposed_matrix(world.community).rows.get(party="unset").key)


ROUTES = [
    Route("communities:rules", EVERYBODY),
    Route("communities:people", MEMBERS | STAFF, of_community),
    Route("communities:change_role", MANAGERS, of_membership, "post", {"role": "nonsense"}),
    Route("communities:remove_person", MANAGERS, of_membership, "post"),
    Route("communities:responsibilities", MEMBERS | STAFF, of_community),
    Route("communities:propose_matrix", EDITORS, of_drafted_matrix, "post"),
    Route("communities:agree_matrix", SIGNERS, of_proposed_matrix, "post"),
    Route("communities:change_responsibility", EDITORS, of_matrix_row, "post", {"party": "nonsense"}),
    Route("communities:change_responsibility", EDITORS | {Role.REPRESENTATIVE.value}, of_open_matrix_row, "post", {"party": "nonsense"}),
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
