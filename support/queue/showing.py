"""One row of the list as it is shown: words, marks and the filters behind its chips, written without a template for each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from urllib.parse import quote_plus

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from support import vocabulary
from support.desk.presence import Person
from support.models import Ticket
from support.queue.filters import OUT_OF_STEP, clock_state, parties, turn
from support.queue.listing import is_unread
from support.queue.moments import Moment
from support.states import Kind, MessageKind, Priority, StatusGroup, SyncState
from support.timing import words as times

EXCERPT = 72  # letters: what one line of a list has room for


@dataclass(frozen=True)
class Row:
    """A ticket in a list, and how it is written. `clock` is the filter of its clock, `note` stands in place of its last message."""

    ticket: Ticket
    is_unread: bool
    clock: str
    note: str
    html: SafeString


@dataclass(frozen=True)
class Look:
    """How rows are shown: the columns chosen, what their filters' addresses ask for already, and what a ticket's address carries along."""

    columns: frozenset[str]
    adding: str = ""
    asking: str = ""


def shown(tickets: Iterable[Ticket], at: Moment, look: Look, *, people: Iterable[Person] = ()) -> list[Row]:
    """The rows of these tickets, as `page` finds them: HTML without the quotation marks, escapes and closing tags that it can do without, for they are many."""
    words, here = _Words(at, look), _by_ticket(people)
    return [_row(ticket, at, words, note=here.get(ticket.pk, "")) for ticket in tickets]


def _row(ticket: Ticket, at: Moment, words: "_Words", *, note: str) -> Row:
    is_new, clock = is_unread(ticket, at), clock_state(ticket, at)
    html = _pick(ticket, is_new) + _head(ticket, at, words, is_new=is_new, clock=clock) + _foot(ticket, words, note=note)
    return Row(ticket=ticket, is_unread=is_new, clock=clock, note=note, html=mark_safe(html))  # noqa: S308  every part escapes what people wrote


def _pick(ticket: Ticket, is_new: bool) -> str:
    key, mark = ticket.pk, " is-unread" if is_new else ""
    return (
        f'<li class="ticket-row{mark}"><input type=checkbox name=t value="{key}:{ticket.version}" id=pick-{key}'
        f" aria-labelledby=row-{key}>\n"
    )


def _head(ticket: Ticket, at: Moment, words: "_Words", *, is_new: bool, clock: str) -> str:
    """The first line: where it stands, what it is about, whose turn it is and until when."""
    code = ticket.status.code
    address = words.address.replace("T-", escape(ticket.reference)) + words.asking
    unread = f"<b>{words.not_read} </b>" if is_new else ""
    return (
        f'<p><a class="mark mark--{words.tones[code]}" href="?{words.adding}&status={code}" title="{words.statuses[code]}"></a>'
        f'<a class=ticket-row__open id=row-{ticket.pk} href="{address}" hx-boost=true>{unread}{escape(ticket.subject)}</a>'
        f"{''.join(_flags(ticket, words))}{_due(ticket, at, words, clock)}{_since(ticket, at, words)}\n"
    )


def _foot(ticket: Ticket, words: "_Words", *, note: str) -> str:
    """The second line: what was said last, and what it belongs to."""
    reference = f'<span class="chip">{escape(ticket.reference)}</span>' if "reference" in words.columns else ""
    who = f"<span class=ticket-row__who>{escape(ticket.requester_label)}</span>" if "requester" in words.columns else ""
    return f"<p><span class=ticket-row__last>{_last(ticket, words, note)}</span>{reference}{who}{''.join(_chips(ticket, words))}\n"


def _last(ticket: Ticket, words: "_Words", note: str) -> str:
    """What was said last, unless somebody is at it or the reader began to write."""
    if note:
        return f'<span class="ticket-row__here">{escape(note)}</span>'
    excerpt = escape(_cut(ticket.last_message_excerpt))
    if getattr(ticket, "has_draft", False):
        return f'<span class="ticket-row__draft">{words.draft}</span> {excerpt}'
    return words.signs.get(ticket.last_message_kind, "") + excerpt if "last" in words.columns else ""


def _cut(text: str) -> str:
    return text if len(text) <= EXCERPT else text[:EXCERPT].rstrip() + "…"


def _due(ticket: Ticket, at: Moment, words: "_Words", clock: str) -> str:
    """When the next of its clocks is due, behind it the filter of such clocks."""
    if "clock" not in words.columns:
        return ""
    is_paused = ticket.status.group == StatusGroup.WAITING and ticket.sync_state != SyncState.GONE
    if (waits := times.clock(ticket.next_due_at, at.now, ticket.due_clock, is_paused=is_paused)) is None:
        return ""
    if not clock:
        return f'<span class="due due--{waits.tone}">{escape(waits.word)}</span>'
    return f'<a class="due due--{waits.tone}" href="?{words.adding}&clock={clock}">{escape(waits.word)}</a>'


def _since(ticket: Ticket, at: Moment, words: "_Words") -> str:
    if "since" not in words.columns:
        return ""
    return f"<span class=due>{escape(times.span(at.now - (ticket.waiting_since or ticket.updated_at)))}</span>"


class _Words:
    """The words of a page's rows, each looked up once, those of rows themselves as HTML takes them."""

    def __init__(self, at: Moment, look: Look) -> None:
        self.columns, self.adding, self.asking = look.columns, escape(look.adding), escape(look.asking)
        self.statuses = {code: escape(str(status)) for code, status in at.statuses.items()}
        self.tones = {code: status.tone for code, status in at.statuses.items()}
        self.address = reverse("support:desk_ticket", args=["T-"])
        self.parties = parties()
        self.kinds = {value: str(word) for value, word in Kind.choices}
        self.sync = {value: str(word) for value, word in SyncState.choices}
        self.priorities = vocabulary.priority_words()
        self.turns = {"new": _("New"), "responded": _("Answered")}
        self.nobody, self.nowhere = _("Nobody"), _("No community")
        self.not_read, self.draft = escape(_("Not read:")), escape(_("Draft"))
        self.signs: dict[str, str] = {
            MessageKind.REPLY: f'<span title="{escape(_("We spoke last"))}">↩</span> ',
            MessageKind.NOTE: f'<span title="{escape(_("Internal note"))}">✎</span> ',
        }

    def chip(self, name: str, value: str, word: str, tone: str = "") -> str:
        return _chip(self.adding, name, value, word, tone)


