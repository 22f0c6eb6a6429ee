"""Who may read, score and decide applications, and who moves an onboarding plan on."""

from django.utils.translation import gettext_lazy as _

from communities.access import can_see_community, right
from communities.models import Community
from communities.roles import STAFF, Role, StaffGroup
from ground.actors import Actor
from onboarding.models import Application, ApplicationFile, Conflict, OnboardingPlan, Question, Review
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
    return file.removed_at is None and file.sent_at is not None and can_see_application(actor, file.application)


def can_see_question(actor: Actor, question: Question) -> bool:
    """The predicate of `Question.objects.visible_to`."""
    return can_see_application(actor, question.application)


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


def can_settle(actor: Actor, community: Community, *, supplied_by: str) -> bool:
    """Whether this person may settle items of that side of the plan."""
    return (SETTLE_THEIRS if supplied_by == Supplier.COMMUNITY else SETTLE_OURS).is_held_by(actor, community)


def _is_conflicted(actor: Actor, review: Review) -> bool:
    return Conflict.objects.hard().filter(application=review.application_id, person=actor.user).exists()


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
