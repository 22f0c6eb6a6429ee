"""The words of the desk as data: kinds, impacts, groups of statuses, the states of the mirror."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ground.states import Look, Transitions, register


class Kind(models.TextChoices):
    """What a ticket is about, in the words of the public support process."""

    INCIDENT = "incident", _("Incident")
    CHANGE = "change", _("Change")
    GUIDANCE = "guidance", _("Guidance")
    EVENT = "event", _("Event")
    OTHER = "other", _("Other")


class Impact(models.TextChoices):
    """How many people cannot do what they came for."""

    ONE = "one", _("One person")
    SOME = "some", _("Several people")
    HUB = "hub", _("Everybody on the hub")
    MANY = "many", _("More than one community")


class Priority(models.IntegerChoices):
    """Freshdesk's numbers; a ticket may carry others."""

    LOW = 1, _("Low")
    MEDIUM = 2, _("Medium")
    HIGH = 3, _("High")
    URGENT = 4, _("Urgent")


class StatusGroup(models.TextChoices):
    """What the desk asks of a status: is it our turn, theirs, or over?"""

    OPEN = "open", _("Open")
    WAITING = "waiting", _("Waiting")
    SOLVED = "solved", _("Solved")
    CLOSED = "closed", _("Closed")


class Status:
    """The codes that every Freshdesk account has; an account may add more, so a ticket's status is a row, not a choice."""

    OPEN = 2
    PENDING = 3
    SOLVED = 4
    CLOSED = 5
    WAITING_ON_REQUESTER = 6
    WAITING_ON_THIRD_PARTY = 7


class ClockKind(models.TextChoices):
    """What we promise a time for."""

    FIRST = "first", _("First response")
    NEXT = "next", _("Next response")
    RESOLUTION = "resolution", _("Resolution")


class ClockOutcome(models.TextChoices):
    """How one run of a clock ended; blank while it goes on."""

    MET = "met", pgettext_lazy("clock", "Met")
    MISSED = "missed", pgettext_lazy("clock", "Missed")
    VOID = "void", pgettext_lazy("clock", "Not needed")


class Weekday(models.IntegerChoices):
    """Monday is the first."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class ReducedHours(models.TextChoices):
    """In which hours the desk works while it can do less."""

    USUAL = "usual", _("The usual ones")
    OWN = "own", _("Other ones")
    NONE = "none", _("No work")


class Escalation(models.TextChoices):
    """Where the issue on GitHub stands that a ticket was handed on to; blank without one."""

    WAITING = "waiting", _("On its way to GitHub")
    OPEN = "open", _("Open on GitHub")
    CLOSED = "closed", _("Closed on GitHub")
    FAILED = "failed", _("Not taken by GitHub")


class LinkKind(models.TextChoices):
    """How one ticket belongs to another."""

    MERGED = "merged", _("Merged into")
    SPLIT = "split", _("Split off from")
    RELATED = "related", _("Related to")


class BudgetPeriod(models.TextChoices):
    """How long a support budget lasts before it begins anew."""

    MONTH = "month", _("Month")
    QUARTER = "quarter", _("Quarter")
    YEAR = "year", _("Year")


class DraftKind(models.TextChoices):
    """Which composer a draft belongs to."""

    REPLY = "reply", _("Reply")
    NOTE = "note", _("Internal note")


class AfterSend(models.TextChoices):
    """What a reply does next to being sent."""

    STAY = "stay", pgettext_lazy("after sending", "stay here")
    NEXT = "next", pgettext_lazy("after sending", "open the next one")
    WAIT = "wait", pgettext_lazy("after sending", "wait for them")
    SOLVE = "solve", pgettext_lazy("after sending", "solve it")
    SOLVE_NEXT = "solve_next", pgettext_lazy("after sending", "solve it, open the next one")


class MacroAssignee(models.TextChoices):
    """Whom a macro gives the ticket; blank leaves it where it is."""

    ME = "me", _("Whoever uses it")
    NOBODY = "nobody", _("Nobody")


class MessageKind(models.TextChoices):
    """A reply is read by the requester, a note by staff alone, an incoming message came from the requester's side."""

    REPLY = "reply", _("Reply")
    NOTE = "note", _("Internal note")
    INCOMING = "incoming", _("Message")


