"""To whom a reply goes: shown above the button that sends it, with a word about whoever should perhaps not be among them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from communities.models import User
from support import threads
from support.models import Contact, Message, Ticket
from support.people import contacts
from support.policy import DESK_GROUPS
from support.states import MessageKind, SyncState

NO_REPLY = re.compile(r"^(no[-_.]?reply|do[-_.]?not[-_.]?reply|mailer-daemon|postmaster|bounces?)\b", re.IGNORECASE)
APART = re.compile(r"[\s,;]+")


@dataclass(frozen=True)
class Caution:
    """An address to look at before sending, and why."""

    address: str
    words: str | Promise


@dataclass(frozen=True)
class Recipients:
    """Who gets a reply. Without a `to` it is not mailed: it is read on the community's page."""

    name: str
    to: str
    cc: Sequence[str]
    also: Sequence[Contact]
    """Who else asked: the requesters of tickets that were merged into this one. They get it whoever is copied."""
    warnings: Sequence[Caution]

    @property
    def is_mailed(self) -> bool:
        return bool(self.to)

    @property
    def number(self) -> int:
        return len(self.cc) + len(self.also) + (1 if self.to else 0)


def of(ticket: Ticket, *, cc: Sequence[str] | None = None, letters: Iterable[Message] | None = None) -> Recipients:
    """To whom the next reply of this ticket goes. `cc`: instead of whom the thread's last mail was addressed to; `letters`: known already."""
    asked = askers(ticket) if ticket.sync_state != SyncState.AWAITING_APPROVAL else []
    to, also = (asked[0].email, asked[1:]) if asked else ("", [])
    copied = beside(asked, cc if cc is not None else in_thread(ticket, letters))
    name = ticket.requester_label if not asked or asked[0] == ticket.requester else str(asked[0])
    shown = [*(each.email for each in asked), *copied]
    return Recipients(name=name, to=to, cc=copied, also=also, warnings=_warnings(ticket, shown))


def askers(ticket: Ticket) -> list[Contact]:
    """Whom an answer is mailed to: its own requester first, then those of the tickets merged into it, where they have an address."""
    return [each for each in contacts.requesters_of(ticket) if each.email and not threads.is_ours(each.email)]


def beside(asked: Sequence[Contact], cc: Sequence[str]) -> list[str]:
    """Of these copies, those that do not go to somebody who asked anyway."""
    known = {each.email.lower() for each in asked}
    return [each for each in cc if each.lower() not in known]


def copied(ticket: Ticket, cc: Sequence[str] | None) -> list[str] | None:
    """Everybody besides the requester that a reply goes to; None where that is whom the thread's last mail was addressed to."""
    own = [ticket.requester.email] if ticket.requester else []
    others = [each.email for each in askers(ticket) if each != ticket.requester]
    if cc is None and not others:
        return None
    return threads.distinct([*others, *(cc if cc is not None else in_thread(ticket))], without=own)


def first_asker(ticket: Ticket) -> str:
    """The address that an answer is mailed to; empty where nobody who asked has one."""
    own = ticket.requester.email if ticket.requester else ""
    return own if own and not threads.is_ours(own) else next((each.email for each in askers(ticket)), "")


def in_thread(ticket: Ticket, letters: Iterable[Message] | None = None) -> list[str]:
    """Who gets a copy unless somebody says otherwise."""
    if letters is None:
        letters = (
            ticket.messages.filter(kind=MessageKind.INCOMING)
            .select_related("author_contact")
            .defer("remote_raw")
            .order_by("created_at", "pk")
        )
    return threads.copies(
        ticket, [letter for letter in letters if letter.kind == MessageKind.INCOMING and letter.message_id]
    ) or _in_freshdesk(ticket)


def parsed(text: str) -> list[str]:
    """The addresses in what somebody typed, each once. Raises `ValidationError` naming the first that is none."""
    found = list(dict.fromkeys(each.strip("<>").lower() for each in APART.split(text) if each.strip("<>")))
    for address in found:
        try:
            validate_email(address)
        except ValidationError as error:
            words = _("“%(address)s” is not a mail address. Put it right, or take it away.")
            raise ValidationError(words, params={"address": address}) from error
    if len(found) > threads.MOST_COPIES:
        raise ValidationError(_("At most %(most)s people get a copy."), params={"most": threads.MOST_COPIES})
    return found


def _in_freshdesk(ticket: Ticket) -> list[str]:
    """Whom Freshdesk copies by itself, so that what is shown is what happens."""
    kept = ticket.remote_raw.get("reply_cc_emails") or ticket.remote_raw.get("cc_emails") or []
    asked = ticket.requester.email if ticket.requester else ""
    return threads.distinct((each for each in kept if isinstance(each, str)), without=[asked])


def _warnings(ticket: Ticket, addresses: Sequence[str]) -> list[Caution]:
    ours = [Caution(each, _("is our own address; it will be left out")) for each in addresses if threads.is_ours(each)]
    machines = [Caution(each, _("is read by nobody")) for each in addresses if NO_REPLY.match(each)]
    known = {warning.address for warning in (*ours, *machines)}
    return [*ours, *machines, *_strangers(ticket, [each for each in addresses if each not in known])]


def _strangers(ticket: Ticket, addresses: Sequence[str]) -> list[Caution]:
    """Whoever is neither of the ticket's community nor of the desk. Of its requester the ticket's own query may have said so (`asker_belongs`)."""
    if ticket.community is None:
        return []
    belong = _belonging(ticket, addresses)
    words = _("is not in %(community)s") % {"community": ticket.community.name}
    return [Caution(each, words) for each in addresses if each.lower() not in belong]


def _belonging(ticket: Ticket, addresses: Sequence[str]) -> set[str]:
    told = {
        row.requester.email.lower(): row.asker_belongs
        for row in (ticket, *ticket.merged_here)
        if row.requester is not None and hasattr(row, "asker_belongs")
    }
    unsure = [each for each in addresses if each.lower() not in told]
    known = {address for address, belongs in told.items() if belongs}
    if not unsure:
        return known
    inside = Q(memberships__community=ticket.community_id) | Q(groups__name__in=DESK_GROUPS)
    return known | {email.lower() for email in User.objects.filter(inside, email__in=unsure).values_list("email", flat=True)}
