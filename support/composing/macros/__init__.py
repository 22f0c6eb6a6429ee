"""Macros: ready-made answers with what they change on the ticket; Freshdesk's canned responses stand among them, read-only."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _

from ground.actors import Actor
from ground.sanitising import clean_html
from support import emails, history
from support.composing import placeholders
from support.models import CannedResponse, Macro, Ticket, TicketStatus
from support.replies.changes import NOTHING, Changes
from support.vocabulary import tags

__all__ = ["NOTHING", "Language", "Offer", "Preview", "changes_of", "find", "in_words", "offered", "preview", "values_of"]

MOST = 20
OURS, THEIRS = "m", "c"


@dataclass(frozen=True)
class Offer:
    """A macro as a list names it."""

    key: str
    name: str
    where: str
    is_change_alone: bool = False


@dataclass(frozen=True)
class Language:
    """One language of a macro's words."""

    code: str
    name: str
    is_here: bool


@dataclass(frozen=True)
class Preview:
    """What a macro would write and change on this ticket; nothing has happened yet."""

    key: str
    name: str
    text: str
    unknown: Sequence[str]
    languages: Sequence[Language]
    changes: Sequence[tuple[str, str]]
    status: str = ""


def offered(*, by: Actor, words: str = "") -> list[Offer]:
    """The macros this person may use whose name holds those words: the most used first, Freshdesk's after ours."""
    asked = words.strip()[:100]
    ours = Macro.objects.visible_to(by).filter(name__icontains=asked).order_by("-used", "name")[:MOST]
    theirs = CannedResponse.objects.filter(Q(title__icontains=asked) | Q(folder__icontains=asked)).defer("body_html", "remote_raw")[:MOST]
    return [*map(_offer, ours), *(Offer(f"{THEIRS}{each.pk}", each.title, each.folder or "Freshdesk") for each in theirs)][:MOST]


def preview(ticket: Ticket, *, key: str, by: Actor, language: str = "") -> Preview | None:
    """What that macro would do here, in the requester's language unless another is asked for; None when there is none for this person."""
    found = find(key, by=by)
    if found is None:
        return None
    wanted = language or emails.language_of(ticket)
    filled = placeholders.fill(_words(found, wanted), values_of(ticket, by=by))
    changes = changes_of(found)
    return Preview(
        key=key,
        name=str(found),
        text=filled.text,
        unknown=filled.unknown,
        languages=_languages(found, wanted),
        changes=in_words(ticket, changes, by=by),
        status=str(changes.status.code) if changes.status else "",
    )


def find(key: str, *, by: Actor) -> Macro | CannedResponse | None:
    """The macro of that key, if this person may use it."""
    kind, number = key[:1], key[1:]
    if not number.isdecimal() or len(number) > 18:
        return None
    if kind == OURS:
        return Macro.objects.visible_to(by).select_related("status").filter(pk=int(number)).first()
    return CannedResponse.objects.filter(pk=int(number)).first() if kind == THEIRS else None


def changes_of(found: Macro | CannedResponse | None) -> Changes:
    """What it changes on a ticket; Freshdesk's change nothing."""
    if not isinstance(found, Macro):
        return NOTHING
    return Changes(
        status=found.status,
        priority=found.priority,
        kind=found.kind,
        assignee=found.assignee,
        tags_added=tuple(found.tags_added),
        tags_removed=tuple(found.tags_removed),
        snooze_hours=found.snooze_hours,
    )


def in_words(ticket: Ticket, changes: Changes, *, by: Actor) -> list[tuple[str, str]]:
    """What would differ on this ticket: the field and its value to be, as the desk says them."""
    statuses = {changes.status.code: changes.status} if changes.status else {}
    lines: list[tuple[str, str]] = []
    if changes.status and changes.status.code != ticket.status_id:
        lines.append(_line("status", str(changes.status.code), statuses))
    if changes.priority and changes.priority != ticket.priority:
        lines.append(_line("priority", str(changes.priority), statuses))
    if changes.kind and changes.kind != ticket.kind:
        lines.append(_line("kind", changes.kind, statuses))
    if changes.assignee:
        lines.append((history.field_in_words("assignee"), by.label if changes.assignee == "me" else _("nobody")))
    after = tags.together(ticket.tags, added=changes.tags_added, removed=changes.tags_removed)
    added = [tag for tag in after if tag not in ticket.tags]
    removed = [tag for tag in ticket.tags if tag not in after]
    if added or removed:
        lines.append((history.field_in_words("tags"), " ".join([*(f"+{tag}" for tag in added), *(f"−{tag}" for tag in removed)])))
    if changes.snooze_hours:
        hours = changes.snooze_hours
        lines.append((_("snooze"), ngettext("%(number)s hour", "%(number)s hours", hours) % {"number": hours}))
    return lines


def values_of(ticket: Ticket, *, by: Actor) -> dict[str, str]:
    """What placeholders stand for on this ticket."""
    requester, community, hub = ticket.requester, ticket.community, ticket.hub
    name = (requester.name or requester.email) if requester else ""
    return {
        "requester.name": name,
        "requester.first_name": name.split()[0] if name.split() else "",
        "requester.email": requester.email if requester else "",
        "ticket.reference": ticket.reference,
        "ticket.subject": ticket.subject,
        "ticket.url": settings.SITE_URL + reverse("support:ticket", args=[community.slug, ticket.reference]) if community else "",
        "hub.url": hub.url if hub else "",
        "hub.name": str(hub) if hub else "",
        "community.name": community.name if community else "",
        "agent.name": by.label,
        "agent.email": by.user.email if by.user else "",
    }


def _offer(macro: Macro) -> Offer:
    return Offer(f"{OURS}{macro.pk}", macro.name, _("Shared") if macro.is_shared else _("Yours"), not macro.text)


def _words(found: Macro | CannedResponse, language: str) -> str:
    if isinstance(found, Macro):
        return found.said_in(language)
    return placeholders.of_freshdesk(placeholders.markdown_of(clean_html(found.body_html)))


def _languages(found: Macro | CannedResponse, wanted: str) -> list[Language]:
    """The languages it is written in; which one is shown when the wanted one is missing."""
    if not isinstance(found, Macro) or len(found.text) < 2:
        return []
    shown = wanted if wanted in found.text else "en" if "en" in found.text else next(iter(found.text))
    return [
        Language(code, str(get_language_info(code)["name_local"]), code == shown)
        for code, _name in settings.LANGUAGES
        if code in found.text
    ]


def _line(field: str, value: str, statuses: dict[int, TicketStatus]) -> tuple[str, str]:
    return history.field_in_words(field), history.value_in_words(field, value, statuses)
