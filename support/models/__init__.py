"""Rows of the desk: tickets, their conversation, files and history, the people, companies and words of Freshdesk, the mirror's ledger."""

from support.models.account import FreshdeskAccount
from support.models.clashes import Clash
from support.models.conversation import Message
from support.models.files import Attachment
from support.models.ledger import SyncEntry, SyncPass
from support.models.mail import IncomingMail
from support.models.mirror import CannedResponse, CompanyLink, FreshdeskAgent, SatisfactionRating, SyncCursor
from support.models.people import Contact
from support.models.statuses import TicketPriority, TicketStatus, TicketType
from support.models.tickets import FreshdeskGroup, Ticket, TicketEvent

__all__ = [
    "Attachment",
    "CannedResponse",
    "Clash",
    "CompanyLink",
    "Contact",
    "FreshdeskAccount",
    "FreshdeskAgent",
    "FreshdeskGroup",
    "IncomingMail",
    "Message",
    "SatisfactionRating",
    "SyncCursor",
    "SyncEntry",
    "SyncPass",
    "Ticket",
    "TicketEvent",
    "TicketPriority",
    "TicketStatus",
    "TicketType",
]
