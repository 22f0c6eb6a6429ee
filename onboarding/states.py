"""The states of an application, and what may follow what."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ground import states
from ground.states import Look, Transitions


class ApplicationState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    APPLIED = "applied", _("Sent, e-mail not confirmed")
    SCREENING = "screening", _("New")
    IN_REVIEW = "in_review", _("In review")
    DISCUSSION = "discussion", _("Discussion")
    DECIDED = "decided", _("Decided")
    WITHDRAWN = "withdrawn", _("Withdrawn")


APPLICATION_TRANSITIONS: Transitions = {
    ApplicationState.DRAFT: {ApplicationState.APPLIED, ApplicationState.WITHDRAWN},
    ApplicationState.APPLIED: {ApplicationState.SCREENING, ApplicationState.WITHDRAWN},
    ApplicationState.SCREENING: {ApplicationState.IN_REVIEW, ApplicationState.WITHDRAWN},
    ApplicationState.IN_REVIEW: {ApplicationState.DISCUSSION, ApplicationState.DECIDED, ApplicationState.WITHDRAWN},
    ApplicationState.DISCUSSION: {ApplicationState.IN_REVIEW, ApplicationState.DECIDED, ApplicationState.WITHDRAWN},
    ApplicationState.DECIDED: {ApplicationState.IN_REVIEW, ApplicationState.DISCUSSION},
    ApplicationState.WITHDRAWN: {ApplicationState.SCREENING},
}
APPLICATION_LOOKS = {
    ApplicationState.DRAFT: Look("wait", "applicant"),
    ApplicationState.APPLIED: Look("wait", "applicant"),
    ApplicationState.SCREENING: Look("act", "review_lead"),
    ApplicationState.IN_REVIEW: Look("info", "reviewer"),
    ApplicationState.DISCUSSION: Look("act", "review_lead"),
    ApplicationState.DECIDED: Look("good", "review_lead"),
    ApplicationState.WITHDRAWN: Look("wait"),
}


class Outcome(models.TextChoices):
    """What was decided; an application carries it from the day it is released to the applicant."""

    ACCEPT = "accept", _("Accepted")
    ACCEPT_WITH_CONDITIONS = "accept_with_conditions", _("Accepted with conditions")
    WAITLIST = "waitlist", _("On the waiting list")
    REFER = "refer", _("Referred elsewhere")
    DECLINE = "decline", _("Not this time")


ACCEPTANCES = frozenset({Outcome.ACCEPT, Outcome.ACCEPT_WITH_CONDITIONS})

states.register("Application", ApplicationState, APPLICATION_TRANSITIONS)


class Recommendation(models.TextChoices):
    """What a reviewer would answer; the values are those of `Outcome`."""

    ACCEPT = Outcome.ACCEPT, _("Accept")
    ACCEPT_WITH_CONDITIONS = Outcome.ACCEPT_WITH_CONDITIONS, _("Accept with conditions")
    WAITLIST = Outcome.WAITLIST, _("Put on the waiting list")
    REFER = Outcome.REFER, _("Refer elsewhere")
    DECLINE = Outcome.DECLINE, _("Not this time")


class ConflictKind(models.TextChoices):
    """A reviewer's tie to an application, said before reading it."""

    NONE = "none", _("No conflict")
    COLLABORATOR = "collaborator", _("We have worked together; I can judge fairly")
    ADMINISTRATIVE = "administrative", _("I helped with this application; I can judge fairly")
    INSTITUTION = "institution", _("We belong to the same institution")
    SUPERVISOR = "supervisor", _("One of us supervised the other")
    PERSONAL = "personal", _("We are family or close friends")
    FINANCIAL = "financial", _("I would gain or lose money")
    MEMBER = "member", _("I belong to this community, or am named in the application")
    OTHER = "other", _("Another conflict")


class ConflictSource(models.TextChoices):
    """Who says so."""

    DECLARED = "declared", _("said by the person")
    DETECTED = "detected", _("found by comparing")
    STAFF = "staff", _("said by a review lead")


class Tie(models.TextChoices):
    """What comparing a person with an application finds."""

    DOMAIN = "domain", _("the e-mail addresses of the person and of the contact belong to the same organisation")
    NAMED = "named", _("the application names this person")
    MEMBER = "member", _("the person belongs to this community")


