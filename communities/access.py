"""Rights: each is declared once by the app it belongs to, asked for by predicates and views, and printed in docs/roles.md."""

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from communities.models import Community, MatrixComment, ResponsibilityMatrix
from communities.roles import STAFF, Role, StaffGroup
from communities.states import MatrixState, Side
from ground.actors import ActingRequest, Actor

Parameters = ParamSpec("Parameters")
View = Callable[Concatenate[ActingRequest, Parameters], HttpResponseBase]


@dataclass(frozen=True)
class Right:
    """Something that a staff group may do everywhere, and a role within its own community."""

    key: str
    words: str | Promise
    staff: frozenset[StaffGroup]
    members: frozenset[Role]

    def is_held_by(self, actor: Actor, community: "Community | int | None" = None) -> bool:
        """Whether the actor may; without a community only the staff groups count."""
        user = actor.user
        if user is None or not user.is_active:
            return False
        if user.is_superuser or user.staff_groups & self.staff:
            return True
        return community is not None and bool(roles_in(actor, community) & self.members)


RIGHTS: dict[str, Right] = {}


def right(key: str, words: str | Promise, *, staff: Iterable[StaffGroup] = (), members: Iterable[Role] = ()) -> Right:
    """Declare a right. Its key is `room.verb`; the words finish “may …”."""
    RIGHTS[key] = Right(key, words, frozenset(staff), frozenset(members))
    return RIGHTS[key]


def roles_in(actor: Actor, community: "Community | int") -> frozenset[str]:
    """The actor's roles in that community."""
    if actor.user is None:
        return frozenset()
    key = community if isinstance(community, int) else community.pk
    return actor.user.roles_by_community.get(key, frozenset())


def is_staff(actor: Actor) -> bool:
    """Whether the actor is one of the organisation's own people."""
    return actor.user is not None and (actor.user.is_superuser or bool(actor.user.staff_groups & STAFF))


def lacks_second_factor(actor: Actor) -> bool:
    """Whether this is staff without a one-time code or a passkey: such a person gets nothing of ours yet."""
    return actor.user is not None and is_staff(actor) and not actor.user.has_second_step


def can_see_community(actor: Actor, community: Community) -> bool:
    """The predicate of `Community.objects.visible_to`."""
    return is_staff(actor) or bool(roles_in(actor, community))


def signed_in(view: "View[Parameters]") -> "View[Parameters]":
    """Send whoever is not signed in to the login, and bring them back."""

    @functools.wraps(view)
    def guarded(request: ActingRequest, *args: Parameters.args, **kwargs: Parameters.kwargs) -> HttpResponseBase:
        if request.actor.user is None:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return guarded


def needs(*rights: Right) -> "Callable[[View[Parameters]], View[Parameters]]":
    """A staff page: login for a stranger, 404 for who holds none of the rights."""

    def guard(view: "View[Parameters]") -> "View[Parameters]":
        @functools.wraps(view)
        @signed_in
        def guarded(request: ActingRequest, *args: Parameters.args, **kwargs: Parameters.kwargs) -> HttpResponseBase:
            if not any(each.is_held_by(request.actor) for each in rights):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return guard


def side_of(actor: Actor, community: "Community | int") -> Side | None:
    """The side this actor speaks for: that of the community for who belongs to it, ours for staff."""
    if roles_in(actor, community):
        return Side.COMMUNITY
    return Side.PROVIDER if is_staff(actor) else None


def can_see_matrix(actor: Actor, matrix: ResponsibilityMatrix) -> bool:
    """The predicate of `ResponsibilityMatrix.objects.visible_to`."""
    return is_staff(actor) or (bool(roles_in(actor, matrix.community_id)) and matrix.state != MatrixState.DRAFT)


def can_read_comment(actor: Actor, comment: MatrixComment) -> bool:
    """The predicate of `MatrixComment.objects.visible_to`."""
    return can_see_matrix(actor, comment.row.matrix)


def community_or_404(actor: Actor, slug: str) -> Community:
    """The community of a page, if this actor may know of it."""
    try:
        return Community.objects.visible_to(actor).get(slug=slug)
    except Community.DoesNotExist as error:
        raise Http404 from error


SEE_PEOPLE = right("communities.see_people", _("see who belongs to a community"), staff=STAFF, members=Role)
MANAGE_PEOPLE = right(
    "communities.manage_people",
    _("invite people, change their role and remove them"),
    staff={StaffGroup.COMMUNITY_GUIDE, StaffGroup.OPERATOR},
    members={Role.REPRESENTATIVE},
)
EDIT_MATRIX = right(
    "communities.edit_matrix",
    _("draft and propose a responsibility matrix"),
    staff={StaffGroup.COMMUNITY_GUIDE, StaffGroup.REVIEW_LEAD, StaffGroup.OPERATOR},
)
SETTLE_MATRIX = right("communities.settle_matrix", _("decide what a proposed matrix leaves open"), members={Role.REPRESENTATIVE})
AGREE_FOR_PROVIDER = right(
    "communities.agree_for_provider",
    _("agree to a responsibility matrix for us"),
    staff={StaffGroup.COMMUNITY_GUIDE, StaffGroup.REVIEW_LEAD},
)
AGREE_FOR_COMMUNITY = right(
    "communities.agree_for_community", _("agree to a responsibility matrix for the community"), members={Role.REPRESENTATIVE}
)
PROPOSE_MATRIX = right(
    "communities.propose_matrix",
    _("propose a change of an agreed responsibility matrix, and withdraw it"),
    staff={StaffGroup.COMMUNITY_GUIDE, StaffGroup.REVIEW_LEAD, StaffGroup.OPERATOR},
    members={Role.REPRESENTATIVE},
)
COMMENT_MATRIX = right(
    "communities.comment_matrix",
    _("comment on the rows of a proposed responsibility matrix"),
    staff={StaffGroup.COMMUNITY_GUIDE, StaffGroup.REVIEW_LEAD, StaffGroup.ENGINEER, StaffGroup.OPERATOR},
    members=set(Role) - {Role.MEMBER},
)
SET_REVIEW_DATE = right(
    "communities.set_review_date",
    _("change the day on which an agreed responsibility matrix is looked at again"),
    staff={StaffGroup.COMMUNITY_GUIDE, StaffGroup.OPERATOR},
)
PUBLISH_TEMPLATE = right(
    "communities.publish_matrix_template",
    _("edit and publish the template of responsibility matrices"),
    staff={StaffGroup.OPERATOR},
)
SEE_METRICS = right("ground.see_metrics", _("read the site's metrics"), staff={StaffGroup.ENGINEER, StaffGroup.OPERATOR})
