"""The way of a community from accepted to live, read from the rooms; progress is never stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Case, When
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from communities.models import Community, ResponsibilityMatrix
from communities.states import MatrixState
from hubs.models import Hub, HubRequest
from hubs.states import EDITABLE, HubState, Kind, RequestState
from knowledgebase.models import KnowledgeBase


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


def journey(community: Community, hubs: Sequence[Hub]) -> list[Step]:
    """The steps in their order, done to next; `hubs` are those of the community that run."""
    request = (
        HubRequest.objects.filter(community=community, kind=Kind.NEW_HUB)
        .defer("document", "plan", "deployment")
        .order_by("created_at")
        .last()
    )
    if request is not None:
        request.community = community
    return [
        accepted(community),
        responsibilities(community),
        own_knowledge_base(community),
        hub_described(request),
        hub_made(request),
        live(hubs),
    ]


def accepted(community: Community) -> Step:
    """The application was accepted: the community exists."""
    when = date_format(localtime(community.created_at), "j F Y")
    return Step(_("Application accepted"), StepState.DONE, detail=when)


def responsibilities(community: Community) -> Step:
    """Both sides agree who does what."""
    title, url = _("Agree who does what"), reverse("communities:responsibilities", args=[community.slug])
    over = [MatrixState.REPLACED, MatrixState.WITHDRAWN]
    matrices = ResponsibilityMatrix.objects.filter(community=community).exclude(state__in=over)
    matrix = matrices.order_by(Case(When(state=MatrixState.AGREED, then=0), default=1), "-number").first()
    if matrix is not None and matrix.state == MatrixState.AGREED:
        return Step(title, StepState.DONE, detail=_("agreed by both sides"), url=url)
    if matrix is not None and matrix.state == MatrixState.PROPOSED:
        return Step(title, StepState.NOW, detail=_waits_for(matrix), url=url)
    return Step(title, StepState.NOW, detail=_("we are writing it down"))


def own_knowledge_base(community: Community) -> Step:
    """The community has a knowledge base to write in."""
    if KnowledgeBase.objects.filter(community=community).exists():
        return Step(_("Your knowledge base is open"), StepState.DONE, url=f"{community.get_absolute_url()}kb/")
    return Step(_("A knowledge base of your own"), StepState.NEXT)


def hub_described(request: HubRequest | None) -> Step:
    """The community has said what hub it needs."""
    title = _("Describe your hub")
    if request is None or request.state in {RequestState.REJECTED, RequestState.CANCELLED}:
        return Step(title, StepState.NEXT)
    if request.state in EDITABLE:
        return Step(
            title,
            StepState.NOW,
            detail=_("waits for your representative; your earlier answers are already in it"),
            url=request.get_absolute_url(),
        )
    return Step(title, StepState.DONE, url=request.get_absolute_url())


def hub_made(request: HubRequest | None) -> Step:
    """An engineer has read the plan, and it was carried out."""
    title = _("We set it up")
    if request is None or request.state in EDITABLE | {RequestState.REJECTED, RequestState.CANCELLED}:
        return Step(title, StepState.NEXT)
    match request.state:
        case RequestState.SUCCEEDED:
            return Step(title, StepState.DONE, url=request.get_absolute_url())
        case RequestState.FAILED:
            return Step(
                title, StepState.STUCK, detail=_("it did not work the first time; our engineers are on it"), url=request.get_absolute_url()
            )
        case RequestState.SUBMITTED | RequestState.PLANNED:
            return Step(
                title, StepState.NOW, detail=_("waits for one of our engineers, who reads the plan"), url=request.get_absolute_url()
            )
    return Step(title, StepState.NOW, detail=request.stage or str(request.get_state_display()), url=request.get_absolute_url())


def live(hubs: Sequence[Hub]) -> Step:
    """People work on a hub."""
    if any(hub.state == HubState.LIVE for hub in hubs):
        return Step(_("Your hub is live"), StepState.DONE)
    if any(hub.state == HubState.TROUBLED for hub in hubs):
        return Step(_("Your hub is live"), StepState.STUCK, detail=_("it has trouble right now; our engineers are on it"))
    if hubs:
        return Step(_("Your hub goes live"), StepState.NOW, detail=_("it is written down; we have not seen it run yet"))
    return Step(_("Your hub goes live"), StepState.NEXT)


def _waits_for(matrix: ResponsibilityMatrix) -> str:
    match matrix.community_agreed_at is None, matrix.provider_agreed_at is None:
        case True, True:
            return _("waits for your representative and for us")
        case True, False:
            return _("waits for your representative")
    return _("waits for us")
