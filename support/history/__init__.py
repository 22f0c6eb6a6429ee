"""The exchange of a ticket as it is read: letters in order, and what happened between them folded together."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from communities.states import Party
from ground.actors import Actor
from support import vocabulary
from support.history import showing
from support.models import Attachment, Message, Ticket, TicketEvent, TicketStatus
from support.states import ClockKind, Escalation, Face, GoneReason, Impact, Kind, MessageKind, SyncState, TimeboxOutcome, Topic

FIRST, NEWEST = 10, 40
"""How many letters of a long exchange are shown from either end; the others are asked for."""


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
    reference: str = ""
    """Of the merged ticket that the letter belongs to; empty for the ticket's own."""
    hidden: int = 0
    """How many letters stand here that were not asked for."""

    @property
    def people(self) -> int:
        """How many different people did what is folded here."""
        return len({line.who for line in self.lines})


@dataclass(frozen=True)
class Exchange:
    """What is read together as one ticket: its rows, its letters, what happened. `hidden` letters stand behind the first `FIRST`."""

    tickets: Sequence[Ticket]
    letters: Sequence[Message]
    events: Sequence[TicketEvent]
    hidden: int = 0


def exchange(ticket: Ticket, *, reader: Actor, merged: Sequence[Ticket] = (), whole: bool = False) -> Exchange:
    """The ticket and those merged into it, as this reader may see them; of a long one its beginning and its end, unless all is asked for."""
    rows = [ticket, *merged]
    letters = Message.objects.visible_to(reader).filter(ticket__in=rows, removed_at=None).in_order()
    events = list(TicketEvent.objects.filter(ticket__in=rows))
    if whole:
        return Exchange(rows, list(letters), events)
    newest = list(letters.reverse()[: FIRST + NEWEST + 1])[::-1]
    if len(newest) <= FIRST + NEWEST:
        return Exchange(rows, newest, events)
    first, last = list(letters[:FIRST]), newest[-NEWEST:]
    between = [event for event in events if not first[-1].created_at < event.at < last[0].created_at]
    return Exchange(rows, [*first, *last], between, hidden=letters.count() - FIRST - NEWEST)


def combined(
    shown: Exchange, statuses: Mapping[int, TicketStatus], *, seen: int = 0, since: datetime | None = None, images: bool = False
) -> list[Entry]:
    """The letters of all its tickets in the order of time, those of merged ones under their own reference."""
    ticket, *merged = shown.tickets
    own = story(ticket, shown.letters, shown.events, statuses, seen=seen, since=since, images=images, merged=merged)
    if not shown.hidden:
        return own
    gap_at = shown.letters[FIRST].created_at
    place = next(place for place, entry in enumerate(own) if entry.message and entry.at >= gap_at)
    return [*own[:place], Entry(kind="gap", at=gap_at, hidden=shown.hidden), *own[place:]]


def story(
    ticket: Ticket,
    messages: Iterable[Message],
    events: Iterable[TicketEvent],
    statuses: Mapping[int, TicketStatus],
    *,
    seen: int = 0,
    since: datetime | None = None,
    images: bool = False,
    merged: Sequence[Ticket] = (),
) -> list[Entry]:
    """The ticket's own words first, then everything in order. Letters of a later version than `seen` are new (0: none is).

    `images`: pictures from outside are shown; `Entry.images` counts them either way. `merged`: tickets whose letters are among them;
    those count their own versions, so they are new when they came after `since`.
    """
    messages = list(messages)
    files = _files_of_letters([ticket, *merged], messages)
    references = {row.pk: row.reference for row in merged}
    openings = [_opening(row, files.get(-row.pk, ()), references.get(row.pk, ""), images=images) for row in (ticket, *merged)]
    letters = [
        _letter(
            message, files.get(message.pk, ()), _is_new(message, ticket, seen, since), references.get(message.ticket_id, ""), images=images
        )
        for message in messages
    ]
    happened = [
        Entry(kind="events", at=event.at, lines=[Line(event.at, event.actor_label, _of(event, references, statuses))])
        for event in events
        if is_told(event)
    ]
    if not merged:
        return [*openings, *_folded(sorted([*letters, *happened], key=lambda entry: entry.at))]
    return _folded(sorted([*openings, *letters, *happened], key=lambda entry: entry.at))


def is_told(event: TicketEvent) -> bool:
    """Whether there are words for it; others are kept for clocks and watchers alone."""
    return event.field in WORDS or event.field in HAPPENED


def say(event: TicketEvent, statuses: Mapping[int, TicketStatus]) -> str:
    """One event as a sentence without its subject."""
    if event.field == "settled":
        return _settled(event, statuses)
    if event.field == "overtaken":
        return _overtaken(event, statuses)
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


