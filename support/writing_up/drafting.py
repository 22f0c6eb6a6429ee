"""What an article from a ticket would say: its question and its answers, every private place marked."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import override

from communities.models import Membership
from ground.quoting import FOLD, without_fold
from ground.sanitising import plain_text
from hubs.models import Hub
from knowledgebase.models import KnowledgeBase
from support.escalating.drafting import names_in
from support.models import Message, Ticket
from support.states import MessageKind
from support.writing_up.markdown import Passage, passages
from support.writing_up.marking import HUB_FACT, Piece, Private, Sort, mark

LONGEST = 10_000  # characters of one letter
ANSWERED = re.compile(r"(?i)^(?:(?:re|fwd?|aw|rv|res|enc|tr)\s*:\s*|\[[^\]]{1,40}\]\s*)+")
NOBODYS = frozenset(
    {"support", "team", "help", "helpdesk", "info", "admin", "contact", "office", "desk", "service", "hub", "hubs", "prod", "production"}
    | {"staging", "main", "default", "test", "training", "freshdesk", "hubdesk", "operator", "noreply", "no-reply", "mail"}
)
WORDS = {
    Sort.SECRET: _lazy("secret"),
    Sort.ADDRESS: _lazy("address"),
    Sort.NUMBER: _lazy("number"),
    Sort.NAME: _lazy("name"),
    Sort.USER: _lazy("user name"),
    Sort.COMMUNITY: _lazy("community"),
    Sort.HUB: _lazy("address of the hub"),
    Sort.SIGNATURE: _lazy("signature"),
    Sort.QUOTE: _lazy("repeated letter"),
    Sort.CHOSEN: _lazy("taken out by you"),
}


@dataclass(frozen=True)
class Wanted:
    """What to take, and where the article would stand. `chosen` are words that somebody wants taken out besides."""

    knowledge_base: KnowledgeBase
    letters: Sequence[Message]
    with_question: bool = True
    chosen: Sequence[str] = ()


@dataclass(frozen=True)
class Place:
    """A piece as the review shows it; a marked one has a number."""

    piece: Piece
    number: int | None = None

    @property
    def may_stay(self) -> bool:
        """A secret never does."""
        return self.number is not None and self.piece.sort != Sort.SECRET

    @property
    def word(self) -> str:
        """What it is, in a word."""
        return str(WORDS[self.piece.sort]) if self.piece.sort else ""

    def said(self, kept: frozenset[int]) -> str:
        """What the article says here."""
        if self.number is None or (self.may_stay and self.number in kept):
            return self.piece.text
        return self.piece.instead


@dataclass(frozen=True)
class Block:
    """Some Markdown or some code, in places."""

    places: Sequence[Place]
    is_code: bool = False

    def said(self, kept: frozenset[int]) -> str:
        text = "".join(place.said(kept) for place in self.places)
        return text.strip("\n") if self.is_code else re.sub(r"\n{3,}", "\n\n", text).strip()


@dataclass(frozen=True)
class Proposal:
    """The article as it would be drafted, for somebody to look through."""

    title: str
    question: Sequence[Block]
    answer: Sequence[Block]
    language: str
    is_cut: bool = False
    """Whether a letter was longer than is taken."""

    @property
    def digest(self) -> str:
        """Changes with every word and mark, so that what is confirmed is what was shown."""
        seen = [[(place.piece, place.number) for place in block.places] for block in (*self.question, *self.answer)]
        return hashlib.sha256(repr(seen).encode()).hexdigest()[:32]

    @property
    def marked(self) -> int:
        """How many places are marked."""
        return sum(place.number is not None for block in (*self.question, *self.answer) for place in block.places)

    def body(self, kept: frozenset[int]) -> list[dict[str, Any]]:
        """The blocks of the article."""
        with override(self.language):
            headings = (_("The question"), _("The answer"))
        found: list[dict[str, Any]] = []
        for heading, blocks in zip(headings, (self.question, self.answer), strict=True):
            said = [(block.is_code, text) for block in blocks if (text := block.said(kept))]
            if said:
                found += _blocks(heading, said)
        return found


def propose(ticket: Ticket, wanted: Wanted) -> Proposal:
    """Read those letters with every private place marked. Nothing of it is kept."""
    private = private_in(ticket, wanted)
    letters = sorted(wanted.letters, key=lambda letter: (letter.created_at, letter.pk))
    asked = [ticket.body_html] if wanted.with_question else []
    asked += [letter.body_html for letter in letters if letter.kind == MessageKind.INCOMING]
    answered = [letter.body_html for letter in letters if letter.kind == MessageKind.REPLY]
    numbers = _Numbers()
    return Proposal(
        title=_title(ticket, private),
        question=[block for html in asked for block in _marked(html, private, numbers)],
        answer=[block for html in answered for block in _marked(html, private, numbers)],
        language=wanted.knowledge_base.language,
        is_cut=any(len(without_fold(html)) > LONGEST for html in (*asked, *answered)),
    )


def private_in(ticket: Ticket, wanted: Wanted) -> Private:
    """Everybody the ticket may name, by every name they have here; and for the shared shelf the community and its hubs."""
    hubs = list(Hub.objects.filter(Q(community=ticket.community_id, community__isnull=False) | Q(pk=ticket.hub_id)))
    return Private(
        names=sorted(_names(ticket)),
        users=sorted(_users(ticket)),
        community=sorted(_community(ticket, hubs)) if wanted.knowledge_base.is_shared else (),
        domains=[hub.domain for hub in hubs if hub.domain],
        chosen=wanted.chosen,
    )


class _Numbers:
    """Numbers the marked places of one review."""

    def __init__(self) -> None:
        self.last = 0

    def place(self, piece: Piece) -> Place:
        if piece.sort is None:
            return Place(piece)
        self.last += 1
        return Place(piece, self.last)


def _marked(html: str, private: Private, numbers: _Numbers) -> Iterator[Block]:
    for passage in passages(without_fold(html)[:LONGEST]):
        pieces = mark(passage.text, private, is_code=passage.is_code)
        yield Block([numbers.place(piece) for piece in pieces], is_code=passage.is_code)
    if FOLD in html:
        repeated = Passage(plain_text(html.partition(FOLD)[2])[:LONGEST])
        yield Block([numbers.place(Piece(repeated.text, Sort.QUOTE))])


def _title(ticket: Ticket, private: Private) -> str:
    said = "".join(piece.instead if piece.sort else piece.text for piece in mark(ANSWERED.sub("", ticket.subject), private))
    return said.replace(HUB_FACT, _("the hub")).strip() or _("Untitled")


def _names(ticket: Ticket) -> set[str]:
    authors = Message.objects.filter(ticket=ticket).values_list("author_label", "author_user__name", "author_contact__name")
    named = {name for row in authors for name in row if name}
    named |= {*names_in(ticket), ticket.assignee_label, ticket.assignee.name if ticket.assignee else ""}
    return {name for name in named if not _is_nobodys(name) and name != settings.OPERATOR_NAME}


def _users(ticket: Ticket) -> set[str]:
    """What people are probably called on a hub: the beginning of their address."""
    authors = Message.objects.filter(ticket=ticket).values_list("author_user__email", "author_contact__email")
    addresses = {address for row in authors for address in row if address}
    addresses |= {ticket.requester.email if ticket.requester else "", ticket.opened_by.email if ticket.opened_by else ""}
    if ticket.community_id:
        addresses.update(Membership.objects.filter(community=ticket.community_id).values_list("user__email", flat=True))
    users = {address.partition("@")[0].partition("+")[0] for address in addresses}
    return {user for user in users if not _is_nobodys(user)}


def _community(ticket: Ticket, hubs: Iterable[Hub]) -> set[str]:
    community = ticket.community
    named = {community.name, community.slug} if community else set()
    for hub in hubs:
        named |= {hub.display_name, hub.name}
    return {name for name in named if not _is_nobodys(name)}


def _is_nobodys(name: str) -> bool:
    """Whether every word of it is one that anybody may be called by."""
    return all(word in NOBODYS for word in re.split(r"[\s._-]+", name.lower()) if word)


def _blocks(heading: str, said: Sequence[tuple[bool, str]]) -> Iterator[dict[str, Any]]:
    """A heading and what follows; neighbouring text is one block."""
    held = [f"## {heading}"]
    for is_code, text in said:
        if not is_code:
            held.append(text)
            continue
        if held:
            yield {"type": "text", "value": "\n\n".join(held)}
        held = []
        yield {"type": "code", "value": {"language": "", "code": text}}
    if held:
        yield {"type": "text", "value": "\n\n".join(held)}
