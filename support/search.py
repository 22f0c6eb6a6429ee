"""Finding tickets by the words of their conversation and their people, newest first at any size (docs/adr/0030).

Staff find a ticket by its notes too. Whoever else asks is answered from the open words alone.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import and_, or_
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, F, OuterRef, Q, Subquery, TextField, Value, prefetch_related_objects
from django.db.models.expressions import RawSQL
from django.db.models.functions import Concat, Left, Lower

from ground.actors import Actor
from ground.search import LONGEST_QUERY, LONGEST_WORD, STOP, root, words_of
from support.models import Contact, Message, Ticket, TicketWords
from support.models.tickets import TicketQuerySet
from support.policy import is_desk_staff
from support.states import MessageKind

MOST = 500
MOST_WORDS = 12
SHORTEST_BEGINNING = 3
LONGEST_TEXT = 200_000
DENSE = 40  # one ticket in so many, or more, holds a common word
LEVELS = (10, 12, 14, 16, 18)  # blocks of so many bits of a ticket's key
REFERENCE = re.compile(r"T-[0-9A-Z-]{4,18}", re.IGNORECASE)
NUMBER = re.compile(r"#?(\d{1,18})")
ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")
NOTES = "~"
OWN = frozenset({"subject", "requester"})
"""Fields of a ticket by which it is found."""


@dataclass(frozen=True)
class Asked:
    """The words asked for, in stems; the last one may be the beginning of a word; where they are looked for."""

    words: Sequence[str]
    notes_too: bool
    is_beginning: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        return ("open", "notes") if self.notes_too else ("open",)


def match(rows: TicketQuerySet, query: str, *, by: Actor) -> TicketQuerySet:
    """Of these rows, the one of that reference or number, those of that address, else those that hold every word.

    Of a word that too many hold to be listed, the newest.
    """
    said = query.strip()[:LONGEST_QUERY]
    if not said:
        return rows
    if (named := _named(rows, said)) is not None:
        return named
    asked = asked_of(said, by=by)
    return _holding(rows, asked, by) if asked.words else rows.none()


def asked_of(query: str, *, by: Actor) -> Asked:
    """What a query asks for: its telling words."""
    words = list(dict.fromkeys(word[:LONGEST_WORD] for word in words_of(query)))[:MOST_WORDS]
    return Asked([root(word) for word in words if word not in STOP] or words, notes_too=is_desk_staff(by))


def _named(rows: TicketQuerySet, said: str) -> TicketQuerySet | None:
    """What is asked for by name, if there is such a thing among the rows."""
    found = None
    if REFERENCE.fullmatch(said):
        found = rows.filter(reference=said.upper())
    elif number := NUMBER.fullmatch(said):
        found = rows.filter(freshdesk_id=int(number[1]))
    elif ADDRESS.fullmatch(said):
        found = rows.filter(requester__in=Contact.objects.alias(folded=Lower("email")).filter(folded=said.lower()))
    return found if found is not None and found.exists() else None


def _holding(rows: TicketQuerySet, asked: Asked, by: Actor) -> TicketQuerySet:
    """Rare words: every ticket that holds them. Common ones: the rows are walked in their own order, which soon fills a page.

    A member's rows are few among all tickets, so that theirs are walked for whatever is not rare.
    """
    keys = newest(asked)
    if not keys and len(asked.words[-1]) >= SHORTEST_BEGINNING:
        asked = replace(asked, is_beginning=True)
        keys = newest(asked)
    if len(keys) <= MOST:
        return rows.filter(pk__in=keys)
    if by.user is not None and not asked.notes_too:
        return rows.within_reach_of(by).alias(holds=_holds(asked)).filter(holds=True)
    if _is_dense(keys):
        return rows.alias(holds=_holds(asked)).filter(holds=True)
    return rows.filter(pk__in=newest(asked, within=rows))


def _is_dense(keys: Sequence[int]) -> bool:
    return keys[0] - keys[-1] < DENSE * len(keys)


def newest(asked: Asked, *, within: TicketQuerySet | None = None) -> list[int]:
    """Keys of tickets that hold every word, the newest first: no more than `MOST` and one."""
    try:
        inside = _inside(within)
    except EmptyResultSet:
        return []
    sql, params = _on_sqlite(asked, inside) if connection.vendor == "sqlite" else _on_postgresql(asked, inside)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, MOST + 1])
        return sorted((key for (key,) in cursor.fetchall()), reverse=True)


def _inside(within: TicketQuerySet | None) -> tuple[str, Sequence[Any]]:
    """The condition that a found key is one of these rows."""
    if within is None:
        return "", ()
    key = "support_ticketindex.rowid" if connection.vendor == "sqlite" else "found.ticket_id"
    one = RawSQL(key, ())  # noqa: S611  a column's name, chosen above
    sql, params = within.order_by().filter(pk=one).values("pk").query.sql_with_params()
    return f" AND EXISTS ({sql})", params


def _on_sqlite(asked: Asked, inside: tuple[str, Sequence[Any]]) -> tuple[str, list[Any]]:
    words = [f'"{word}"' for word in asked.words]
    joined = " AND ".join([*words[:-1], words[-1] + (" *" if asked.is_beginning else "")])
    sql = f"SELECT rowid FROM support_ticketindex WHERE support_ticketindex MATCH %s{inside[0]} ORDER BY rowid DESC LIMIT %s"  # noqa: S608
    return sql, [f"{{{' '.join(asked.columns)}}} : ({joined})", *inside[1]]


def _on_postgresql(asked: Asked, inside: tuple[str, Sequence[Any]]) -> tuple[str, list[Any]]:
    """Ever larger windows of the newest tickets, each read only if those before did not fill the answer."""
    words, top = _tsquery(asked), _top()
    window = _WINDOW.format(inside=inside[0])
    parts, params, below = [], [], top + 1
    for level in LEVELS:
        parts.append(window)
        params += [f"{words} & ({_block(level, top)} | {_block(level, top - (1 << level))})", below, *inside[1], MOST + 1]
        below = max(((top >> level) - 1) << level, 0)
    if below:
        parts.append(window)
        params += [words, below, *inside[1], MOST + 1]
    return f"SELECT ticket_id FROM ({' UNION ALL '.join(parts)}) windows LIMIT %s", params  # noqa: S608  constants, values apart


def _top() -> int:
    """The key of the newest ticket that can be found."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(ticket_id) FROM support_ticketwords")
        return int(cursor.fetchone()[0] or 0)