OPEN_TO_REVIEW = frozenset({ApplicationState.IN_REVIEW, ApplicationState.DISCUSSION})
HARD_CONFLICTS = frozenset(
    {
        ConflictKind.INSTITUTION,
        ConflictKind.SUPERVISOR,
        ConflictKind.PERSONAL,
        ConflictKind.FINANCIAL,
        ConflictKind.MEMBER,
        ConflictKind.OTHER,
    }
)
PLAIN_TIES = frozenset({Tie.NAMED, Tie.MEMBER})  # no question about them; a shared domain may be that of a big university


class AssignmentState(models.TextChoices):
    INVITED = "invited", _("Invited")
    ACCEPTED = "accepted", _("Reading")
    DECLINED = "declined", _("Declined")
    RECUSED = "recused", _("Recused")
    DONE = "done", _("Done")


ASSIGNMENT_TRANSITIONS: Transitions = {
    AssignmentState.INVITED: {AssignmentState.ACCEPTED, AssignmentState.DECLINED, AssignmentState.RECUSED, AssignmentState.DONE},
    AssignmentState.ACCEPTED: {AssignmentState.DECLINED, AssignmentState.RECUSED, AssignmentState.DONE},
    AssignmentState.DECLINED: {AssignmentState.INVITED},
    AssignmentState.RECUSED: {AssignmentState.INVITED},
    AssignmentState.DONE: {AssignmentState.ACCEPTED, AssignmentState.RECUSED},
}
ASSIGNMENT_LOOKS = {
    AssignmentState.INVITED: Look("act", "reviewer"),
    AssignmentState.ACCEPTED: Look("info", "reviewer"),
    AssignmentState.DECLINED: Look("wait"),
    AssignmentState.RECUSED: Look("wait"),
    AssignmentState.DONE: Look("good"),
}
DUE = frozenset({AssignmentState.INVITED, AssignmentState.ACCEPTED})
ASSIGNED = DUE | {AssignmentState.DONE}


class Verdict(models.TextChoices):
    """What somebody found of two applications that look alike."""

    OPEN = "open", _("To be looked at")
    SAME = "same", _("The same wish")
    DIFFERENT = "different", _("Two wishes")


