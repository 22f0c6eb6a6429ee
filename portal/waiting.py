"""What waits for a person, across the rooms: one sentence and one button each, the oldest first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communities.access import AGREE_FOR_COMMUNITY, AGREE_FOR_PROVIDER
from communities.models import Community, ResponsibilityMatrix
from communities.roles import Role, StaffGroup
from communities.states import MatrixState
from ground.actors import Actor
from hubs.access import APPROVE
from hubs.models import HubRequest
from hubs.states import EDITABLE, RequestState
from knowledgebase import care
from onboarding.access import DECIDE, SCORE
from onboarding.models import Application, Conflict, Decision, Item, OnboardingPlan, Review
from onboarding.states import OPEN_TO_REVIEW, ApplicationState, DecisionState, ItemState, Supplier
from support.models import Ticket
from support.policy import is_desk_staff
from support.states import HeldFor, Status

SHOWN = 3
ENOUGH = 20


@dataclass(frozen=True)
class Wait:
    """One thing that waits for this person."""

    sentence: str
    button: str
    url: str
    since: datetime


Source = Callable[[Actor, Community | None], Iterator[Wait]]


def waiting_for(actor: Actor, *, community: Community | None = None) -> list[Wait]:
    """Everything that waits for this person, in that community or anywhere; those who wait longest first."""
    if actor.user is None:
        return []
    return sorted((wait for source in SOURCES for wait in source(actor, community)), key=lambda wait: wait.since)


def matrices_to_agree(actor: Actor, community: Community | None) -> Iterator[Wait]:
    """Responsibility matrices that are proposed and lack this person's side."""
    for_us = AGREE_FOR_PROVIDER.is_held_by(actor)
    if not for_us and not _communities_led_by(actor):
        return
    proposed = ResponsibilityMatrix.objects.visible_to(actor).filter(state=MatrixState.PROPOSED).select_related("community")
    if community is not None:
        proposed = proposed.filter(community=community)
    for matrix in proposed.order_by("proposed_at")[:ENOUGH]:
        ours = for_us and matrix.provider_agreed_at is None
        theirs = AGREE_FOR_COMMUNITY.is_held_by(actor, matrix.community_id) and matrix.community_agreed_at is None
        if ours or theirs:
            yield Wait(
                sentence=_("Who does what for %(community)s is written down and needs your agreement.") % {"community": matrix.community},
                button=_("Read and agree"),
                url=reverse("communities:responsibilities", args=[matrix.community.slug]),
                since=matrix.proposed_at or matrix.created_at,
            )


def matrices_to_renew(actor: Actor, community: Community | None) -> Iterator[Wait]:
    """Agreed matrices whose day to look at them again has come, as long as nobody has answered."""
    for_us = AGREE_FOR_PROVIDER.is_held_by(actor)
    if not for_us and not _communities_led_by(actor):
        return
    due = ResponsibilityMatrix.objects.visible_to(actor).agreed().exclude(renewal_asked_at=None)
    due = due.exclude(community__matrices__state=MatrixState.PROPOSED).select_related("community")
    if community is not None:
        due = due.filter(community=community)
    for matrix in due.order_by("renewal_asked_at")[:ENOUGH]:
        if for_us or AGREE_FOR_COMMUNITY.is_held_by(actor, matrix.community_id):
            yield Wait(
                sentence=_("Is who does what for %(community)s still right?") % {"community": matrix.community},
                button=_("Look at it again"),
                url=reverse("communities:responsibilities", args=[matrix.community.slug]),
                since=matrix.renewal_asked_at or matrix.created_at,
            )


def hub_requests_to_complete(actor: Actor, community: Community | None) -> Iterator[Wait]:
    """Hub requests with the community, for those of its people who may fill them in."""
    if not _communities_led_by(actor):
        return
    drafts = HubRequest.objects.filter(community__in=_communities_led_by(actor), state__in=EDITABLE).select_related("community")
    if community is not None:
        drafts = drafts.filter(community=community)
    for request in drafts.defer("document", "plan", "deployment").order_by("updated_at")[:ENOUGH]:
        returned = request.state == RequestState.RETURNED
        yield Wait(
            sentence=(
                _("An engineer has questions about the hub for %(community)s.")
                if returned
                else _("The request for the hub of %(community)s needs answers from you.")
            )
            % {"community": request.community},
            button=_("Answer") if returned else _("Complete it"),
            url=request.get_absolute_url(),
            since=request.updated_at,
        )