class WhoOpens(models.TextChoices):
    """Whose tickets reach the desk at once; everybody else's wait for a representative's approval."""

    REPRESENTATIVES = "representatives", _("Representatives only")
    MEMBERS = "members", _("Everybody who belongs to the community")
    ANYBODY = "anybody", _("Everybody, also who does not belong to it")


class WhoSees(models.TextChoices):
    """Who in a community reads a ticket that is not confidential."""

    OWN = "own", _("Only who asked")
    TEAM = "team", _("Who asked, representatives and hub champions")
    ALL = "all", _("Everybody who belongs to the community")


class Topic(models.TextChoices):
    """What somebody says they ask about, in their own words."""

    BROKEN = "broken", _("Something does not work")
    QUESTION = "question", _("I have a question")
    QUOTA = "quota", _("More memory, processors or storage")
    ADMIN = "admin", _("Who may enter or administer the hub")
    IMAGE = "image", _("Software and images of the hub")
    EVENT = "event", _("A course or an event")
    OTHER = "other", _("Something else")


NEEDS_AUTHORITY = frozenset({Topic.QUOTA, Topic.ADMIN, Topic.IMAGE})


class HeldFor(models.TextChoices):
    """Why a ticket waits before the desk works on it."""

    TERMS = "terms", _("Representatives look at what members ask")
    AUTHORITY = "authority", _("It asks for what a representative decides")
    STRANGER = "stranger", _("Who asks does not belong to the community")
    GUARD = "guard", _("It looks like an advert")


class ApprovalOutcome(models.TextChoices):
    """What was decided about a ticket that waited; blank while it waits."""

    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Face(models.IntegerChoices):
    """What a requester says of how they were helped, as Freshdesk numbers it."""

    GOOD = 103, pgettext_lazy("rating", "Good")
    OKAY = 100, pgettext_lazy("rating", "Okay")
    BAD = -103, pgettext_lazy("rating", "Not good")

    @classmethod
    def of(cls, rating: int) -> "Face":
        """Which of our three a rating of Freshdesk's is: 101 to 103 and the classic 1 are good, 100 and 2 between."""
        if rating in {1, *range(101, 104)}:
            return cls.GOOD
        return cls.OKAY if rating in {2, 100} else cls.BAD


class Delivery(models.TextChoices):
    """What is known of a mail of ours; blank when a message was never mailed from here."""

    QUEUED = "queued", _("Waiting to be mailed")
    SENT = "sent", _("Mailed")
    BOUNCED = "bounced", _("Could not be delivered")
    FAILED = "failed", _("Could not be mailed")


class MailOutcome(models.TextChoices):
    """What a mail that came in led to."""

    OPENED = "opened", _("Opened a ticket")
    ANSWERED = "answered", _("Joined a ticket")
    BOUNCED = "bounced", _("Told of a mail that did not arrive")
    IGNORED = "ignored", _("Ignored")
    REFUSED = "refused", _("Refused")


class SyncState(models.TextChoices):
    """Where a ticket or a message stands between here and Freshdesk."""

    LOCAL = "local", _("Only here")
    AWAITING_APPROVAL = "awaiting_approval", _("Waiting for a representative's approval")
    QUEUED = "queued", _("Waiting for Freshdesk")
    SYNCED = "synced", _("Sent to Freshdesk")
    CONFLICT = "conflict", _("Changed on both sides")
    UNKNOWN = "unknown", _("Sent, not yet confirmed")
    DEAD = "dead", _("Not accepted by Freshdesk")
    GONE = "gone", _("Gone from Freshdesk")


class GoneReason(models.TextChoices):
    """Why a ticket is no longer in Freshdesk."""

    DELETED = "deleted", _("Deleted")
    SPAM = "spam", _("Marked as spam")
    MERGED = "merged", _("Merged into another ticket")
    ARCHIVED = "archived", _("Archived")
    MISSING = "missing", _("Not found")


