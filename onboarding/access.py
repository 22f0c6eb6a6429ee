"""Who may read, score and decide applications, and who moves an onboarding plan on."""

from django.utils.translation import gettext_lazy as _

from communities.access import can_see_community, right
from communities.models import Community, Programme
from communities.roles import STAFF, Role, StaffGroup
from ground.actors import Actor
from onboarding.models import Application, ApplicationFile, Assignment, Conflict, OnboardingPlan, Question, Review, ReviewPolicy
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
ASK = right(
    "onboarding.ask",
    _("ask an applicant something about what was sent"),
    staff={StaffGroup.REVIEWER, StaffGroup.REVIEW_LEAD},
)
EDIT_WORDS = right("onboarding.edit_words", _("edit and publish statements and letter templates, in /cms/"), staff={StaffGroup.OPERATOR})
EDIT_POLICIES = right("onboarding.edit_policies", _("change the programmes’ policies, in /cms/"), staff={StaffGroup.OPERATOR})
SEE_FIGURES = right(
    "onboarding.see_figures",
    _("see the figures of applications, reviews and events"),
    staff={StaffGroup.REVIEW_LEAD, StaffGroup.OPERATOR, StaffGroup.COMMUNITY_GUIDE},
)
HANDLE_PRIVACY = right(
    "onboarding.handle_privacy",
    _("answer people who ask to be forgotten"),
    staff={StaffGroup.REVIEW_LEAD, StaffGroup.OPERATOR},
)
EDIT_RETENTION = right(
    "onboarding.edit_retention", _("change how long the people in applications are kept, in /cms/"), staff={StaffGroup.OPERATOR}
)
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

EDIT_FORMS = right("onboarding.edit_forms", _("edit and publish forms, the rubric and the onboarding plan"), staff={StaffGroup.OPERATOR})


def can_have_file(actor: Actor, file: ApplicationFile) -> bool:
    """The predicate of `ApplicationFile.objects.visible_to`."""
    read = [each for each in (file.application, file.application.duplicate_of) if each is not None]
    return file.removed_at is None and file.sent_at is not None and any(can_see_application(actor, each) for each in read)


def can_see_question(actor: Actor, question: Question) -> bool:
    """The predicate of `Question.objects.visible_to`."""
    return can_see_application(actor, question.application)


def can_see_review(actor: Actor, review: Review) -> bool:
    """The predicate of `Review.objects.visible_to`: others' reviews open once one's own is in, or as the programme's policy says."""
    if not SCORE.is_held_by(actor) or _is_conflicted(actor, review.application):
        return False
    if review.reviewer == actor.user:
        return True
    return review.is_submitted and sees_others(actor, review.application)


def sees_others(actor: Actor, application: Application) -> bool:
    """Whether this person may know what others say of an application, and every number made of it: the predicate of `opened_to`."""
    if not SCORE.is_held_by(actor) or not Conflict.objects.clear().filter(application=application, person=actor.user).exists():
        return False
    policy, own = ReviewPolicy.of(application.programme_id).see_others, _own_states(actor, application)
    if DECIDE.is_held_by(actor):
        return ReviewState.DRAFT not in own or _is_open(policy, own)
    return can_see_application(actor, application) and _is_open(policy, own)


def _is_open(policy: str, own: set[str]) -> bool:
    if policy == ReviewPolicy.SeeOthers.ALWAYS:
        return True
    return policy != ReviewPolicy.SeeOthers.NEVER and ReviewState.SUBMITTED in own


def _own_states(actor: Actor, application: Application) -> set[str]:
    return set(Review.objects.by(actor).live().filter(application=application).values_list("state", flat=True))


def sees_people(actor: Actor, programme: Programme | int) -> bool:
    """Whether answers that a form flags as about a person are shown to this reader."""
    return DECIDE.is_held_by(actor) or HANDLE_APPLICATIONS.is_held_by(actor) or not ReviewPolicy.of(programme).hide_people


def can_see_meeting(actor: Actor) -> bool:
    """The predicate of `Meeting.objects.visible_to`, and of its items but for conflicts of interest."""
    return SCORE.is_held_by(actor)


def can_settle(actor: Actor, community: Community, *, supplied_by: str) -> bool:
    """Whether this person may settle items of that side of the plan."""
    return (SETTLE_THEIRS if supplied_by == Supplier.COMMUNITY else SETTLE_OURS).is_held_by(actor, community)


def _is_conflicted(actor: Actor, application: Application) -> bool:
    return Conflict.objects.hard().filter(application=application, person=actor.user).exists()


SEE_PLANS = right(
    "onboarding.see_plans",
    _("see every community on its way to a hub, and whom each waits for"),
    staff={StaffGroup.COMMUNITY_GUIDE, StaffGroup.REVIEW_LEAD, StaffGroup.ENGINEER, StaffGroup.OPERATOR},
)
ASK_COMMUNITY = right(
    "onboarding.ask_community",
    _("send a community a link to the questions that are missing, and revoke it"),
    staff={StaffGroup.COMMUNITY_GUIDE, StaffGroup.REVIEW_LEAD, StaffGroup.ENGINEER},
)
ANSWER = right(
    "onboarding.answer",
    _("answer what the community owes its onboarding plan"),
    members={Role.REPRESENTATIVE, Role.HUB_CHAMPION},
)
VALIDATE = right(
    "onboarding.validate",
    _("say that a new hub is good, or what it still needs"),
    staff={StaffGroup.COMMUNITY_GUIDE, StaffGroup.REVIEW_LEAD, StaffGroup.ENGINEER},
    members={Role.REPRESENTATIVE},
)
GUIDE = right(
    "onboarding.guide",
    _("take a community live, record and renew its agreement, begin and finish its end"),
    staff={StaffGroup.COMMUNITY_GUIDE, StaffGroup.REVIEW_LEAD},
)
STATE_VALUE = right(
    "onboarding.state_value",
    _("state how many people used a hub"),
    staff={StaffGroup.COMMUNITY_GUIDE, StaffGroup.REVIEW_LEAD},
    members={Role.REPRESENTATIVE},
)
SETTLE_DATA = right(
    "onboarding.settle_data",
    _("say that an ending hub is no longer used and what becomes of its data"),
    staff={StaffGroup.COMMUNITY_GUIDE, StaffGroup.REVIEW_LEAD},
    members={Role.REPRESENTATIVE},
)
SAY_DELETED = right(
    "onboarding.say_deleted",
    _("say that an ended hub and its data are deleted"),
    staff={StaffGroup.COMMUNITY_GUIDE, StaffGroup.ENGINEER},
)


def can_see_plan(actor: Actor, plan: OnboardingPlan) -> bool:
    """The predicate of `OnboardingPlan.objects.visible_to`, and of what hangs on a plan."""
    return can_see_community(actor, plan.community)
