"""Who gets through to the addresses of the responsibility matrix."""

from communities.roles import Role, StaffGroup
from tests.access.routes import MEMBERS, STAFF, Route, World, of_community
from tests.communities.factories import agreed_matrix, commented, drafted_matrix, proposed_change, proposed_matrix, review_due

EDITORS = frozenset({StaffGroup.COMMUNITY_GUIDE.value, StaffGroup.REVIEW_LEAD.value, StaffGroup.OPERATOR.value})
SIGNERS = frozenset({Role.REPRESENTATIVE.value, StaffGroup.COMMUNITY_GUIDE.value, StaffGroup.REVIEW_LEAD.value})
PROPOSERS = EDITORS | {Role.REPRESENTATIVE.value}
SPEAKERS = EDITORS | {StaffGroup.ENGINEER.value} | (MEMBERS - {Role.MEMBER.value})
GUIDES = frozenset({StaffGroup.COMMUNITY_GUIDE.value, StaffGroup.OPERATOR.value})


def of_drafted(world: World) -> tuple[object, ...]:
    drafted_matrix(world.community)
    return (world.community.slug,)


def of_proposed(world: World) -> tuple[object, ...]:
    proposed_matrix(world.community)
    return (world.community.slug,)


def of_agreed(world: World) -> tuple[object, ...]:
    agreed_matrix(world.community)
    return (world.community.slug,)


def of_agreed_number(world: World) -> tuple[object, ...]:
    return (world.community.slug, agreed_matrix(world.community).number)


def of_draft_number(world: World) -> tuple[object, ...]:
    return (world.community.slug, drafted_matrix(world.community).number)


def of_change(world: World) -> tuple[object, ...]:
    proposed_change(world.community)
    return (world.community.slug,)


def of_due(world: World) -> tuple[object, ...]:
    review_due(world.community)
    return (world.community.slug,)


def of_row(world: World) -> tuple[object, ...]:
    return (world.community.slug, proposed_matrix(world.community).rows.first().key)


def of_drafted_row(world: World) -> tuple[object, ...]:
    return (world.community.slug, drafted_matrix(world.community).rows.first().key)


def of_open_row(world: World) -> tuple[object, ...]:
    return (world.community.slug, proposed_matrix(world.community).rows.get(party="unset").key)


def of_row_of_change(world: World) -> tuple[object, ...]:
    return (world.community.slug, proposed_change(world.community).rows.first().key)


def of_comment(world: World) -> tuple[object, ...]:
    return (world.community.slug, commented(proposed_matrix(world.community)).pk)


ROUTES = [
    Route("communities:responsibilities", MEMBERS | STAFF, of_community),
    Route("communities:responsibilities", MEMBERS | STAFF, of_change),
    Route("communities:propose_matrix", EDITORS, of_drafted, "post"),
    Route("communities:agree_matrix", SIGNERS, of_proposed, "post"),
    Route("communities:read_matrix", SIGNERS, of_proposed, "post"),
    Route("communities:print_matrix", MEMBERS | STAFF, of_agreed),
    Route("communities:print_numbered_matrix", MEMBERS | STAFF, of_agreed_number),
    Route("communities:print_numbered_matrix", STAFF, of_draft_number),
    Route("communities:numbered_matrix", MEMBERS | STAFF, of_agreed_number),
    Route("communities:numbered_matrix", STAFF, of_draft_number),
    Route("communities:matrix_history", MEMBERS | STAFF, of_agreed),
    Route("communities:propose_matrix_change", PROPOSERS, of_agreed),
    Route("communities:propose_matrix_change", PROPOSERS, of_agreed, "post"),
    Route("communities:withdraw_matrix", PROPOSERS, of_change, "post", {"reason": "Not now."}),
    Route("communities:renew_matrix", SIGNERS, of_due, "post"),
    Route("communities:set_review_date", GUIDES, of_agreed, "post", {"day": "nonsense"}),
    Route("communities:newer_template", PROPOSERS, of_agreed),
    Route("communities:newer_template", PROPOSERS, of_agreed, "post"),
    Route("communities:responsibility", MEMBERS | STAFF, of_row),
    Route("communities:responsibility", STAFF, of_drafted_row),
    Route("communities:responsibility", EDITORS, of_row, "post", {"party": "nonsense"}),
    Route("communities:responsibility", PROPOSERS, of_open_row, "post", {"party": "nonsense"}),
    Route("communities:responsibility", PROPOSERS, of_row_of_change, "post", {"party": "nonsense"}),
    Route("communities:comment_responsibility", SPEAKERS, of_row, "post", {"text": "Who pays in August?"}),
    Route("communities:resolve_comment", SPEAKERS, of_comment, "post"),
]
