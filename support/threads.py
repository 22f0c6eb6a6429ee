"""The thread of a ticket in people's mailboxes: its ids, its chain, its subject, and who gets a copy."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.text import Truncator

from ground.mail import Envelope
from support.models import Message, Ticket
from support.states import MessageKind

PREFIXES = re.compile(r"^((re|aw|sv|fwd?|rv|res|enc|tr|antw|r)\s*(\[\d+\])?:\s*)+", re.IGNORECASE)
TAG = re.compile(r"\[(T(?:-[0-9A-Z]{4,6}){1,2})\]", re.IGNORECASE)
OWN_ID = re.compile(r"^(T(?:-[0-9A-Z]{4,6}){1,2})\.([a-z0-9]+)@(.+)$", re.IGNORECASE)
MACHINES = re.compile(
    r"(no-?reply|do-?not-?reply|mailer-daemon|mail-?daemon|postmaster|bounces?|notifications?)([-+._][^@]*)?@", re.IGNORECASE
)
LONGEST_CHAIN = 20
MOST_COPIES = 20
BY_HAND = {"Auto-Submitted": "no"}
AUTOMATIC = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All", "Precedence": "bulk"}
GENERATED = {**AUTOMATIC, "Auto-Submitted": "auto-generated"}
"""RFC 3834 §3.1.7 and §3.1.8, and what Exchange asks for: nobody's machine shall answer ours."""


@dataclass(frozen=True)
class Place:
    """Where the next mail of a ticket stands in its thread, and who gets a copy."""

    in_reply_to: str
    references: list[str]
    cc: list[str]


def host() -> str:
    """The right side of our Message-IDs."""
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def root_id(ticket: Ticket) -> str:
    """The id of the mail that says the ticket is open; known without being kept."""
    return f"{ticket.reference}.{ticket.external_key or ticket.pk}@{host()}"


def id_of(message: Message) -> str:
    """The id under which a message of ours is mailed, the same at every attempt."""
    return f"{message.ticket.reference}.{message.external_key or message.pk}@{host()}"


def reference_in_id(message_id: str) -> str:
    """The ticket's reference in an id that we made, else nothing."""
    found = OWN_ID.match(message_id)
    return found[1].upper() if found and found[3].lower() == host() else ""


def reference_in_subject(subject: str) -> str:
    """The ticket's reference in a subject that we wrote once, else nothing."""
    found = TAG.findall(subject)
    return found[-1].upper() if found else ""


def bare_subject(subject: str) -> str:
    """A subject without what mail programs and we put around it."""
    return " ".join(PREFIXES.sub("", TAG.sub("", subject).strip()).split())


def is_ours(address: str) -> bool:
    """Whether this is the desk's own address, with or without a `+tag`."""
    own_name, _, own_host = settings.SUPPORT_EMAIL.lower().partition("@")
    name, _, address_host = address.lower().partition("@")
    return (name.partition("+")[0], address_host) == (own_name, own_host)


def is_a_machine(address: str) -> bool:
    """Whether nobody reads what is sent to this address, by its name."""
    return MACHINES.match(address) is not None


def next_place(ticket: Ticket) -> Place:
    """Behind the last mail that came, else behind the first of all; copied to whom that mail was addressed."""
    letters = list(ticket.messages.exclude(kind=MessageKind.NOTE).exclude(message_id="").order_by("created_at", "pk"))
    came = [letter for letter in letters if letter.kind == MessageKind.INCOMING]
    parent = came[-1].message_id if came else ticket.message_id or (letters[-1].message_id if letters else "")
    known = [*(came[-1].references if came else ()), ticket.message_id, *(letter.message_id for letter in letters)]
    chain = [each for each in dict.fromkeys(known) if each and each != parent]
    return Place(in_reply_to=parent, references=_shortened([*chain, *([parent] if parent else [])]), cc=copies(ticket, came))


def envelope(message: Message) -> Envelope:
    """What stands on a reply by a person, or on one that nobody wrote."""
    is_by_hand = message.author_user_id is not None and not message.is_automatic
    headers = {
        **(BY_HAND if is_by_hand else AUTOMATIC),
        **_in_thread(message.message_id, message.in_reply_to, message.references),
    }
    return Envelope(headers=headers, cc=message.cc)


def acknowledging(ticket: Ticket) -> Envelope:
    """What stands on the mail that says a mailed ticket is open."""
    return Envelope(headers={**AUTOMATIC, **_in_thread(root_id(ticket), ticket.message_id, [ticket.message_id])})


def noticing(ticket: Ticket, mail_pk: int) -> Envelope:
    """What stands on a notice: a thread of its own a ticket, so that an answer to it never passes for an answer in the ticket."""
    thread = f"notices-{ticket.reference}@{host()}"
    return Envelope(headers={**GENERATED, **_in_thread(f"notice-{mail_pk}@{host()}", thread, [thread])})


def automatic() -> Envelope:
    """What stands on a mail that nobody asked for at this moment."""
    return Envelope(headers=GENERATED)


def subject_of(ticket: Ticket) -> str:
    """The ticket's subject as it stands on a mail, where it is not alone on its line."""
    return Truncator(bare_subject(ticket.subject)).chars(200)


def distinct(addresses: Iterable[str], *, without: Iterable[str] = ()) -> list[str]:
    """Each address once, in lower case, without the desk's own and those named."""
    left_out = {address.lower() for address in without}
    kept = dict.fromkeys(address.lower() for address in addresses if address and not is_ours(address))
    return [address for address in kept if address not in left_out][:MOST_COPIES]


def copies(ticket: Ticket, came: Sequence[Message]) -> list[str]:
    """Whom the last of the mails that came was addressed to, else the first of all."""
    last = came[-1] if came else None
    asked = ticket.requester.email if ticket.requester else ""
    if last is None:
        return distinct(ticket.cc, without=[asked])
    author = last.author_contact.email if last.author_contact else ""
    return distinct([author, *last.cc], without=[asked])


def _in_thread(message_id: str, in_reply_to: str, references: Iterable[str]) -> dict[str, str]:
    named: dict[str, Any] = {
        "Message-ID": f"<{message_id}>",
        "In-Reply-To": f"<{in_reply_to}>" if in_reply_to else "",
        "References": " ".join(f"<{each}>" for each in references if each),
    }
    return {name: value for name, value in named.items() if value}


def _shortened(chain: list[str]) -> list[str]:
    """The first and the newest of a long chain, as RFC 5322 mail programs do."""
    return chain if len(chain) <= LONGEST_CHAIN else [chain[0], *chain[-LONGEST_CHAIN + 1 :]]
