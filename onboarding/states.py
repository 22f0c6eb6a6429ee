"""The states of an application, and what may follow what."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ground import states
from ground.states import Look


class ApplicationState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    APPLIED = "applied", _("Sent, e-mail not confirmed")
    SCREENING = "screening", _("New")
    IN_REVIEW = "in_review", _("In review")
    DISCUSSION = "discussion", _("Discussion")
    DECIDED = "decided", _("Decided")
    WITHDRAWN = "withdrawn", _("Withdrawn")


APPLICATION_TRANSITIONS = {
    ApplicationState.DRAFT: {ApplicationState.APPLIED, ApplicationState.WITHDRAWN},
    ApplicationState.APPLIED: {ApplicationState.SCREENING, ApplicationState.WITHDRAWN},
    ApplicationState.SCREENING: {ApplicationState.IN_REVIEW, ApplicationState.WITHDRAWN},
    ApplicationState.IN_REVIEW: {ApplicationState.DISCUSSION, ApplicationState.DECIDED, ApplicationState.WITHDRAWN},
    ApplicationState.DISCUSSION: {ApplicationState.IN_REVIEW, ApplicationState.DECIDED, ApplicationState.WITHDRAWN},
    ApplicationState.DECIDED: {ApplicationState.IN_REVIEW, ApplicationState.DISCUSSION},
    ApplicationState.WITHDRAWN: set[str](),
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
