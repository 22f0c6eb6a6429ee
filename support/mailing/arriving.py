"""One mail arrives: it opens a ticket, joins one, tells of a mail that did not arrive, or is left out with its reason."""

import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from ground.actors import Actor
from ground.errors import Rejected
from support import emails, recording, replies, sync, threads, tickets
from support.mailing.files import keep_files
from support.mailing.matching import Match, Standing, by_ids, match
from support.mailing.reading import read
from support.mailing.senders import Sender, community_of, sender_of
from support.mailing.shapes import Bounce, ReadMail, Unreadable
from support.models import IncomingMail, Message, Ticket
from support.recording import Letter
from support.states import Delivery, MailOutcome, MessageKind

A_WHILE = timedelta(hours=1)
MOST_FROM_ONE = 20
MOST_IN_ONE_TICKET = 30
MOST_ACKNOWLEDGED = 3
FRESHDESK_TAKES_IT = "Freshdesk is connected and takes the mail; nothing was taken in."
NO_REPLY = re.compile(r"^(no|do-?not)[-_.]?reply\b|^noreply", re.IGNORECASE)
TAKEN = (MailOutcome.OPENED, MailOutcome.ANSWERED)


@dataclass(frozen=True)
class Arrived:
    """What a mail led to. `reason` says why when it led to nothing."""

    outcome: MailOutcome
    reason: str = ""
    ticket: Ticket | None = None
    letter: Message | None = None


def take_in(raw: bytes) -> Arrived:
    """Take one mail in, once: the same mail again changes nothing. Raises `Rejected` when Freshdesk takes the mail."""
    if sync.is_connected():
        raise Rejected(FRESHDESK_TAKES_IT)
    try:
        mail = read(raw)
    except Unreadable as error:
        return refuse(raw, str(error))
    return _once(mail)


@transaction.atomic
def refuse(raw: bytes, reason: str) -> Arrived:
    """Write down that a mail was not taken in, and why."""
    IncomingMail.objects.get_or_create(
        message_id=f"{hashlib.sha256(raw).hexdigest()}@refused",
        defaults={"outcome": MailOutcome.REFUSED, "reason": reason[:255], "received_at": timezone.now()},
    )
    return Arrived(MailOutcome.REFUSED, reason)


@transaction.atomic
def _once(mail: ReadMail) -> Arrived:
    row, is_first = IncomingMail.objects.get_or_create(
        message_id=mail.key,
        defaults={
            "from_address": mail.from_address,
            "subject": mail.subject,
            "outcome": MailOutcome.IGNORED,
            "received_at": timezone.now(),
        },
    )
    if not is_first:
        return Arrived(MailOutcome.IGNORED, "this mail came before", row.ticket, row.letter)
    arrived = _judge(mail)
    row.outcome, row.reason, row.ticket, row.letter = arrived.outcome, arrived.reason[:255], arrived.ticket, arrived.letter
    row.save()
    return arrived


def _judge(mail: ReadMail) -> Arrived:
    if mail.bounce is not None:
        return _show_bounce(mail.bounce)
    if reason := mail.automatic or _unwanted(mail):
        return Arrived(MailOutcome.IGNORED, reason)
    sender = sender_of(mail)
    found = match(mail, sender)
    if found is None or not found.joins:
        return _open(mail, sender, found)
    if _taken_lately(ticket=found.ticket) >= MOST_IN_ONE_TICKET:
        return Arrived(MailOutcome.IGNORED, f"more than {MOST_IN_ONE_TICKET} mails in this ticket within an hour", found.ticket)
    return _join(mail, sender, found)


def _unwanted(mail: ReadMail) -> str:
    """Why a mail by a person, or by what looks like one, is left out all the same."""
    if not mail.from_address:
        return "no sender"
    if threads.is_ours(mail.from_address) or threads.reference_in_id(mail.message_id):
        return "our own mail come back"
    if _taken_lately(from_address=mail.from_address) >= MOST_FROM_ONE:
        return f"more than {MOST_FROM_ONE} mails from this address within an hour"
    return ""


