"""Rows of the desk: tickets, their conversation and history, the people and companies of Freshdesk."""

from support.models.conversation import Message
from support.models.mirror import CompanyLink, FreshdeskAgent, SyncCursor
from support.models.people import Contact
from support.models.statuses import TicketStatus
from support.models.tickets import Ticket, TicketEvent

__all__ = ["CompanyLink", "Contact", "FreshdeskAgent", "Message", "SyncCursor", "Ticket", "TicketEvent", "TicketStatus"]
