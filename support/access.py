"""Who may do what at the desk and in a community's tickets."""

from django.utils.translation import gettext_lazy as _

from communities.access import right
from communities.roles import Role, StaffGroup
from ground.actors import Actor
from support.models import Attachment, Message, Ticket
from support.policy import DESK_GROUPS, communities_of, is_desk_staff, teams_of
from support.states import MessageKind

USE_DESK = right("support.use_desk", _("see every ticket, triage, reply and write notes at the desk"), staff=DESK_GROUPS)
OPEN_TICKET = right(
    "support.open_ticket", _("open a ticket for the community, follow and answer their own"), staff=DESK_GROUPS, members=Role
)
FOLLOW_TEAM = right(
    "support.follow_team",
    _("follow, answer and solve every ticket of the community that is not confidential"),
    staff=DESK_GROUPS,
    members={Role.REPRESENTATIVE, Role.HUB_CHAMPION},
)
MEND_MIRROR = right(
    "support.mend_mirror",
    _("try again or give up what waits for Freshdesk, and match its companies with communities"),
    staff={StaffGroup.SUPPORT_TRIAGER, StaffGroup.ENGINEER, StaffGroup.OPERATOR},
)
EDIT_WORDS = right("support.edit_words", _("say what Freshdesk's statuses, priorities and types mean here"), staff={StaffGroup.OPERATOR})


def can_see(actor: Actor, ticket: Ticket) -> bool:
    """The predicate of `Ticket.objects.visible_to`."""
    if is_desk_staff(actor):
        return True
    if ticket.community_id is None or ticket.community_id not in communities_of(actor):
        return False
    return is_own(actor, ticket) or (ticket.community_id in teams_of(actor) and not ticket.confidential)


def is_own(actor: Actor, ticket: Ticket) -> bool:
    """Whether this person opened the ticket or is the one it was opened for."""
    if actor.user is None:
        return False
    return ticket.opened_by_id == actor.user.pk or (ticket.requester is not None and ticket.requester.user_id == actor.user.pk)


def can_read(actor: Actor, message: Message) -> bool:
    """The predicate of `Message.objects.visible_to`: a note is for staff alone."""
    return is_desk_staff(actor) or (message.kind != MessageKind.NOTE and can_see(actor, message.ticket))


def can_have(actor: Actor, attachment: Attachment) -> bool:
    """The predicate of `Attachment.objects.visible_to`: a file goes with its letter, or with the ticket's own words."""
    return can_read(actor, attachment.message) if attachment.message else can_see(actor, attachment.ticket)