def _taken_lately(**where: object) -> int:
    return IncomingMail.objects.filter(outcome__in=TAKEN, received_at__gt=timezone.now() - A_WHILE, **where).count()


def _open(mail: ReadMail, sender: Sender, named: Match | None) -> Arrived:
    ticket = tickets.open_mailed(
        community_of(sender),
        subject=threads.bare_subject(mail.subject) or " ".join(mail.body.text.split())[:80] or "—",
        body_html=mail.body.html,
        by=sender.actor,
        opening=tickets.Opening(requester=sender.contact, message_id=mail.message_id, cc=_copied(mail)),
    )
    keep_files(ticket, None, mail.body.files)
    if named is not None:
        recording.happened(ticket, "answers", after=named.ticket.reference, note=sender.address, by=Actor.system())
    _acknowledge(ticket, sender)
    return Arrived(MailOutcome.OPENED, ticket=ticket)


def _acknowledge(ticket: Ticket, sender: Sender) -> None:
    """Say once that the mail is a ticket; a machine that answers every answer is told no more."""
    opened = IncomingMail.objects.filter(
        outcome=MailOutcome.OPENED, from_address=sender.address, received_at__gt=timezone.now() - A_WHILE
    ).count()
    if opened < MOST_ACKNOWLEDGED and not NO_REPLY.match(sender.address):
        emails.opened.queue(to=sender.address, language=emails.language_of(ticket), ticket_id=ticket.pk)


def _join(mail: ReadMail, sender: Sender, found: Match) -> Arrived:
    """The sender's words, signed with their address where the thread does not know them. Staff's become a note: mail proves nobody."""
    by = sender.signed if found.standing is Standing.ADDRESSED else sender.actor
    is_note = found.standing is Standing.STAFF
    letter = Letter(
        kind=MessageKind.NOTE if is_note else MessageKind.INCOMING,
        body_html=mail.body.html,
        body_text=mail.body.text,
        author_contact=sender.contact,
        message_id=mail.message_id,
        in_reply_to=mail.in_reply_to,
        references=mail.references[-threads.LONGEST_CHAIN :],
        cc=() if is_note else _copied(mail),
    )
    message = replies.keep_note(found.ticket, letter, by=by) if is_note else replies.take(found.ticket, letter, by=by)
    keep_files(found.ticket, message, mail.body.files)
    return Arrived(MailOutcome.ANSWERED, ticket=found.ticket, letter=message)


def _copied(mail: ReadMail) -> tuple[str, ...]:
    """Who else the mail was addressed to; not its sender, not the desk under any of its names."""
    return tuple(threads.distinct([*mail.to, *mail.cc], without=[mail.from_address, *mail.delivered_to]))


def _show_bounce(bounce: Bounce) -> Arrived:
    """Show on our mail that it did not arrive, or not yet, and in the ticket's history."""
    message = _bounced_message(bounce)
    ticket = message.ticket if message else by_ids(bounce.original_ids)
    if ticket is None:
        return Arrived(MailOutcome.IGNORED, "tells of a mail that is none of ours")
    note = f"{bounce.recipient}: {bounce.note}" if bounce.recipient else bounce.note
    if message is not None:
        message.delivery = Delivery.BOUNCED if bounce.is_final else message.delivery
        message.delivery_note = note[:255]
        message.save(update_fields=["delivery", "delivery_note"])
    what = "bounced" if bounce.is_final else "delayed"
    recording.happened(ticket, what, after=bounce.recipient, note=bounce.note, by=Actor.mail("Mail"))
    return Arrived(MailOutcome.BOUNCED, "" if bounce.is_final else "delayed", ticket, message)


def _bounced_message(bounce: Bounce) -> Message | None:
    """The first of our letters that the report names."""
    ours = Message.objects.filter(message_id__in=bounce.original_ids, kind=MessageKind.REPLY).select_related("ticket")
    by_id = {message.message_id: message for message in ours}
    return next((by_id[each] for each in bounce.original_ids if each in by_id), None)
