"""A notice as a sentence, in the reader's language."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from support.models import Notice
from support.states import Escalation, MessageKind, NoticeKind


def sentence(notice: Notice) -> str:
    """What happened, without the ticket's name."""
    return SENTENCES[notice.kind](notice)


def _who(notice: Notice) -> str:
    return notice.actor_label or _("Hubdesk")


def _message(notice: Notice) -> str:
    is_reply = notice.message is not None and notice.message.kind == MessageKind.REPLY
    return (_("%(who)s replied.") if is_reply else _("%(who)s wrote.")) % {"who": _who(notice)}


def _warned(notice: Notice) -> str:
    """Of a clock, or of the community's budget: that one's event holds how much of a hundred is used."""
    if notice.detail.isdecimal():
        return _("The community has used %(share)s %% of its support budget.") % {"share": notice.detail}
    return _("A promised time comes near.")


def _escalated(notice: Notice) -> str:
    if notice.detail == Escalation.FAILED:
        return _("GitHub did not take the issue, or does not have it any more.")
    return _("The issue on GitHub is closed.")


SENTENCES: Mapping[str, Callable[[Notice], str]] = {
    NoticeKind.ASSIGNED: lambda each: _("%(who)s gave you this ticket.") % {"who": _who(each)},
    NoticeKind.MESSAGE: _message,
    NoticeKind.NOTE: lambda each: _("%(who)s wrote an internal note.") % {"who": _who(each)},
    NoticeKind.MENTION: lambda each: _("%(who)s mentioned you in an internal note.") % {"who": _who(each)},
    NoticeKind.UNASSIGNED: lambda _each: _("A new ticket that nobody has."),
    NoticeKind.CLOCK_WARNED: _warned,
    NoticeKind.CLOCK_MISSED: lambda _each: _("A promised time has passed."),
    NoticeKind.TIMEBOX: lambda _each: _("The half hour is over: solve it, go on with a reason, or hand it on."),
    NoticeKind.ESCALATION: _escalated,
    NoticeKind.INCIDENT: lambda _each: _("This is an incident."),
    NoticeKind.RATED: lambda each: _("%(who)s was not content with the help.") % {"who": _who(each)},
    NoticeKind.APPROVAL: lambda _each: _(
        "It has waited for a week for somebody of its community to approve it. You may let it through or decline it yourself."
    ),
    NoticeKind.TOLD: lambda each: _("The rule “%(who)s” says to look at this ticket.") % {"who": _who(each)},
    NoticeKind.COMMUNITY: lambda each: (
        _message(each) if each.message_id else _("%(who)s opened a ticket in your community.") % {"who": _who(each)}
    ),
}