class GateResult(models.TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("Not known yet")


class ReviewState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETRACTED = "retracted", _("Retracted")


LIVE_REVIEWS = frozenset({ReviewState.DRAFT, ReviewState.SUBMITTED})
REVIEW_TRANSITIONS: Transitions = {
    ReviewState.DRAFT: {ReviewState.SUBMITTED, ReviewState.RETRACTED},
    ReviewState.SUBMITTED: {ReviewState.DRAFT, ReviewState.RETRACTED},
    ReviewState.RETRACTED: set[str](),
}
REVIEW_LOOKS = {
    ReviewState.DRAFT: Look("act", "reviewer"),
    ReviewState.SUBMITTED: Look("good"),
    ReviewState.RETRACTED: Look("wait"),
}


class DecisionState(models.TextChoices):
    PROPOSED = "proposed", _("Decision proposed")
    APPROVED = "approved", _("Decision approved")
    RELEASED = "released", _("Released")
    SET_ASIDE = "set_aside", _("Set aside")
    SUPERSEDED = "superseded", _("Taken up again")


DECISION_TRANSITIONS: Transitions = {
    DecisionState.PROPOSED: {DecisionState.APPROVED, DecisionState.SET_ASIDE},
    DecisionState.APPROVED: {DecisionState.RELEASED, DecisionState.SET_ASIDE},
    DecisionState.RELEASED: {DecisionState.SUPERSEDED},
    DecisionState.SET_ASIDE: set[str](),
    DecisionState.SUPERSEDED: set[str](),
}
PENDING_DECISIONS = frozenset({DecisionState.PROPOSED, DecisionState.APPROVED})
PAST_DECISIONS = frozenset({DecisionState.SET_ASIDE, DecisionState.SUPERSEDED})
DECISION_LOOKS = {
    DecisionState.PROPOSED: Look("act", "review lead"),
    DecisionState.APPROVED: Look("act", "review lead"),
    DecisionState.RELEASED: Look("good"),
    DecisionState.SET_ASIDE: Look("wait"),
    DecisionState.SUPERSEDED: Look("wait"),
}


class ReasonCode(models.TextChoices):
    """Why, in a word that can be counted."""

    FIT = "fit", _("Another kind of service fits better")
    DATA = "data", _("The data cannot be on our hubs")
    READINESS = "readiness", _("No people to carry it yet")
    MONEY = "money", _("Nobody pays for it yet")
    TIMING = "timing", _("The dates cannot be met")
    CAPACITY = "capacity", _("We have no place free")
    EFFORT = "effort", _("It needs more work than we can give")
    OTHER = "other", _("Another reason")


class LetterState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    APPROVED = "approved", _("Approved")
    QUEUED = "queued", _("On its way")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Could not be sent")


LETTER_TRANSITIONS: Transitions = {
    LetterState.DRAFT: {LetterState.APPROVED},
    LetterState.APPROVED: {LetterState.QUEUED, LetterState.DRAFT},
    LetterState.QUEUED: {LetterState.SENT, LetterState.FAILED},
    LetterState.SENT: set[str](),
    LetterState.FAILED: {LetterState.QUEUED},
}
LETTER_LOOKS = {
    LetterState.DRAFT: Look("wait", "review lead"),
    LetterState.APPROVED: Look("info", "review lead"),
    LetterState.QUEUED: Look("wait"),
    LetterState.SENT: Look("good"),
    LetterState.FAILED: Look("bad", "review lead"),
}


class ItemState(models.TextChoices):
    TODO = "todo", _("To do")
    DONE = "done", _("Done")
    NOT_NEEDED = "not_needed", _("Not needed")


ITEM_TRANSITIONS: Transitions = {
    ItemState.TODO: {ItemState.DONE, ItemState.NOT_NEEDED},
    ItemState.DONE: {ItemState.TODO},
    ItemState.NOT_NEEDED: {ItemState.TODO},
}
ITEM_LOOKS = {
    ItemState.TODO: Look("act"),
    ItemState.DONE: Look("good"),
    ItemState.NOT_NEEDED: Look("wait"),
}


class Supplier(models.TextChoices):
    """Who has to do something."""

    COMMUNITY = "community", _("The community")
    PROVIDER = "provider", _("Us")


class Ending(models.TextChoices):
    """What became of an application, as far as it matters for how long its people are kept."""

    DRAFT = "draft", _("never sent")
    UNCONFIRMED = "unconfirmed", _("sent, and its address never confirmed")
    SPAM = "spam", _("marked as spam")
    WITHDRAWN = "withdrawn", _("withdrawn")
    DECLINE = "decline", _("not this time")
    REFER = "refer", _("referred elsewhere")
    WAITLIST = "waitlist", _("on the waiting list")
    ACCEPTED = "accepted", _("accepted, and the engagement ended")


class RetentionAction(models.TextChoices):
    """What happens when the time is over."""

    DELETE = "delete", _("it is deleted")
    ANONYMISE = "anonymise", _("the people in it are forgotten")


class PrivacyState(models.TextChoices):
    RECEIVED = "received", _("Received")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")


PRIVACY_TRANSITIONS: Transitions = {
    PrivacyState.RECEIVED: {PrivacyState.DONE, PrivacyState.REFUSED},
    PrivacyState.DONE: set[str](),
    PrivacyState.REFUSED: set[str](),
}
PRIVACY_LOOKS = {
    PrivacyState.RECEIVED: Look("act", "review lead"),
    PrivacyState.DONE: Look("good"),
    PrivacyState.REFUSED: Look("wait"),
}

states.register("Request to be forgotten", PrivacyState, PRIVACY_TRANSITIONS)
states.register("Review", ReviewState, REVIEW_TRANSITIONS)
states.register("Assignment", AssignmentState, ASSIGNMENT_TRANSITIONS)
states.register("Decision", DecisionState, DECISION_TRANSITIONS)
states.register("Letter", LetterState, LETTER_TRANSITIONS)
states.register("Onboarding item", ItemState, ITEM_TRANSITIONS)