STATUS_LOOKS: Mapping[str, Look] = {
    StatusGroup.OPEN: Look("act"),
    StatusGroup.WAITING: Look("wait"),
    StatusGroup.SOLVED: Look("good"),
    StatusGroup.CLOSED: Look("good"),
}

SYNC_LOOKS: Mapping[str, Look] = {
    SyncState.LOCAL: Look("wait"),
    SyncState.AWAITING_APPROVAL: Look("wait"),
    SyncState.QUEUED: Look("wait"),
    SyncState.SYNCED: Look("good"),
    SyncState.CONFLICT: Look("bad"),
    SyncState.UNKNOWN: Look("wait"),
    SyncState.DEAD: Look("bad"),
    SyncState.GONE: Look("bad"),
}

DELIVERY_LOOKS: Mapping[str, Look] = {
    Delivery.QUEUED: Look("wait"),
    Delivery.SENT: Look("good"),
    Delivery.BOUNCED: Look("bad"),
    Delivery.FAILED: Look("bad"),
}


class Why(models.TextChoices):
    """Why somebody watches a ticket."""

    ASSIGNEE = "assignee", _("takes care of it")
    MENTIONED = "mentioned", _("was mentioned")
    REPLIED = "replied", _("wrote in it")
    BY_HAND = "by_hand", _("chose to")
    RULE = "rule", _("a rule said so")


class NoticeKind(models.TextChoices):
    """What a person may be told of."""

    ASSIGNED = "assigned", _("A ticket is given to me")
    MESSAGE = "message", _("Somebody writes in a ticket I watch")
    NOTE = "note", _("An internal note in a ticket I watch")
    MENTION = "mention", _("Somebody mentions me")
    UNASSIGNED = "unassigned", _("A new ticket that nobody has")
    CLOCK_WARNED = "clock_warned", _("A promised time comes near")
    CLOCK_MISSED = "clock_missed", _("A promised time has passed")
    TIMEBOX = "timebox", _("The half hour is over")
    ESCALATION = "escalation", _("An issue on GitHub is closed")
    INCIDENT = "incident", _("An incident begins")
    RATED = "rated", _("A ticket is rated badly")
    APPROVAL = "approval", _("A ticket waits for approval")
    TOLD = "told", _("A rule tells me")
    COMMUNITY = "community", _("Something happens in my community's tickets")


class Channel(models.TextChoices):
    """How a notice reaches a person."""

    PAGE = "page", _("On the page")
    MAIL = "mail", _("By mail")
    DIGEST = "digest", _("In the daily mail")
    NEVER = "never", _("Not at all")


class Follows(models.TextChoices):
    """Which tickets a community's representative or champion is told of."""

    OWN = "own", _("Only those I ask for")
    COMMUNITY = "community", _("Every ticket of my communities")


class Letters(models.TextChoices):
    """What a mail to a person of the desk holds."""

    TICKET = "ticket", _("News of one ticket")
    SUMMARY = "summary", _("What came together")
    DIGEST = "digest", _("The day's notices")
    OVERDUE = "overdue", _("What is overdue")


class Trigger(models.TextChoices):
    """When a rule looks at a ticket."""

    OPENED = "opened", _("a ticket is opened")
    CHANGED = "changed", _("a ticket is changed")
    CAME = "came", _("a message comes")
    WENT = "went", _("we reply")
    APPROVED = "approved", _("a ticket is approved")
    CLOCK_WARNED = "clock_warned", _("a promised time comes near")
    CLOCK_MISSED = "clock_missed", _("a promised time has passed")
    RATED = "rated", _("a ticket is rated")
    TIMEBOX = "timebox_over", _("the half hour is over")
    TIME = "time", _("every hour")


class Match(models.TextChoices):
    """How many of a rule's conditions must hold."""

    ALL = "all", _("all of them hold")
    ANY = "any", _("any of them holds")


class RunOutcome(models.TextChoices):
    """What became of one run of a rule."""

    DONE = "done", pgettext_lazy("rule", "Done")
    NOTHING = "nothing", pgettext_lazy("rule", "Nothing to do")
    HELD = "held", pgettext_lazy("rule", "Held back")


