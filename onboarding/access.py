"""Who may read, score and decide applications, and who moves an onboarding plan on."""

from django.utils.translation import gettext_lazy as _

from communities.access import right
from communities.models import Community, Programme
from communities.roles import STAFF, Role, StaffGroup
from ground.actors import Actor
from onboarding.models import Application, Assignment, Conflict, Review, ReviewPolicy
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
    if application.is_draft or application.sent_at is None or application.is_calibration:
        return False
    if HANDLE_APPLICATIONS.is_held_by(actor):
        return True
    return application.is_verified and READ_APPLICATIONS.is_held_by(actor) and _is_given(actor, application)


def _is_given(actor: Actor, application: Application) -> bool:
    """Whether a reviewer may read it: anyone, or where the programme says so, who was asked to or has begun."""
    if not ReviewPolicy.of(application.programme_id).assigned_only:
        return True
    asked = Assignment.objects.of(actor).standing().filter(application=application)
    return asked.exists() or Review.objects.by(actor).live().filter(application=application).exists()


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
ASSIGN = right(
    "onboarding.assign", _("ask people to review, waive conflicts, join applications that are one"), staff={StaffGroup.REVIEW_LEAD}
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
    """The predicate of `Review.objects.visible_to`: others' reviews open once one's own is in, or as the programme's policy says."""
    if not SCORE.is_held_by(actor) or _is_conflicted(actor, review.application):
        return False
    if review.reviewer == actor.user:
        return True
    return review.is_submitted and sees_others(actor, review.application)


def sees_others(actor: Actor, application: Application) -> bool:
    """Whether this person may know what others say of an application, and every number made of it: the predicate of `opened_to`."""
    if not SCORE.is_held_by(actor) or _is_conflicted(actor, application):
        return False
    policy, own = ReviewPolicy.of(application.programme_id).see_others, _own_states(actor, application)
    if DECIDE.is_held_by(actor):
        return ReviewState.DRAFT not in own or _is_open(policy, own, actor, application)
    return can_see_application(actor, application) and _is_open(policy, own, actor, application)


def _is_open(policy: str, own: set[str], actor: Actor, application: Application) -> bool:
    if policy == ReviewPolicy.SeeOthers.ALWAYS and Conflict.objects.filter(application=application, person=actor.user).exists():
        return True
    return policy != ReviewPolicy.SeeOthers.NEVER and ReviewState.SUBMITTED in own


def _own_states(actor: Actor, application: Application) -> set[str]:
    return set(Review.objects.by(actor).live().filter(application=application).values_list("state", flat=True))


def sees_people(actor: Actor, programme: Programme | int) -> bool:
    """Whether answers that a form flags as about a person are shown to this reader."""
    return DECIDE.is_held_by(actor) or HANDLE_APPLICATIONS.is_held_by(actor) or not ReviewPolicy.of(programme).hide_people


def can_settle(actor: Actor, community: Community, *, supplied_by: str) -> bool:
    """Whether this person may settle items of that side of the plan."""
    return (SETTLE_THEIRS if supplied_by == Supplier.COMMUNITY else SETTLE_OURS).is_held_by(actor, community)


def _is_conflicted(actor: Actor, application: Application) -> bool:
    return Conflict.objects.hard().filter(application=application, person=actor.user).exists()
