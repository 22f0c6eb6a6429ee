"""The exchange of a ticket as it is read: letters in order, and what happened between them folded together."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from communities.states import Party
from support import showing, vocabulary
from support.models import Attachment, Message, Ticket, TicketEvent, TicketStatus
from support.states import GoneReason, Impact, Kind, MessageKind, SyncState


@dataclass(frozen=True)
class Line:
    """One thing that happened, in words."""

    at: datetime
    who: str
    what: str


@dataclass(frozen=True)
class Entry:
    """One letter, or the things that happened between two letters."""

    kind: str
    at: datetime
    who: str = ""
    html: str = ""
    images: int = 0
    key: str = ""
    files: Sequence[Attachment] = ()
    message: Message | None = None
    is_new: bool = False
    lines: list[Line] = field(default_factory=list)


def story(
    ticket: Ticket,
    messages: Iterable[Message],
    events: Iterable[TicketEvent],
    statuses: Mapping[int, TicketStatus],
    *,
    seen: int = 0,
    images: bool = False,
) -> list[Entry]:
    """The ticket's own words first, then everything in order. Letters of a later version than `seen` are new (0: none is).

    `images`: pictures from outside are shown; `Entry.images` counts them either way.
    """
    files = _files_of_letters(ticket)
    opening = Entry(
        kind="opening",
        at=ticket.created_at,
        who=ticket.requester_label,
        html=showing.shown(ticket.body_html, images=images),
        images=showing.images_in(ticket.body_html),
        key="opening",
        files=files.get(None, ()),
    )
    letters = [_letter(message, files.get(message.pk, ()), seen, images=images) for message in messages]
    happened = [
        Entry(kind="events", at=event.at, lines=[Line(event.at, event.actor_label, say(event, statuses))])
        for event in events
        if event.field in WORDS or event.field in HAPPENED
    ]
    return [opening, *_folded(sorted([*letters, *happened], key=lambda entry: entry.at))]


def say(event: TicketEvent, statuses: Mapping[int, TicketStatus]) -> str:
    """One event as a sentence without its subject."""
    if event.field == "settled":
        return _settled(event, statuses)
    if event.field in HAPPENED:
        return HAPPENED[event.field](event)
    if not event.after:
        return _("took away the %(field)s “%(before)s”") % {
            "field": WORDS[event.field](),
            "before": value_in_words(event.field, event.before, statuses),
        }
    return _("set the %(field)s to “%(after)s”") % {
        "field": WORDS[event.field](),
        "after": value_in_words(event.field, event.after, statuses),
    }


def value_in_words(name: str, value: str, statuses: Mapping[int, TicketStatus]) -> str:
    """A stored value in the reader's words; one that nobody knows any more as it stands."""
    if name == "status":
        return str(statuses[int(value)]) if value.isdecimal() and int(value) in statuses else value
    if name == "priority":
        return vocabulary.priority_words().get(int(value), value) if value.isdecimal() else value
    choices = CHOICES.get(name)
    return str(choices[value]) if choices and value in choices else value


def field_in_words(name: str) -> str:
    """A field by the word that the desk has for it."""
    word = WORDS.get(name)
    return word() if word else name


def _settled(event: TicketEvent, statuses: Mapping[int, TicketStatus]) -> str:
    """Which value of a clash holds; the field stands in the note."""
    return _("settled the %(field)s: “%(after)s” holds, not “%(before)s”") % {
        "field": field_in_words(event.note),
        "before": value_in_words(event.note, event.before, statuses) or "—",
        "after": value_in_words(event.note, event.after, statuses) or "—",
    }


def _letter(message: Message, files: Sequence[Attachment], seen: int, *, images: bool) -> Entry:
    return Entry(
        kind=message.kind,
        at=message.created_at,
        who=message.author,
        html=showing.shown(message.body_html, images=images),
        images=showing.images_in(message.body_html),
        key=f"message-{message.pk}",
        files=files,
        message=message,
        is_new=0 < seen < message.ticket_version,
    )


def _files_of_letters(ticket: Ticket) -> Mapping[int | None, Sequence[Attachment]]:
    """The ticket's files by message, in one query where there are any; the description's under None."""
    if not ticket.file_count:
        return {}
    found: dict[int | None, list[Attachment]] = {}
    for file in ticket.files.filter(removed_at=None):
        found.setdefault(file.message_id, []).append(file)
    return found


def _folded(entries: Iterable[Entry]) -> list[Entry]:
    folded: list[Entry] = []
    for entry in entries:
        if entry.kind == "events" and folded and folded[-1].kind == "events":
            folded[-1].lines.extend(entry.lines)
        else:
            folded.append(entry)
    return folded


def _gone(reason: str) -> str:
    if not reason:
        return _("has it again in Freshdesk")
    words = GoneReason(reason).label if reason in GoneReason.values else reason
    return _("does not have it in Freshdesk any more: %(reason)s") % {"reason": words}


WORDS = {
    "subject": lambda: _("subject"),
    "status": lambda: _("status"),
    "priority": lambda: _("priority"),
    "kind": lambda: _("kind"),
    "impact": lambda: _("impact"),
    "responsible": lambda: _("responsible party"),
    "assignee": lambda: _("assignee"),
    "assignee_label": lambda: _("assignee"),
    "community": lambda: _("community"),
    "requester": lambda: _("requester"),
    "tags": lambda: _("tags"),
    "confidential": lambda: _("confidentiality"),
    "group": lambda: _("group"),
    "settled": lambda: _("clash"),
}
HAPPENED: Mapping[str, Callable[[TicketEvent], str]] = {
    "gone_reason": lambda event: _gone(event.after),
    "file_refused": lambda event: _("did not keep the file “%(name)s”: %(reason)s") % {"name": event.after, "reason": event.note},
    "bounced": lambda event: _("could not be delivered to %(address)s: %(reason)s") % {"address": event.after or "?", "reason": event.note},
    "delayed": lambda event: (
        _("has not been delivered to %(address)s yet: %(reason)s") % {"address": event.after or "?", "reason": event.note}
    ),
    "answers": lambda event: (
        _("opened this for a mail that answers %(reference)s, because %(address)s takes no part there")
        % {"reference": event.after, "address": event.note}
    ),
}
"""What happened to a ticket without changing it."""
CHOICES: Mapping[str, Mapping[str, object]] = {
    "kind": dict(Kind.choices),
    "impact": dict(Impact.choices),
    "responsible": dict(Party.choices),
}
STILL_ON_ITS_WAY = frozenset({SyncState.QUEUED, SyncState.UNKNOWN})
PUBLIC_KINDS = frozenset({MessageKind.REPLY, MessageKind.INCOMING})
