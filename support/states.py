"""The words of the desk as data: kinds, impacts, groups of statuses, the states of the mirror."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _

from ground.states import Look


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


class MessageKind(models.TextChoices):
    """A reply is read by the requester, a note by staff alone, an incoming message came from the requester's side."""

    REPLY = "reply", _("Reply")
    NOTE = "note", _("Internal note")
    INCOMING = "incoming", _("Message")


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
