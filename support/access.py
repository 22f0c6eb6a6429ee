"""Who may do what at the desk and in a community's tickets."""

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.access import right
from communities.models import Community, User
from communities.roles import Role, StaffGroup
from ground.actors import Actor
from support.models import (
    Absence,
    Attachment,
    Incident,
    IncidentTelling,
    Macro,
    Message,
    Notice,
    SavedView,
    SupportTerms,
    Ticket,
    TicketLink,
    TicketReader,
    WidgetSite,
)
from support.policy import DESK_GROUPS, championed_by, communities_of, is_desk_staff, represented_by, teams_of
from support.states import LinkKind, MessageKind, SyncState, WhoOpens, WhoSees

USE_DESK = right("support.use_desk", _("see every ticket, triage, reply and write notes at the desk"), staff=DESK_GROUPS)
SEE_REPORTS = right("support.see_reports", _("read the desk's reports and the tickets behind their numbers"), staff=DESK_GROUPS)
OPEN_TICKET = right(
    "support.open_ticket", _("open a ticket for the community, follow and answer their own"), staff=DESK_GROUPS, members=Role
)
FOLLOW_TEAM = right(
    "support.follow_team",
    _("follow, answer and solve every ticket of the community that is not confidential"),
    staff=DESK_GROUPS,
    members={Role.REPRESENTATIVE, Role.HUB_CHAMPION},
)
APPROVE_TICKET = right(
    "support.approve_ticket",
    _("approve or decline tickets that wait for it; a hub champion where the community's terms say so"),
    staff=DESK_GROUPS,
    members={Role.REPRESENTATIVE, Role.HUB_CHAMPION},
)
EDIT_TERMS = right(
    "support.edit_terms",
    _("say who may open tickets and who sees them"),
    staff={StaffGroup.COMMUNITY_GUIDE, StaffGroup.SUPPORT_TRIAGER, StaffGroup.OPERATOR},
    members={Role.REPRESENTATIVE},
)
ARRANGE_WIDGET = right(
    "support.arrange_widget",
    _("put the support widget on a site of the community"),
    staff=DESK_GROUPS,
    members={Role.REPRESENTATIVE, Role.HUB_CHAMPION},
)
MEND_MIRROR = right(
    "support.mend_mirror",
    _("try again or give up what waits for Freshdesk, and match its companies with communities"),
    staff={StaffGroup.SUPPORT_TRIAGER, StaffGroup.ENGINEER, StaffGroup.OPERATOR},
)
EDIT_CLOCKS = right("support.edit_clocks", _("change working calendars, and what is promised to whom"), staff={StaffGroup.OPERATOR})
SET_BUDGET = right(
    "support.set_budget", _("say how much support time is agreed with a community"), staff={StaffGroup.COMMUNITY_GUIDE, StaffGroup.OPERATOR}
)
EDIT_CHECKLISTS = right("support.edit_checklists", _("write the checklists that the desk offers"), staff={StaffGroup.OPERATOR})
EDIT_RULES = right(
    "support.edit_rules",
    _("write the desk's rules, try them and switch them on, and say who takes tickets in turn"),
    staff={StaffGroup.SUPPORT_TRIAGER, StaffGroup.OPERATOR},
)
ENTER_ABSENCES = right(
    "support.enter_absences", _("enter when somebody else is away"), staff={StaffGroup.SUPPORT_TRIAGER, StaffGroup.OPERATOR}
)
EDIT_WORDS = right("support.edit_words", _("say what Freshdesk's statuses, priorities and types mean here"), staff={StaffGroup.OPERATOR})
CHANGE_SHARED_VIEWS = right(
    "support.change_shared_views",
    _("change and delete views of the desk that somebody else shares"),
    staff={StaffGroup.SUPPORT_TRIAGER, StaffGroup.OPERATOR},
)

EDIT_MACROS = right(
    "support.edit_macros",
    _("write, change and remove the desk's shared macros"),
    staff={StaffGroup.SUPPORT_TRIAGER, StaffGroup.OPERATOR},
)

RUN_INCIDENTS = right(
    "support.run_incidents",
    _("declare incidents, tell the affected communities and resolve them"),
    staff={StaffGroup.SUPPORT_AGENT, StaffGroup.SUPPORT_TRIAGER, StaffGroup.ENGINEER, StaffGroup.OPERATOR},
)

KEEP_ESCALATION = right(
    "support.keep_escalation",
    _("keep the repositories that issues go to, and the public names of the parts of the service"),
    staff={StaffGroup.OPERATOR},
)


def can_see(actor: Actor, ticket: Ticket) -> bool:
    """The predicate of `Ticket.objects.visible_to`."""
    if is_desk_staff(actor):
        return True
    if actor.user is None or ticket.community_id is None:
        return False
    terms = SupportTerms.of(ticket.community_id)
    if ticket.community_id not in communities_of(actor):
        return terms.who_opens == WhoOpens.ANYBODY and is_own(actor, ticket)
    return is_own(actor, ticket) or is_named(actor, ticket) or (not ticket.confidential and _is_shared(actor, ticket, terms))


def may_open(actor: Actor, community: Community) -> bool:
    """Whether this person may write a ticket for the community at all, if only for a representative to approve."""
    if OPEN_TICKET.is_held_by(actor, community):
        return True
    return actor.user is not None and SupportTerms.of(community).who_opens == WhoOpens.ANYBODY


def can_approve(actor: Actor, ticket: Ticket) -> bool:
    """The predicate of `Ticket.objects.to_approve_by`."""
    if ticket.sync_state != SyncState.AWAITING_APPROVAL or ticket.approval.outcome:
        return False
    if is_desk_staff(actor):
        return True
    return not ticket.confidential and ticket.community_id is not None and approves_in(actor, SupportTerms.of(ticket.community_id))