def _chips(ticket: Ticket, words: _Words) -> Iterator[str]:
    """What it belongs to: each mark filters by what it says. That it is not in step is always said."""
    columns = words.columns
    if "community" in columns:
        community = ticket.community
        yield words.chip("community", community.slug, community.name) if community else words.chip("community", "none", words.nowhere)
    if "hub" in columns and ticket.hub is not None:
        yield words.chip("hub", str(ticket.hub.pk), ticket.hub.display_name)
    if "kind" in columns and ticket.kind:
        yield words.chip("kind", ticket.kind, words.kinds.get(ticket.kind, ticket.kind))
    if "responsible" in columns and ticket.responsible:
        yield words.chip("responsible", ticket.responsible, words.parties.get(ticket.responsible, ticket.responsible))
    if "assignee" in columns:
        yield _assignee(ticket, words)
    if "tags" in columns:
        yield from (words.chip("tag", tag, f"#{tag}") for tag in ticket.tags[:3])
    if ticket.sync_state in OUT_OF_STEP:
        yield words.chip("sync", ticket.sync_state, words.sync[ticket.sync_state], "bad")


def _flags(ticket: Ticket, words: _Words) -> Iterator[str]:
    said = turn(ticket)
    if said and "turn" in words.columns:
        yield words.chip("turn", said, words.turns[said], "info" if said == "responded" else "act")
    if ticket.priority >= Priority.HIGH and "priority" in words.columns:
        word = words.priorities.get(ticket.priority, str(ticket.priority))
        yield words.chip("priority", str(ticket.priority), word, "bad" if ticket.priority >= Priority.URGENT else "act")


def _assignee(ticket: Ticket, words: _Words) -> str:
    if ticket.assignee is not None:
        return words.chip("assignee", ticket.assignee.email, ticket.assignee.get_short_name())
    if ticket.assignee_label:
        return f'<span class="chip">{escape(ticket.assignee_label)}</span>'
    return words.chip("assignee", "none", words.nobody)


@lru_cache(maxsize=4096)
def _chip(adding: str, name: str, value: str, word: str, tone: str) -> str:
    """A mark of a row, small enough to be there hundreds of times; `adding` is what the address asks for already, escaped."""
    mark = f" class={tone}" if tone else ""
    return f'<a{mark} href="?{adding}&{name}={escape(quote_plus(value))}">{escape(word)}</a>'


def _by_ticket(people: Iterable[Person]) -> dict[int, str]:
    """What stands on each row while somebody is at it; who writes is said before who looks."""
    said: dict[int, str] = {}
    for person in sorted(people, key=lambda each: each.is_writing):
        word = _("%(name)s is writing") if person.is_writing else _("%(name)s is looking")
        said[person.ticket] = word % {"name": person.name}
    return said