def hub_requests_to_carry_out(actor: Actor, community: Community | None) -> Iterator[Wait]:
    """Plans that an engineer has to read, and deployments that wait for a person or failed."""
    if not APPROVE.is_held_by(actor):
        return
    wanted = HubRequest.objects.filter(state__in=[RequestState.PLANNED, RequestState.WAITING, RequestState.FAILED]).select_related(
        "community"
    )
    if community is not None:
        wanted = wanted.filter(community=community)
    for request in wanted.defer("document", "plan", "deployment").order_by("updated_at")[:ENOUGH]:
        is_plan = request.state == RequestState.PLANNED
        yield Wait(
            sentence=(
                _("The plan for the hub of %(community)s is ready to be read.")
                if is_plan
                else _("The deployment for %(community)s stopped and needs a person.")
            )
            % {"community": request.community},
            button=_("Read the plan") if is_plan else _("Look at it"),
            url=reverse("hubs:review", args=[request.reference]),
            since=request.updated_at,
        )


def things_to_settle(actor: Actor, community: Community | None) -> Iterator[Wait]:
    """What a community has to do itself on the way to its hub, in phases that have begun."""
    led = _communities_led_by(actor)
    if not led:
        return
    open_items = Item.objects.filter(
        state=ItemState.TODO,
        check_name="",
        optional=False,
        supplied_by=Supplier.COMMUNITY,
        phase__ready_at__isnull=False,
        phase__done_at=None,
    )
    plans = OnboardingPlan.objects.filter(community__in=led if community is None else set(led) & {community.pk}).select_related("community")
    counted = plans.annotate(
        number=Count("phases__items", filter=Q(phases__items__in=open_items)),
        since=Min("phases__ready_at", filter=Q(phases__items__in=open_items)),
    )
    for plan in counted.filter(number__gt=0).order_by("since")[:ENOUGH]:
        words = ngettext(
            "%(number)d thing on the way to the hub of %(community)s is yours to do.",
            "%(number)d things on the way to the hub of %(community)s are yours to do.",
            plan.number,
        )
        yield Wait(
            sentence=words % {"number": plan.number, "community": plan.community},
            button=_("See what"),
            url=reverse("onboarding:plan", args=[plan.community.slug]),
            since=plan.since,
        )


def applications_to_review(actor: Actor, community: Community | None) -> Iterator[Wait]:
    """Applications in review that this reviewer has not scored and may score."""
    if community is not None or not SCORE.is_held_by(actor):
        return
    of_this = {"application": OuterRef("pk")}
    found = (
        Application.objects.visible_to(actor)
        .in_earnest()
        .filter(state__in=OPEN_TO_REVIEW)
        .exclude(Exists(Review.objects.submitted().by(actor).filter(**of_this)))
        .exclude(Exists(Conflict.objects.hard().filter(person=actor.user, **of_this)))
        .exclude(Exists(Decision.objects.standing().filter(**of_this)))
        .aggregate(number=Count("pk"), since=Min("sent_at"))
    )
    if found["number"]:
        yield Wait(
            sentence=ngettext(
                "%(number)d application waits for your review.", "%(number)d applications wait for your review.", found["number"]
            )
            % found,
            button=_("Review"),
            url=reverse("onboarding:review_queue"),
            since=found["since"],
        )


def applications_to_decide(actor: Actor, community: Community | None) -> Iterator[Wait]:
    """What only a review lead moves on: new applications, decisions to approve and to release."""
    if community is not None or not DECIDE.is_held_by(actor):
        return
    to_approve = Exists(
        Decision.objects.filter(application=OuterRef("pk"), state=DecisionState.PROPOSED).exclude(
            pk__in=Decision.objects.not_to_approve_by(actor.user).values("pk")
        )
    )
    to_release = Exists(Decision.objects.filter(application=OuterRef("pk"), state=DecisionState.APPROVED))
    found = (
        Application.objects.visible_to(actor)
        .in_earnest()
        .filter(Q(state=ApplicationState.SCREENING) | to_approve | to_release)
        .aggregate(number=Count("pk"), since=Min("sent_at"))
    )
    if found["number"]:
        yield Wait(
            sentence=ngettext(
                "%(number)d application needs a review lead to move it on.",
                "%(number)d applications need a review lead to move them on.",
                found["number"],
            )
            % found,
            button=_("Open the queue"),
            url=reverse("onboarding:review_queue"),
            since=found["since"],
        )


def tickets_at_the_desk(actor: Actor, community: Community | None) -> Iterator[Wait]:
    """Requesters who wait for this agent, or for nobody yet."""
    if community is not None or not _is_in(actor, StaffGroup.SUPPORT_AGENT, StaffGroup.SUPPORT_TRIAGER):
        return
    mine, new = Q(assignee=actor.user), Q(assignee=None)
    found = (
        Ticket.objects.here()
        .filter(mine | new, waiting_since__isnull=False)
        .aggregate(
            mine=Count("pk", filter=mine),
            mine_since=Min("waiting_since", filter=mine),
            new=Count("pk", filter=new),
            new_since=Min("waiting_since", filter=new),
        )
    )
    if found["mine"]:
        words = ngettext("%(mine)d ticket of yours waits for an answer.", "%(mine)d tickets of yours wait for an answer.", found["mine"])
        yield Wait(sentence=words % found, button=_("Answer"), url=reverse("support:desk") + "?view=mine", since=found["mine_since"])
    if found["new"]:
        words = ngettext("%(new)d ticket has nobody to answer it yet.", "%(new)d tickets have nobody to answer them yet.", found["new"])
        yield Wait(sentence=words % found, button=_("Open the desk"), url=reverse("support:desk"), since=found["new_since"])


