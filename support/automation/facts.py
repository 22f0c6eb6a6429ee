"""What is true of a ticket, as conditions ask for it."""

from support.automation.conditions import Facts
from support.models import Ticket
from support.timing import calendars


def facts_of(ticket: Ticket) -> Facts:
    """The facts of a ticket whose status, community, assignee, group and requester are at hand."""
    community, assignee = ticket.community, ticket.assignee
    return Facts(
        community=community.slug if community else "",
        language=community.language if community else "",
        kind=ticket.kind,
        impact=ticket.impact,
        responsible=ticket.responsible,
        escalation=ticket.escalation,
        status=ticket.status.code,
        turn=ticket.status.group,
        priority=ticket.priority,
        assignee=assignee.email if assignee else "",
        assigned=bool(assignee or ticket.assignee_label),
        group=ticket.group.name if ticket.group else "",
        tags=tuple(ticket.tags),
        subject=ticket.subject,
        requester=ticket.requester.email if ticket.requester else "",
        confidential=ticket.confidential,
        opened=ticket.created_at,
        waiting=ticket.waiting_since,
        quiet=ticket.last_message_at,
        calendar=calendars.of(community),
    )
