"""The states of a community and of its responsibility matrix."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ground import states
from ground.states import Look, Transitions


class CommunityState(models.TextChoices):
    ONBOARDING = "onboarding", _("Getting started")
    LIVE = "live", _("Live")
    ENDING = "ending", _("Ending")
    ENDED = "ended", _("Ended")


COMMUNITY_TRANSITIONS: Transitions = {
    CommunityState.ONBOARDING: {CommunityState.LIVE, CommunityState.ENDING},
    CommunityState.LIVE: {CommunityState.ENDING},
    CommunityState.ENDING: {CommunityState.ENDED, CommunityState.LIVE, CommunityState.ONBOARDING},
    CommunityState.ENDED: (),
}
COMMUNITY_LOOKS = {
    CommunityState.ONBOARDING: Look("info"),
    CommunityState.LIVE: Look("good"),
    CommunityState.ENDING: Look("act"),
    CommunityState.ENDED: Look("wait"),
}


class MatrixState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Proposed")
    AGREED = "agreed", _("Agreed")
    REPLACED = "replaced", _("Replaced")
    WITHDRAWN = "withdrawn", _("Withdrawn")


MATRIX_TRANSITIONS: Transitions = {
    MatrixState.DRAFT: {MatrixState.PROPOSED},
    MatrixState.PROPOSED: {MatrixState.DRAFT, MatrixState.AGREED, MatrixState.WITHDRAWN},
    MatrixState.AGREED: {MatrixState.REPLACED},
    MatrixState.REPLACED: (),
    MatrixState.WITHDRAWN: (),
}
MATRIX_LOOKS = {
    MatrixState.DRAFT: Look("wait"),
    MatrixState.PROPOSED: Look("act"),
    MatrixState.AGREED: Look("good"),
    MatrixState.REPLACED: Look("wait"),
    MatrixState.WITHDRAWN: Look("wait"),
}


class MatrixKind(models.TextChoices):
    """Why a matrix was written down."""

    FIRST = "first", _("First agreement")
    CHANGE = "change", _("Change")
    RENEWAL = "renewal", _("Renewal")


class Side(models.TextChoices):
    """The two who agree."""

    PROVIDER = "provider", _("Provider")
    COMMUNITY = "community", _("Community")


class Party(models.TextChoices):
    """Who carries a responsibility."""

    PROVIDER = "provider", _("Provider")
    COMMUNITY = "community", _("Community")
    SHARED = "shared", _("Shared")
    PARTNER = "partner", _("Partner")
    NOT_OFFERED = "not_offered", _("Not offered")
    UNSET = "unset", _("To be decided")


states.register("Community", CommunityState, COMMUNITY_TRANSITIONS)
states.register("Responsibility matrix", MatrixState, MATRIX_TRANSITIONS)
