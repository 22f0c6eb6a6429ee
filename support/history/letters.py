"""The letters of an exchange as the desk's page shows them: joined here, each part escaped, for a template costs more than most letters have."""

from collections.abc import Iterable
from datetime import datetime
from html import escape

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from support.history import Entry
from support.models import Message
from support.states import MessageKind, SyncState


def joined(entries: Iterable[Entry], *, address: str, query: str = "") -> SafeString:
    """The exchange as items of a list. `address`: of the ticket's page; `query`: what it carries along."""
    words, there = _Words(), f"{escape(address)}?{escape(query)}&amp;" if query else f"{escape(address)}?"
    html = "".join(_letter(entry, words, there) if entry.key else _between(entry, address, query) for entry in entries)
    return mark_safe(html)  # noqa: S308  every part escapes what people wrote; letters were cleaned when they were stored


class _Words:
    """The words of letters in the reader's language, each looked up once."""

    def __init__(self) -> None:
        self.note, self.new = escape(_("Internal note, only staff read it")), escape(_("New since you opened"))
        self.link, self.zone = escape(_("Link to this letter")), escape(_("your time"))
        self.within = _("in %(reference)s")


def _between(entry: Entry, address: str, query: str) -> str:
    return render_to_string("support/parts/between.html", {"entry": entry, "address": address, "query": query})


def _letter(entry: Entry, words: _Words, there: str) -> str:
    kind, key, message = escape(entry.kind), escape(entry.key), entry.message
    marks = f"{' is-new' if entry.is_new else ''}{' letter--merged' if entry.reference else ''}"
    seen = f' data-version="{message.ticket_version:d}" data-letter="{message.pk:d}"' if entry.is_new and message else ""
    return (
        f'<li class="letter letter--{kind}{marks}" id="{key}"{seen}>\n'
        f'<div class="letter__head"><strong>{escape(entry.who)}</strong>\n{_said(entry, words)}'
        f'<span class="meta"><a class="letter__link" href="{there}letter={key}#{key}" title="{words.link}">{_when(entry.at, words)}</a></span></div>\n'
        f'<div class="letter__body">{entry.html}</div>\n'
        f"{_files(entry)}{_standing(message) if message else ''}</li>\n"
    )


def _said(entry: Entry, words: _Words) -> str:
    """What is to be known of it before it is read."""
    note = f'<span class="letter__label">{words.note}</span>\n' if entry.kind == MessageKind.NOTE else ""
    new = f'<span class="letter__new">{words.new}</span>\n' if entry.is_new else ""
    if not entry.reference:
        return note + new
    address = escape(reverse("support:desk_ticket", args=[entry.reference]))
    return f'{note}<a class="letter__reference" href="{address}">{escape(words.within % {"reference": entry.reference})}</a>\n{new}'


def _when(at: datetime, words: _Words) -> str:
    """As `components/when.html` says it."""
    here = timezone.localtime(at)
    zone = f"{words.zone}, UTC{date_format(here, 'O')}"
    return f'<time datetime="{date_format(here, "c")}" title="{zone}">{escape(date_format(here, "D j M Y, H:i"))}</time>'


def _files(entry: Entry) -> str:
    return render_to_string("support/parts/files.html", {"files": entry.files}) if entry.files else ""


def _standing(message: Message) -> str:
    """Whether it has left, and how far it came."""
    if message.is_held:
        return render_to_string("support/composing/held.html", {"held": message.held})
    sync = render_to_string("support/parts/sync.html", {"row": message}) if message.sync_state != SyncState.LOCAL else ""
    return sync + (render_to_string("support/parts/delivery.html", {"row": message}) if message.delivery else "")