def tickets_we_asked_about(actor: Actor, community: Community | None) -> Iterator[Wait]:
    """A person's own tickets on which we asked them something."""
    if actor.user is None or not actor.user.roles_by_community:
        return
    asked = Ticket.objects.here().filter(
        opened_by=actor.user, status=Status.WAITING_ON_REQUESTER, community__in=actor.user.roles_by_community
    )
    if community is not None:
        asked = asked.filter(community=community)
    for ticket in asked.for_list().order_by("updated_at")[:ENOUGH]:
        if ticket.community is not None:
            yield Wait(
                sentence=_("We asked you something about “%(subject)s”.") % {"subject": ticket.subject},
                button=_("Answer"),
                url=reverse("support:ticket", args=[ticket.community.slug, ticket.reference]),
                since=ticket.updated_at,
            )


def tickets_to_approve(actor: Actor, community: Community | None) -> Iterator[Wait]:
    """Tickets that their community's people ask and this person lets through, or says why not."""
    if not _communities_led_by(actor) or is_desk_staff(actor):
        return
    waiting = Ticket.objects.to_approve_by(actor)
    if community is not None:
        waiting = waiting.filter(community=community)
    for ticket in waiting.for_list().order_by("created_at")[:ENOUGH]:
        if ticket.community is not None:
            yield Wait(
                sentence=_("“%(subject)s” waits for your approval.") % {"subject": ticket.subject},
                button=_("Read and decide"),
                url=reverse("support:ticket", args=[ticket.community.slug, ticket.reference]),
                since=ticket.created_at,
            )


def tickets_nobody_approves(actor: Actor, community: Community | None) -> Iterator[Wait]:
    """Tickets whose approval is the desk's: confidential ones, what looks like an advert, and what a community leaves lying."""
    if community is not None or not _is_in(actor, StaffGroup.SUPPORT_TRIAGER):
        return
    ours = Q(confidential=True) | Q(approval__reason=HeldFor.GUARD) | Q(approval__desk_told_at__isnull=False)
    found = Ticket.objects.to_approve_by(actor).filter(ours).aggregate(number=Count("pk"), since=Min("created_at"))
    if found["number"]:
        words = ngettext(
            "%(number)d ticket waits for the desk to let it through.",
            "%(number)d tickets wait for the desk to let them through.",
            found["number"],
        )
        yield Wait(sentence=words % found, button=_("Look"), url=reverse("support:held"), since=found["since"])


def articles_that_need_care(actor: Actor, community: Community | None) -> Iterator[Wait]:
    """Articles that readers, links or their day say are not right any more, for who looks after them."""
    led = _communities_led_by(actor) if community is None else [key for key in _communities_led_by(actor) if key == community.pk]
    shared = community is None and _is_in(actor, StaffGroup.COMMUNITY_GUIDE)
    if not led and not shared:
        return
    for found in care.waiting(led, shared=shared):
        words = (
            ngettext("%(number)d article of %(community)s needs care.", "%(number)d articles of %(community)s need care.", found.number)
            if found.community
            else ngettext("%(number)d shared article needs care.", "%(number)d shared articles need care.", found.number)
        )
        yield Wait(
            sentence=words % {"number": found.number, "community": found.community},
            button=_("See why"),
            url=reverse("knowledgebase:community_care", args=[found.community.slug]) if found.community else reverse("knowledgebase:care"),
            since=found.since,
        )


def _communities_led_by(actor: Actor) -> list[int]:
    """Where this person signs, fills in requests, and speaks for the community."""
    if actor.user is None:
        return []
    return [key for key, roles in actor.user.roles_by_community.items() if roles & {Role.REPRESENTATIVE, Role.HUB_CHAMPION}]


def _is_in(actor: Actor, *groups: StaffGroup) -> bool:
    return actor.user is not None and (actor.user.is_superuser or bool(actor.user.staff_groups & set(groups)))


SOURCES: tuple[Source, ...] = (
    matrices_to_agree,
    matrices_to_renew,
    hub_requests_to_complete,
    hub_requests_to_carry_out,
    things_to_settle,
    applications_to_review,
    applications_to_decide,
    tickets_at_the_desk,
    tickets_we_asked_about,
    tickets_to_approve,
    tickets_nobody_approves,
    articles_that_need_care,
)
