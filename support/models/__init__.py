"""Rows of the desk: tickets, their conversation, files and history, the people, companies and words of Freshdesk, the mirror's ledger."""

from support.models.account import FreshdeskAccount
from support.models.asking import Approval, Survey, TicketReader
from support.models.automation import Rule, RuleRun, RuleVersion
from support.models.bulk import BulkChange
from support.models.calendars import (
    CalendarHoliday,
    CalendarWindow,
    CapacityAnswer,
    Objective,
    ObjectiveSet,
    ProgrammeClocks,
    ReducedPeriod,
    WorkingCalendar,
)
from support.models.clashes import Clash
from support.models.clocks import ClockRun
from support.models.composing import Citation, HeldReply, Macro, Mention
from support.models.conversation import Message
from support.models.deflecting import Suggested
from support.models.desk import DeskPreferences, Draft
from support.models.files import Attachment
from support.models.finding import TicketWords
from support.models.github import GitHubIssue, IssueTarget, WatchedRepository
from support.models.incidents import (
    Incident,
    IncidentDuty,
    IncidentEvent,
    IncidentFollowUp,
    IncidentSilence,
    IncidentTelling,
    IncidentUpdate,
    StatusComponent,
)
from support.models.ledger import SyncEntry, SyncPass
from support.models.mail import IncomingMail
from support.models.mirror import CannedResponse, CompanyLink, FreshdeskAgent, SatisfactionRating, SyncCursor
from support.models.people import Contact
from support.models.relations import TicketLink
from support.models.rotations import Absence, Rotation, Turn
from support.models.saved_views import SavedView
from support.models.seen import Seen
from support.models.snapshots import HubSnapshot
from support.models.statuses import TicketPriority, TicketStatus, TicketType
from support.models.terms import ClockTerms, SupportTerms
from support.models.tickets import FreshdeskGroup, Ticket, TicketEvent
from support.models.timeboxes import Timebox
from support.models.watching import Notice, NoticeMail, NoticePreferences, Watch
from support.models.widget import WidgetAsk, WidgetSite
from support.models.work import ChecklistItem, ChecklistTemplate, TimeEntry
from support.models.writing_up import WriteUp

__all__ = [
    "Absence",
    "Approval",
    "Attachment",
    "BulkChange",
    "CalendarHoliday",
    "CalendarWindow",
    "CannedResponse",
    "CapacityAnswer",
    "ChecklistItem",
    "ChecklistTemplate",
    "Citation",
    "Clash",
    "ClockRun",
    "ClockTerms",
    "CompanyLink",
    "Contact",
    "DeskPreferences",
    "Draft",
    "FreshdeskAccount",
    "FreshdeskAgent",
    "FreshdeskGroup",
    "GitHubIssue",
    "HeldReply",
    "HubSnapshot",
    "Incident",
    "IncidentDuty",
    "IncidentEvent",
    "IncidentFollowUp",
    "IncidentSilence",
    "IncidentTelling",
    "IncidentUpdate",
    "IncomingMail",
    "IssueTarget",
    "Macro",
    "Mention",
    "Message",
    "Notice",
    "NoticeMail",
    "NoticePreferences",
    "Objective",
    "ObjectiveSet",
    "ProgrammeClocks",
    "ReducedPeriod",
    "Rotation",
    "Rule",
    "RuleRun",
    "RuleVersion",
    "SatisfactionRating",
    "SavedView",
    "Seen",
    "StatusComponent",
    "Suggested",
    "SupportTerms",
    "Survey",
    "SyncCursor",
    "SyncEntry",
    "SyncPass",
    "Ticket",
    "TicketEvent",
    "TicketLink",
    "TicketPriority",
    "TicketReader",
    "TicketStatus",
    "TicketType",
    "TicketWords",
    "TimeEntry",
    "Timebox",
    "Turn",
    "Watch",
    "WatchedRepository",
    "WidgetAsk",
    "WidgetSite",
    "WorkingCalendar",
    "WriteUp",
]
