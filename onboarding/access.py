"""Who may read, score and decide applications, and who moves an onboarding plan on."""

from django.utils.translation import gettext_lazy as _

from communities.access import right
from communities.models import Community
from communities.roles import STAFF, Role, StaffGroup
from ground.actors import Actor
from onboarding.models import Application, Conflict, Review
from onboarding.models.applications import SEES_EVERY_SENT
from onboarding.states import ReviewState, Supplier

READ_APPLICATIONS = right(
    "onboarding.read_applications",
    _("read applications that were sent and whose e-mail address is confirmed"),
    staff={StaffGroup.REVIEWER, StaffGroup.REVIEW_LEAD, StaffGroup.OPERATOR},
)
HANDLE_APPLICATIONS = right(
    "onboarding.handle_applications",
    _("read every application that was sent, confirm its e-mail address, withdraw it"),
    staff=SEES_EVERY_SENT,
)


def can_see_application(actor: Actor, application: Application) -> bool:
    """The predicate of `Application.objects.visible_to`."""
    if application.is_draft or application.sent_at is None:
        return False
    if HANDLE_APPLICATIONS.is_held_by(actor):
        return True
    return application.is_verified and READ_APPLICATIONS.is_held_by(actor)


SCORE = right(
    "onboarding.score",
    _("score applications, after saying whether there is a conflict of interest"),
    staff={StaffGroup.REVIEWER, StaffGroup.REVIEW_LEAD},
)
PROPOSE = right(
    "onboarding.propose",
    _("answer the gates, propose a decision and write its letter"),
    staff={StaffGroup.REVIEWER, StaffGroup.REVIEW_LEAD},
)
DECIDE = right("onboarding.decide", _("start reviews, approve and release decisions"), staff={StaffGroup.REVIEW_LEAD})
SEE_PLAN = right("onboarding.see_plan", _("see a community's way to its hub"), staff=STAFF, members=Role)
SETTLE_OURS = right(
    "onboarding.settle_ours",
    _("settle what we supply in an onboarding plan"),
    staff={StaffGroup.COMMUNITY_GUIDE, StaffGroup.REVIEW_LEAD, StaffGroup.ENGINEER},
)
SETTLE_THEIRS = right(
    "onboarding.settle_theirs",
    _("settle what the community supplies in its onboarding plan"),
    staff={StaffGroup.COMMUNITY_GUIDE, StaffGroup.REVIEW_LEAD},
    members={Role.REPRESENTATIVE, Role.HUB_CHAMPION},
)


def can_see_review(actor: Actor, review: Review) -> bool:
    """The predicate of `Review.objects.visible_to`: others' reviews open once one's own is submitted."""
    if not SCORE.is_held_by(actor) or _is_conflicted(actor, review):
        return False
    if review.reviewer == actor.user:
        return True
    if not review.is_submitted:
        return False
    own = set(Review.objects.by(actor).live().filter(application=review.application_id).values_list("state", flat=True))
    return ReviewState.SUBMITTED in own or (DECIDE.is_held_by(actor) and ReviewState.DRAFT not in own)


def can_see_meeting(actor: Actor) -> bool:
    """The predicate of `Meeting.objects.visible_to`, and of its items but for conflicts of interest."""
    return SCORE.is_held_by(actor)


def can_settle(actor: Actor, community: Community, *, supplied_by: str) -> bool:
    """Whether this person may settle items of that side of the plan."""
    return (SETTLE_THEIRS if supplied_by == Supplier.COMMUNITY else SETTLE_OURS).is_held_by(actor, community)


def _is_conflicted(actor: Actor, review: Review) -> bool:
    return Conflict.objects.hard().filter(application=review.application_id, person=actor.user).exists()