_WINDOW = """(
SELECT ticket_id FROM support_ticketwords found
WHERE document @@ %s::tsquery AND ticket_id < %s{inside} ORDER BY ticket_id DESC LIMIT %s
)"""


def _tsquery(asked: Asked) -> str:
    """Words are letters and digits alone, so that quoting them is enough."""
    last = len(asked.words) - 1
    groups = ([f"'{word}'", f"'{NOTES}{word}'"] if asked.notes_too else [f"'{word}'"] for word in asked.words)
    ends = (":*" if asked.is_beginning and place == last else "" for place in range(last + 1))
    return " & ".join(f"({' | '.join(one + end for one in group)})" for group, end in zip(groups, ends, strict=True))


def _block(level: int, key: int) -> str:
    return f"'#{level}/{max(key, 0) >> level}'"


def _holds(asked: Asked) -> Subquery:
    """Whether a ticket holds every word; a subquery for one value, so that the database walks the rows and not the words."""
    last = len(asked.words) - 1
    ends = ("" if asked.is_beginning and place == last else " " for place in range(last + 1))
    groups = [
        reduce(or_, (Q(**{f"{column}__contains": f" {word}{end}"}) for column in asked.columns))
        for word, end in zip(asked.words, ends, strict=True)
    ]
    held = ExpressionWrapper(reduce(and_, groups), output_field=BooleanField())
    return Subquery(TicketWords.objects.filter(ticket=OuterRef("pk")).values(held=held))


def index(ticket: Ticket) -> None:
    """Make a ticket findable that has no messages yet."""
    keep([TicketWords(ticket_id=ticket.pk, open=text_of(*_own(ticket)))])


def add(message: Message) -> None:
    """Make its ticket findable by what was just written."""
    column = "notes" if message.kind == MessageKind.NOTE else "open"
    longer = Concat(F(column), Value(text_of(message.author_label, message.body_text)[1:]), output_field=TextField())
    TicketWords.objects.filter(ticket=message.ticket_id).update(**{column: Left(longer, LONGEST_TEXT)})


def index_many(tickets: Iterable[Ticket]) -> None:
    """Make tickets findable by all they hold now; what can still be taken back is not among it."""
    held = {ticket.pk: ticket for ticket in tickets}
    prefetch_related_objects(list(held.values()), "requester", "opened_by")
    said: dict[tuple[int, bool], list[str]] = {}
    written = Message.objects.filter(ticket__in=held, removed_at=None, held=None).order_by("pk")
    for key, kind, author, text in written.values_list("ticket_id", "kind", "author_label", "body_text"):
        said.setdefault((key, kind == MessageKind.NOTE), []).extend([author, text])
    keep(
        TicketWords(ticket_id=key, open=text_of(*_own(ticket), *said.get((key, False), ())), notes=text_of(*said.get((key, True), ())))
        for key, ticket in held.items()
    )


def keep(rows: Iterable[TicketWords]) -> None:
    """Write the words of tickets down, in place of those they had."""
    TicketWords.objects.bulk_create(rows, update_conflicts=True, unique_fields=["ticket"], update_fields=["open", "notes"])


def text_of(*texts: str) -> str:
    """The words of these texts as a column holds them, each once."""
    stems = dict.fromkeys(root(word[:LONGEST_WORD]) for text in texts for word in words_of(text))
    return f" {' '.join(stems)} "[:LONGEST_TEXT] if stems else " "


def _own(ticket: Ticket) -> list[str]:
    """What a ticket brings along before anybody answers."""
    people = [each for each in (ticket.requester, ticket.opened_by) if each is not None]
    return [ticket.subject, ticket.body_text, *(f"{each.name} {each.email}" for each in people)]
