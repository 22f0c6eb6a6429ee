"""What Freshdesk sends: every field optional, enumerations open, unknown keys kept in `raw`. A key that is absent was not cleared."""

from support.freshdesk.reading import moment
from support.freshdesk.shapes.base import Numbered, Shape, Unreadable
from support.freshdesk.shapes.people import Agent, Company, Contact, Group
from support.freshdesk.shapes.setup import (
    CannedFolder,
    CannedResponse,
    CollaborationThread,
    Job,
    SatisfactionRating,
    TicketField,
    TimeEntry,
)
from support.freshdesk.shapes.tickets import Attachment, Conversation, Requester, Stats, Ticket, TicketCompany

__all__ = [
    "Agent",
    "Attachment",
    "CannedFolder",
    "CannedResponse",
    "CollaborationThread",
    "Company",
    "Contact",
    "Conversation",
    "Group",
    "Job",
    "Numbered",
    "Requester",
    "SatisfactionRating",
    "Shape",
    "Stats",
    "Ticket",
    "TicketCompany",
    "TicketField",
    "TimeEntry",
    "Unreadable",
    "moment",
]