def approves_in(actor: Actor, terms: SupportTerms) -> bool:
    """Whether this person approves what others of the community ask, and so waits for nobody."""
    key = terms.community_id
    return key in represented_by(actor) or (terms.champions_approve and key in championed_by(actor))


def can_confide(actor: Actor, ticket: Ticket) -> bool:
    """Whether this person says who else may read the ticket: who asked, and the desk."""
    return is_desk_staff(actor) or (can_see(actor, ticket) and is_own(actor, ticket))


def can_rate(actor: Actor, ticket: Ticket) -> bool:
    """Whether it is theirs to say how they were helped."""
    return can_see(actor, ticket) and is_own(actor, ticket)


def can_arrange_site(actor: Actor, site: WidgetSite) -> bool:
    """The predicate of `WidgetSite.objects.visible_to`."""
    return is_desk_staff(actor) or site.community_id in teams_of(actor)


def _is_shared(actor: Actor, ticket: Ticket, terms: SupportTerms) -> bool:
    """Whether the community's terms show this person a ticket of somebody else's."""
    if ticket.sync_state == SyncState.AWAITING_APPROVAL:
        return approves_in(actor, terms)
    if terms.who_sees == WhoSees.ALL:
        return True
    return terms.who_sees == WhoSees.TEAM and ticket.community_id in teams_of(actor)


def is_named(actor: Actor, ticket: Ticket) -> bool:
    """Whether somebody has named this person as a reader of the ticket."""
    return TicketReader.objects.filter(ticket=ticket, user=actor.user).exists()


def is_own(actor: Actor, ticket: Ticket) -> bool:
    """Whether this person opened the ticket or is the one it was opened for."""
    if actor.user is None:
        return False
    return ticket.opened_by_id == actor.user.pk or (ticket.requester is not None and ticket.requester.user_id == actor.user.pk)


def can_read(actor: Actor, message: Message) -> bool:
    """The predicate of `Message.objects.visible_to`: a note is for staff alone, and so is what can still be taken back.

    An answer is also for who asked in a ticket merged into this one.
    """
    if is_desk_staff(actor):
        return True
    is_public = message.kind != MessageKind.NOTE and not message.is_held
    return is_public and (can_see(actor, message.ticket) or _is_meant_for(actor, message))


def can_use(actor: Actor, macro: Macro) -> bool:
    """The predicate of `Macro.objects.visible_to`."""
    return is_desk_staff(actor) and (macro.is_shared or (actor.user is not None and macro.owner_id == actor.user.pk))


def can_edit(actor: Actor, macro: Macro) -> bool:
    """One's own always, the desk's with the right to."""
    return can_use(actor, macro) and (not macro.is_shared or EDIT_MACROS.is_held_by(actor))


def desk_people() -> QuerySet[User]:
    """Everybody who works at the desk, whom a ticket may be assigned to and a note may call, with the day until which they are away.

    The day is ours: zones differ by less.
    """
    today = timezone.localdate()
    until = Absence.objects.filter(user=OuterRef("pk"), first_day__lte=today, last_day__gte=today).order_by("-last_day").values("last_day")
    people = User.objects.filter(is_active=True, groups__name__in=DESK_GROUPS).distinct()
    return people.annotate(away_until=Subquery(until[:1])).order_by("name", "email")


def _is_meant_for(actor: Actor, message: Message) -> bool:
    """The predicate of `models.conversation.meant_for` for the tickets this person may see."""
    if message.kind != MessageKind.REPLY or message.ticket.confidential:
        return False
    merges = TicketLink.objects.filter(kind=LinkKind.MERGED, other=message.ticket_id, created_at__lte=message.created_at)
    return any(
        link.ticket.community_id == message.ticket.community_id and can_see(actor, link.ticket)
        for link in merges.select_related("ticket__requester")
        if link.undone_at is None or link.undone_at > message.created_at
    )


def can_work(actor: Actor) -> bool:
    """The predicate of links, checklists, time and snapshots of hubs: the desk's own, whoever asks in the ticket."""
    return is_desk_staff(actor)


def can_read_notice(actor: Actor, notice: Notice) -> bool:
    """The predicate of `Notice.objects.visible_to`: one's own, while one may see the ticket."""
    return actor.user is not None and notice.user_id == actor.user.pk and can_see(actor, notice.ticket)


def can_see_rules(actor: Actor) -> bool:
    """The predicate of rules, their runs, rotations, absences and watches: the whole desk reads them."""
    return is_desk_staff(actor)


def can_have(actor: Actor, attachment: Attachment) -> bool:
    """The predicate of `Attachment.objects.visible_to`: a file goes with its letter, or with the ticket's own words."""
    return can_read(actor, attachment.message) if attachment.message else can_see(actor, attachment.ticket)


def can_use_view(actor: Actor, view: SavedView) -> bool:
    """The predicate of `SavedView.objects.visible_to`."""
    return is_desk_staff(actor) and actor.user is not None and (view.is_shared or view.owner_id == actor.user.pk)


def can_change_view(actor: Actor, view: SavedView) -> bool:
    """Its owner, and of a shared one whoever keeps the desk in order."""
    if not can_use_view(actor, view):
        return False
    return view.owner_id == (actor.user and actor.user.pk) or CHANGE_SHARED_VIEWS.is_held_by(actor)


def can_see_incident(actor: Actor, incident: Incident) -> bool:
    """The predicate of `Incident.objects.visible_to`: the desk, and who belongs to a community that was told."""
    told = IncidentTelling.objects.filter(update__incident=incident, community__in=communities_of(actor))
    return is_desk_staff(actor) or told.exists()