class TimeboxOutcome(models.TextChoices):
    """How a timebox ended; blank while it runs."""

    SOLVED = "solved", pgettext_lazy("timebox", "Solved")
    HANDED_ON = "handed_on", pgettext_lazy("timebox", "Handed on")
    ESCALATED = "escalated", pgettext_lazy("timebox", "Escalated")
    LEFT = "left", pgettext_lazy("timebox", "Left for another ticket")


class IssueState(models.TextChoices):
    """What is known of an issue on GitHub; blank while it is on its way or nobody could ask."""

    OPEN = "open", pgettext_lazy("issue", "Open")
    CLOSED = "closed", pgettext_lazy("issue", "Closed")
    GONE = "gone", pgettext_lazy("issue", "Not found on GitHub")


ISSUE_LOOKS: Mapping[str, Look] = {
    "": Look("wait"),
    IssueState.OPEN: Look("act"),
    IssueState.CLOSED: Look("good"),
    IssueState.GONE: Look("bad"),
}


class NamingRule(models.TextChoices):
    """How a community may be called in the issues of a repository."""

    NOBODY = "nobody", _("Not at all")
    SLUG = "slug", _("By its short name")
    NAME = "name", _("By its name")


class Severity(models.TextChoices):
    """How much of the service an incident takes away."""

    MINOR = "minor", pgettext_lazy("severity", "Minor: something is slower or odd")
    MAJOR = "major", pgettext_lazy("severity", "Major: something does not work")
    CRITICAL = "critical", pgettext_lazy("severity", "Critical: nothing works")


class IncidentState(models.TextChoices):
    """Where the work on an incident stands."""

    INVESTIGATING = "investigating", pgettext_lazy("incident", "Investigating")
    IDENTIFIED = "identified", pgettext_lazy("incident", "Cause found")
    MONITORING = "monitoring", pgettext_lazy("incident", "Mended, being watched")
    RESOLVED = "resolved", pgettext_lazy("incident", "Resolved")


INCIDENT_TRANSITIONS: Transitions = {
    IncidentState.INVESTIGATING: (IncidentState.IDENTIFIED, IncidentState.MONITORING, IncidentState.RESOLVED),
    IncidentState.IDENTIFIED: (IncidentState.INVESTIGATING, IncidentState.MONITORING, IncidentState.RESOLVED),
    IncidentState.MONITORING: (IncidentState.INVESTIGATING, IncidentState.IDENTIFIED, IncidentState.RESOLVED),
    IncidentState.RESOLVED: (IncidentState.INVESTIGATING,),
}
INCIDENT_LOOKS: Mapping[str, Look] = {
    IncidentState.INVESTIGATING: Look("bad"),
    IncidentState.IDENTIFIED: Look("act"),
    IncidentState.MONITORING: Look("info"),
    IncidentState.RESOLVED: Look("good"),
}


class IncidentRole(models.TextChoices):
    """Who does what while an incident lasts."""

    LEAD = "lead", pgettext_lazy("incident", "Lead")
    COMMUNICATIONS = "communications", pgettext_lazy("incident", "Communications")
    OPERATIONS = "operations", pgettext_lazy("incident", "Operations")
    NOTES = "notes", pgettext_lazy("incident", "Notes")


class IncidentEventKind(models.TextChoices):
    """What a line of an incident's timeline tells."""

    DECLARED = "declared", pgettext_lazy("incident", "Declared")
    STATE = "state", pgettext_lazy("incident", "State")
    UPDATE = "update", pgettext_lazy("incident", "Update")
    ROLE = "role", pgettext_lazy("incident", "Role")
    SCOPE = "scope", pgettext_lazy("incident", "What is affected")
    TICKET = "ticket", pgettext_lazy("incident", "Ticket")
    NOTE = "note", pgettext_lazy("incident", "Note")
    FOLLOW_UP = "follow_up", pgettext_lazy("incident", "Follow-up")


register("Incident", IncidentState, INCIDENT_TRANSITIONS)