def _overtaken(event: TicketEvent, statuses: Mapping[int, TicketStatus]) -> str:
    """What a reply was to do, and did not because the requester wrote before it left."""
    if not event.after:
        return _("did not snooze it: the requester wrote before the reply left")
    status = value_in_words("status", event.after, statuses)
    return _("did not set the status to “%(status)s”: the requester wrote before the reply left") % {"status": status}


def _of(event: TicketEvent, references: Mapping[int, str], statuses: Mapping[int, TicketStatus]) -> str:
    """One event, with the reference of the merged ticket where it is that one's."""
    reference = references.get(event.ticket_id)
    return f"{say(event, statuses)} ({reference})" if reference else say(event, statuses)


def _opening(ticket: Ticket, files: Sequence[Attachment], reference: str, *, images: bool) -> Entry:
    return Entry(
        kind="opening",
        at=ticket.created_at,
        who=ticket.requester_label,
        html=showing.shown(ticket.body_html, images=images),
        images=showing.images_in(ticket.body_html),
        key=f"opening-{reference}" if reference else "opening",
        files=files,
        reference=reference,
    )


def _is_new(message: Message, ticket: Ticket, seen: int, since: datetime | None) -> bool:
    if message.ticket_id != ticket.pk:
        return since is not None and message.created_at > since
    return 0 < seen < message.ticket_version


def _letter(message: Message, files: Sequence[Attachment], is_new: bool, reference: str, *, images: bool) -> Entry:
    return Entry(
        kind=message.kind,
        at=message.created_at,
        who=message.author,
        html=showing.shown(message.body_html, images=images),
        images=showing.images_in(message.body_html),
        key=f"message-{message.pk}",
        files=files,
        message=message,
        is_new=is_new,
        reference=reference,
    )


def _files_of_letters(tickets: Sequence[Ticket], messages: Sequence[Message]) -> Mapping[int, Sequence[Attachment]]:
    """Files by message, in one query where there are any; those of a description under its ticket's key, negative."""
    known = {ticket.pk for ticket in tickets}
    elsewhere = [message.pk for message in messages if message.ticket_id not in known]  # an answer of the ticket this was merged into
    if not elsewhere and not any(ticket.file_count for ticket in tickets):
        return {}
    found: dict[int, list[Attachment]] = {}
    for file in Attachment.objects.filter(Q(ticket__in=tickets) | Q(message__in=elsewhere), removed_at=None):
        found.setdefault(file.message_id or -file.ticket_id, []).append(file)
    return found


def _folded(entries: Iterable[Entry]) -> list[Entry]:
    folded: list[Entry] = []
    for entry in entries:
        if entry.kind == "events" and folded and folded[-1].kind == "events":
            folded[-1].lines.extend(entry.lines)
        else:
            folded.append(entry)
    return folded


def _timebox_ended(event: TicketEvent) -> str:
    if event.after == TimeboxOutcome.LEFT:
        return _("stopped working on it for now")
    word = TimeboxOutcome(event.after).label if event.after in TimeboxOutcome.values else event.after
    return _("ended the timebox: %(how)s") % {"how": f"{word}, {event.note}" if event.note else word}


def _gone(reason: str) -> str:
    if not reason:
        return _("has it again in Freshdesk")
    words = GoneReason(reason).label if reason in GoneReason.values else reason
    return _("does not have it in Freshdesk any more: %(reason)s") % {"reason": words}


def _clock(key: str) -> str:
    return str(ClockKind(key).label) if key in ClockKind.values else key


def _snoozed(event: TicketEvent) -> str:
    """Until when, in the reader's zone; nothing after it means that it is back."""
    at = parse_datetime(event.after) if event.after else None
    return _("snoozed it until %(time)s") % {"time": date_format(timezone.localtime(at), "D j M, H:i")} if at else _("woke it up")


def _joined(event: TicketEvent, now: str, before: str) -> str:
    """Joined with another ticket, or parted from it; a ticket stands in the history by its reference and subject."""
    return now % {"other": event.after} if event.after else before % {"other": event.before}


def _rated(event: TicketEvent) -> str:
    said = {"face": _face(event.after), "words": event.note}
    return _("said how it went: %(face)s. %(words)s") % said if event.note else _("said how it went: %(face)s") % said


def _face(value: str) -> str:
    return str(Face(int(value)).label) if value.isdecimal() and int(value) in Face.values else value


