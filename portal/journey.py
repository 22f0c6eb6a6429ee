"""The way of a community from accepted to live, read from the rooms; progress is never stored."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from communities.models import Community, ResponsibilityMatrix
from communities.states import CommunityState, MatrixState


class StepState(StrEnum):
    """Where a step stands; the words of the stylesheet."""

    DONE = "done"
    NOW = "now"
    NEXT = "next"
    STUCK = "stuck"


@dataclass(frozen=True)
class Step:
    """One step of the way: what, where it stands, who holds it, where to go for it."""

    title: str
    state: StepState
    detail: str = ""
    url: str = ""


def journey(community: Community) -> list[Step]:
    """The steps in their order; at least one of those not done is being worked on now."""
    return [accepted(community), responsibilities(community), live(community)]


def accepted(community: Community) -> Step:
    """The application was accepted: the community exists."""
    return Step(
        _("Application accepted"),
        StepState.DONE,
        detail=_("on %(date)s") % {"date": date_format(localtime(community.created_at), "j F Y")},
    )


def responsibilities(community: Community) -> Step:
    """Both sides agree who does what."""
    title, url = _("Agree who does what"), f"{community.get_absolute_url()}responsibilities/"
    matrix = ResponsibilityMatrix.objects.filter(community=community).exclude(state=MatrixState.REPLACED).order_by("-number").first()
    match matrix and matrix.state:
        case MatrixState.AGREED:
            return Step(title, StepState.DONE, detail=_("agreed by both sides"), url=url)
        case MatrixState.PROPOSED:
            return Step(title, StepState.NOW, detail=_waits_for(matrix), url=url)
    return Step(title, StepState.NOW, detail=_("we are writing it down"))


def live(community: Community) -> Step:
    """The community works with its hub."""
    state = StepState.NEXT if community.state == CommunityState.ONBOARDING else StepState.DONE
    return Step(_("Live"), state)


def _waits_for(matrix: ResponsibilityMatrix) -> str:
    match matrix.community_agreed_at is None, matrix.provider_agreed_at is None:
        case True, True:
            return _("waits for your representative and for us")
        case True, False:
            return _("waits for your representative")
    return _("waits for us")
