"""Tickets with their messages and their places in the search table, in bulk and consistent with each other."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from communities.models import Community, User
from demo.load.wording import paragraph, subject
from ground import search
from ground.models import SearchEntry
from ground.references import CROCKFORD
from support.clocks import next_due
from support.external_keys import content_hash
from support.forms import desk_people
from support.models import Contact, Message, Ticket
from support.search import KIND
from support.states import Kind, MessageKind, Status

CHUNK = 2000
SPREAD = timedelta(days=500)
STATUSES = (Status.OPEN, Status.PENDING, Status.WAITING_ON_REQUESTER, Status.SOLVED, Status.CLOSED)
WEIGHTS = (4, 2, 3, 11, 80)
EXCERPT = 160
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Stage:
    """Who there is to ask and to answer, and the dice."""

    rng: random.Random
    now: datetime
    communities: Sequence[Community]
    askers: Sequence[Contact]
    agents: Sequence[User]
    first: int


def make_tickets(
    count: int, *, messages: int, communities: Sequence[Community], rng: random.Random, progress: Progress = lambda _done: None
) -> None:
    """That many more tickets; `messages` in all, spread evenly over them."""
    latest = Ticket.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    stage = Stage(rng, timezone.now(), communities, _askers(communities), list(desk_people()), latest + 1)
    lengths = (messages // count + (place < messages % count) for place in range(count))
    for start in range(0, count, CHUNK):
        _write(stage, start, [length for length, _ in zip(lengths, range(min(CHUNK, count - start)), strict=False)])
        progress(min(start + CHUNK, count))


@transaction.atomic
def _write(stage: Stage, start: int, lengths: list[int]) -> None:
    drafts = [_ticket(stage, stage.first + start + place) for place in range(len(lengths))]
    letters = [list(_letters(stage, ticket, length)) for ticket, length in zip(drafts, lengths, strict=True)]
    for ticket, written in zip(drafts, letters, strict=True):
        _show_last(ticket, written)
    Ticket.objects.bulk_create(drafts)
    for ticket, written in zip(drafts, letters, strict=True):
        for message in written:
            message.ticket = ticket
    Message.objects.bulk_create([message for written in letters for message in written])
    SearchEntry.objects.bulk_create(
        SearchEntry(kind=KIND, object_id=ticket.pk, **search.folded(title=ticket.subject, body=ticket.body_text)) for ticket in drafts
    )


def _ticket(stage: Stage, number: int) -> Ticket:
    rng = stage.rng
    text = paragraph(rng, sentences=2)
    opened = stage.now - timedelta(seconds=rng.randrange(int(SPREAD.total_seconds())))
    home = rng.randrange(len(stage.communities))
    status = rng.choices(STATUSES, WEIGHTS)[0]
    agent = rng.choice(stage.agents) if stage.agents and rng.random() < 0.8 else None
    return Ticket(
        reference=_reference(number),
        community=stage.communities[home],
        requester=stage.askers[home],
        opened_by_id=stage.askers[home].user_id,
        subject=subject(rng),
        body_text=text,
        body_html=f"<p>{text}</p>",
        status_id=status,
        priority=rng.choices((1, 2, 3, 4), (60, 25, 12, 3))[0],
        kind="" if status == Status.OPEN and rng.random() < 0.4 else rng.choice(Kind.values),
        assignee=agent,
        assignee_label=str(agent or ""),
        created_at=opened,
        updated_at=opened,
    )


def _letters(stage: Stage, ticket: Ticket, length: int) -> Iterator[Message]:
    for place in range(length):
        text = paragraph(stage.rng, sentences=2)
        kind = (MessageKind.REPLY, MessageKind.INCOMING, MessageKind.NOTE)[place % 3]
        is_theirs = kind == MessageKind.INCOMING
        yield Message(
            kind=kind,
            author_contact=ticket.requester if is_theirs else None,
            author_user=None if is_theirs else ticket.assignee,
            author_label=str(ticket.requester) if is_theirs else ticket.assignee_label or "Desk",
            body_text=text,
            body_html=f"<p>{text}</p>",
            content_hash=content_hash(text),
            created_at=min(ticket.created_at + timedelta(hours=3 * (place + 1)), stage.now),
            ticket_version=place + 2,
        )


def _show_last(ticket: Ticket, letters: Sequence[Message]) -> None:
    """What lists show, as `recording` would have left it."""
    public = [letter for letter in letters if letter.kind != MessageKind.NOTE]
    ticket.version = len(letters) + 1
    ticket.last_message_kind = letters[-1].kind if letters else MessageKind.INCOMING
    ticket.last_message_excerpt = (letters[-1].body_text if letters else ticket.body_text)[:EXCERPT]
    ticket.last_message_label = letters[-1].author_label if letters else str(ticket.requester)
    ticket.last_message_at = ticket.updated_at = letters[-1].created_at if letters else ticket.created_at
    ticket.last_public_kind = public[-1].kind if public else MessageKind.INCOMING
    ticket.last_public_excerpt = (public[-1].body_text if public else ticket.body_text)[:EXCERPT]
    if ticket.status_id == Status.OPEN and ticket.last_public_kind == MessageKind.INCOMING:
        ticket.waiting_since = public[-1].created_at if public else ticket.created_at
        ticket.next_due_at = next_due(ticket.waiting_since, ticket.priority)


def _askers(communities: Sequence[Community]) -> list[Contact]:
    """The contact of each community's member."""
    members = {
        user.email: user for user in User.objects.filter(email__in=[f"member@{community.slug}.example" for community in communities])
    }
    Contact.objects.bulk_create([Contact(email=email, name=user.name, user=user) for email, user in members.items()], ignore_conflicts=True)
    contacts = {contact.email: contact for contact in Contact.objects.filter(email__in=members)}
    return [contacts[f"member@{community.slug}.example"] for community in communities]


def _reference(number: int) -> str:
    """A reference that no other number has: an odd multiplier visits every value of 40 bits once."""
    value = number * 0x9E3779B97F4A7C15 % 2**40
    digits = "".join(CROCKFORD[value >> shift & 31] for shift in range(35, -1, -5))
    return f"T-{digits[:4]}-{digits[4:]}"