def _topic(value: str) -> str:
    return str(Topic(value).label) if value in Topic.values else value


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
    "hub": lambda: _("hub"),
    "requester": lambda: _("requester"),
    "tags": lambda: _("tags"),
    "confidential": lambda: _("confidentiality"),
    "group": lambda: _("group"),
    "settled": lambda: _("clash"),
    "escalation": lambda: _("escalation"),
    "incident": lambda: _("incident"),
    "overtaken": lambda: _("overtaken reply"),
}
HAPPENED: Mapping[str, Callable[[TicketEvent], str]] = {
    "gone_reason": lambda event: _gone(event.after),
    "file_refused": lambda event: _("did not keep the file “%(name)s”: %(reason)s") % {"name": event.after, "reason": event.note},
    "clock_warned": lambda event: _("is due soon: %(clock)s") % {"clock": _clock(event.after)},
    "clock_missed": lambda event: _("is overdue: %(clock)s") % {"clock": _clock(event.after)},
    "topic": lambda event: _("said it is about “%(topic)s”") % {"topic": _topic(event.after)},
    "approved": lambda _event: _("let the ticket through to the desk"),
    "declined": lambda event: _("declined the ticket: %(reason)s") % {"reason": event.note},
    "undecided": lambda _event: _("told the desk that nobody of the community decides"),
    "named": lambda event: _("let these people of the community read it: %(names)s") % {"names": event.note or "—"},
    "rated": _rated,
    "bounced": lambda event: _("could not be delivered to %(address)s: %(reason)s") % {"address": event.after or "?", "reason": event.note},
    "delayed": lambda event: (
        _("has not been delivered to %(address)s yet: %(reason)s") % {"address": event.after or "?", "reason": event.note}
    ),
    "merged_into": lambda event: _joined(event, _("merged this into %(other)s"), _("took the merge into %(other)s back")),
    "parent": lambda event: _joined(event, _("made this a part of %(other)s"), _("made this no part of %(other)s any more")),
    "snoozed_until": _snoozed,
    "merged_here": lambda event: _("merged %(reference)s into this one") % {"reference": event.after},
    "parted": lambda event: _("took the merge of %(reference)s back") % {"reference": event.after},
    "child": lambda event: _("made %(reference)s a part of this") % {"reference": event.after},
    "child_left": lambda event: _("made %(reference)s no part of this any more") % {"reference": event.after},
    "related": lambda event: _("related this to %(reference)s") % {"reference": event.after},
    "unrelated": lambda event: _("no longer relates this to %(reference)s") % {"reference": event.after},
    "split_off": lambda event: _("split letters off into %(reference)s") % {"reference": event.after},
    "written_up": lambda event: _("began the article “%(title)s” from this") % {"title": event.after},
    "split_from": lambda event: _("split this off from %(reference)s") % {"reference": event.after},
    "budget": lambda event: _("brought the community to %(share)s %% of its support budget") % {"share": event.after},
    "answers": lambda event: (
        _("opened this for a mail that answers %(reference)s, because %(address)s takes no part there")
        % {"reference": event.after, "address": event.note}
    ),
    "timebox_begun": lambda event: _("began to work on it, for %(n)s minutes") % {"n": event.after},
    "timebox_extended": lambda event: _("took %(n)s minutes more: %(reason)s") % {"n": event.after, "reason": event.note},
    "timebox_over": lambda event: _("%(n)s minutes of %(who)s are over") % {"n": event.after, "who": event.note},
    "timebox_ended": _timebox_ended,
    "issue_made": lambda event: _("made an issue of it in %(where)s: %(title)s") % {"where": event.after, "title": event.note},
    "issue_linked": lambda event: _("linked the issue %(issue)s") % {"issue": event.after},
    "issue_found": lambda event: _("has it as %(issue)s") % {"issue": event.after},
    "issue_unlinked": lambda event: _("let go of the issue %(issue)s") % {"issue": event.after},
    "issue_closed": lambda event: _("closed %(issue)s") % {"issue": event.after},
    "issue_reopened": lambda event: _("opened %(issue)s again") % {"issue": event.after},
    "issue_lost": lambda event: _("does not have %(issue)s any more") % {"issue": event.after},
    "issue_refused": lambda event: _("did not take %(issue)s: %(reason)s") % {"issue": event.after, "reason": event.note},
}
"""What happened to a ticket without changing it."""
CHOICES: Mapping[str, Mapping[str, object]] = {
    "kind": dict(Kind.choices),
    "impact": dict(Impact.choices),
    "responsible": dict(Party.choices),
    "escalation": dict(Escalation.choices),
    "confidential": {"True": _lazy("on"), "False": _lazy("off")},
}
UNSAID = frozenset({"opened", "responsibility_row", "echoed"})
"""What the page says otherwise: the ticket's own words stand first, a row of the responsibilities beside the party, a merged ticket's letter itself."""
STILL_ON_ITS_WAY = frozenset({SyncState.QUEUED, SyncState.UNKNOWN})
PUBLIC_KINDS = frozenset({MessageKind.REPLY, MessageKind.INCOMING})
