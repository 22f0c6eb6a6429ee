"""Tickets with their messages, their clocks and the words they are found by, in bulk and consistent with each other."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction
from django.utils import timezone

from communities.models import Community, User
from communities.states import Party
from demo.load.hubs import make_hubs
from demo.load.letters import Text, Writer
from demo.load.wording import subject
from ground.references import CROCKFORD
from hubs.models import Hub
from support import search, timing
from support.forms.tickets import desk_people
from support.models import Contact, Message, Ticket, TicketWords
from support.recording.external_keys import content_hash
from support.states import Escalation, Impact, Kind, MessageKind, Status

CHUNK = 2000
SPREAD = timedelta(days=500)
STATUSES = (Status.OPEN, Status.PENDING, Status.WAITING_ON_REQUESTER, Status.SOLVED, Status.CLOSED)
WEIGHTS = (4, 2, 3, 11, 80)
OVER = frozenset({Status.SOLVED, Status.CLOSED})
PARTIES = (Party.PROVIDER, Party.COMMUNITY, Party.SHARED, Party.PARTNER)
TAGS = ("login", "storage", "image", "workshop", "gpu", "billing", "question", "upgrade")
HELPERS = 4  # people without an account, a community
EXCERPT = 160
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Stage:
    """Who there is to ask and to answer, and the dice."""

    rng: random.Random
    writer: Writer
    now: datetime
    communities: Sequence[Community]
    askers: Mapping[int, Sequence[Contact]]
    hubs: Mapping[int, Hub]
    agents: Sequence[User]
    first: int


@dataclass(frozen=True)
class Draft:
    """One ticket with all that comes with it."""

    ticket: Ticket
    opening: Text
    letters: Sequence[tuple[Message, Text]]


def make_tickets(
    count: int, *, messages: int, communities: Sequence[Community], rng: random.Random, progress: Progress = lambda _done: None
) -> None:
    """That many more tickets; `messages` in all, spread evenly over them."""
    latest = Ticket.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    stage = Stage(
        rng, Writer(rng), timezone.now(), communities, _askers(communities), make_hubs(communities), list(desk_people()), latest + 1
    )
    lengths = (messages // count + (place < messages % count) for place in range(count))
    for start in range(0, count, CHUNK):
        _write(stage, start, list(islice(lengths, CHUNK)))
        progress(min(start + CHUNK, count))


@transaction.atomic
def _write(stage: Stage, start: int, lengths: list[int]) -> None:
    drafts = [_draft(stage, stage.first + start + place, length) for place, length in enumerate(lengths)]
    turned = timing.turn_together([(draft.ticket, (), [message for message, _text in draft.letters]) for draft in drafts], now=stage.now)
    Ticket.objects.bulk_create([draft.ticket for draft in drafts])
    timing.keep(turned)
    for draft in drafts:
        for message, _text in draft.letters:
            message.ticket = draft.ticket
    Message.objects.bulk_create([message for draft in drafts for message, _text in draft.letters])
    search.keep([_words(stage, draft) for draft in drafts])


def _draft(stage: Stage, number: int, length: int) -> Draft:
    opening = stage.writer.question()
    ticket = _ticket(stage, number, opening)
    letters = list(_letters(stage, ticket, length))
    _show_last(ticket, [message for message, _text in letters])
    _decide(stage, ticket)
    return Draft(ticket, opening, letters)


def _ticket(stage: Stage, number: int, opening: Text) -> Ticket:
    rng = stage.rng
    opened = stage.now - timedelta(seconds=rng.randrange(int(SPREAD.total_seconds())))
    home = rng.choice(stage.communities)
    asker = rng.choice(stage.askers[home.pk])
    return Ticket(
        reference=_reference(number),
        community=home,
        hub=stage.hubs[home.pk] if rng.random() < 0.7 else None,
        requester=asker,
        opened_by_id=asker.user_id,
        subject=subject(rng),
        body_text=opening.plain,
        body_html=opening.html,
        status_id=rng.choices(STATUSES, WEIGHTS)[0],
        priority=rng.choices((1, 2, 3, 4), (60, 25, 12, 3))[0],
        tags=rng.sample(TAGS, k=rng.choice((0, 0, 1, 2))),
        created_at=opened,
        updated_at=opened,
    )


def _decide(stage: Stage, ticket: Ticket) -> None:
    """What staff have decided by now; the newest have not been looked at."""
    rng = stage.rng
    if ticket.status_id == Status.OPEN and rng.random() < 0.4:
        return
    agent = rng.choice(stage.agents) if stage.agents and rng.random() < 0.9 else None
    ticket.kind, ticket.impact, ticket.responsible = rng.choice(Kind.values), rng.choice(Impact.values), rng.choice(PARTIES)
    ticket.assignee, ticket.assignee_label = agent, str(agent or "")
    if ticket.status_id in OVER:
        ticket.solved_at = min(ticket.updated_at + timedelta(hours=rng.uniform(0.5, 60)), stage.now)
        ticket.updated_at = ticket.solved_at
    elif rng.random() < 0.03:
        ticket.snoozed_until = stage.now + timedelta(days=rng.uniform(0.5, 9))
    elif rng.random() < 0.05:
        ticket.escalation = rng.choice((Escalation.OPEN, Escalation.OPEN, Escalation.CLOSED))


def _letters(stage: Stage, ticket: Ticket, length: int) -> Iterator[tuple[Message, Text]]:
    at = ticket.created_at
    for place in range(length):
        kind = (MessageKind.REPLY, MessageKind.INCOMING, MessageKind.NOTE)[place % 3]
        at = min(at + timedelta(hours=stage.rng.uniform(0.2, 40)), stage.now)
        yield _letter(stage, ticket, kind, at, place + 2)


def _letter(stage: Stage, ticket: Ticket, kind: MessageKind, at: datetime, version: int) -> tuple[Message, Text]:
    writer, is_theirs = stage.writer, kind == MessageKind.INCOMING
    agent = None if is_theirs or not stage.agents else stage.rng.choice(stage.agents)
    text = {MessageKind.REPLY: writer.answer, MessageKind.INCOMING: writer.question, MessageKind.NOTE: writer.note}[kind]()
    message = Message(
        kind=kind,
        author_contact=ticket.requester if is_theirs else None,
        author_user=agent,
        author_label=str(ticket.requester) if is_theirs else str(agent or "Desk"),
        body_text=text.plain,
        body_html=text.html,
        content_hash=content_hash(text.plain),
        created_at=at,
        ticket_version=version,
    )
    return message, text


def _show_last(ticket: Ticket, letters: Sequence[Message]) -> None:
    """What lists show, as `recording` would have left it."""
    public = [letter for letter in letters if letter.kind != MessageKind.NOTE]
    ticket.version = ticket.followed_version = len(letters) + 1
    ticket.first_replied_at = next((letter.created_at for letter in letters if letter.kind == MessageKind.REPLY), None)
    ticket.last_message_kind = letters[-1].kind if letters else MessageKind.INCOMING
    ticket.last_message_excerpt = (letters[-1].body_text if letters else ticket.body_text)[:EXCERPT]
    ticket.last_message_label = letters[-1].author_label if letters else str(ticket.requester)
    ticket.last_message_at = ticket.updated_at = letters[-1].created_at if letters else ticket.created_at
    ticket.last_public_kind = public[-1].kind if public else MessageKind.INCOMING
    ticket.last_public_excerpt = (public[-1].body_text if public else ticket.body_text)[:EXCERPT]
    if ticket.status_id == Status.OPEN and ticket.last_public_kind == MessageKind.INCOMING:
        ticket.waiting_since = public[-1].created_at if public else ticket.created_at


def _words(stage: Stage, draft: Draft) -> TicketWords:
    stems = stage.writer.stems_of
    said = [word for message, text in draft.letters if message.kind != MessageKind.NOTE for word in stems(text)]
    noted = [word for message, text in draft.letters if message.kind == MessageKind.NOTE for word in stems(text)]
    asker = draft.ticket.requester
    own = search.text_of(draft.ticket.subject, f"{asker.name} {asker.email}" if asker else "").split()
    return TicketWords(
        ticket_id=draft.ticket.pk,
        open=f" {' '.join(dict.fromkeys([*own, *stems(draft.opening), *said]))} ",
        notes=f" {' '.join(dict.fromkeys(noted))} " if noted else " ",
    )


def _askers(communities: Sequence[Community]) -> Mapping[int, Sequence[Contact]]:
    """Who asks, by community: its member, and people who have no account here."""
    members = {user.email: user for user in User.objects.filter(email__in=[f"member@{home.slug}.example" for home in communities])}
    wanted = {home.pk: [f"member@{home.slug}.example", *(f"asker-{n}@{home.slug}.example" for n in range(HELPERS))] for home in communities}
    Contact.objects.bulk_create(
        [
            Contact(email=email, name=members[email].name if email in members else email.split("@")[0].title(), user=members.get(email))
            for emails in wanted.values()
            for email in emails
        ],
        ignore_conflicts=True,
    )
    held = {
        contact.email: contact for contact in Contact.objects.filter(email__in=[email for emails in wanted.values() for email in emails])
    }
    return {key: [held[email] for email in emails] for key, emails in wanted.items()}


def _reference(number: int) -> str:
    """A reference that no other number has: an odd multiplier visits every value of 40 bits once."""
    value = number * 0x9E3779B97F4A7C15 % 2**40
    digits = "".join(CROCKFORD[value >> shift & 31] for shift in range(35, -1, -5))
    return f"T-{digits[:4]}-{digits[4:]}"
