"""Rows that fit a query: the database chooses some, we weigh them, the same on PostgreSQL and SQLite."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from ground.models import SearchEntry
from ground.search import spelling
from ground.search.asking import Group, Term, Widen, groups_of, nothing_wider

CANDIDATES = 80  # weighed one by one
MANY = 600  # rows that the database still puts in order by itself in little time
USUAL_LENGTH = 1500  # letters of a body
IN_TITLE, IN_HEADINGS = 3.0, 1.2
STRANGE = 1.0  # what a word weighs that no row holds
APART = 0.4  # what a phrase is worth whose words stand apart


@dataclass(frozen=True)
class Match:
    """One found row: its id and how well it fits (higher is better; comparable inside one answer only).

    `covered` is the share of what was asked that it holds, weighted by how rare that is.
    """

    object_id: int
    score: float
    covered: float = 1.0


@dataclass(frozen=True)
class Answer:
    """What was found, best first, and what was asked for, put right and widened."""

    matches: Sequence[Match]
    groups: Sequence[Group]


def match(kind: str, query: str, *, within: "QuerySet[Any] | None" = None, limit: int = 50) -> list[Match]:
    """The rows of that kind that fit, best first: what holds every word, and where that is little, what holds any.

    `within` is the queryset the asker may see; nothing outside it is found.
    """
    return list(look_up(kind, query, within=within, limit=limit).matches)


def look_up(
    kind: str,
    query: str,
    *,
    within: "QuerySet[Any] | None" = None,
    limit: int = 50,
    widen: Widen = nothing_wider,
    vocabulary: Sequence[str] = (),
) -> Answer:
    """`match`, with other words that mean the same, and with what the query was taken for."""
    groups = groups_of(kind, query, widen=widen, vocabulary=vocabulary)
    if not groups:
        return Answer([], [])
    held = spelling.counts([kind], {one for group in groups for one in group.trunks})
    found = _Candidates(kind, groups, held, within, max(limit, CANDIDATES)).ids()
    return Answer(_ranked(kind, groups, found, held)[:limit], groups)


class _Candidates:
    """Asks the database: every word first, then the rare ones; where only common ones are left, titles and headings before bodies."""

    def __init__(self, kind: str, groups: Sequence[Group], held: Mapping[str, int], within: "QuerySet[Any] | None", limit: int) -> None:
        self.kind, self.within, self.limit = kind, within, limit
        self.groups = [group for group in groups if not group.is_part and any(_is_held(term, held) for term in group.terms)]
        self.size = {id(group): _size(group, held) for group in self.groups}
        self.held = held

    def ids(self) -> list[int]:
        try:
            return list(dict.fromkeys(self._found()))[: self.limit * 2]
        except EmptyResultSet:
            return []

    def _found(self) -> Iterator[int]:
        if not self.groups:
            return
        together = self._together(self.groups, min(self.size.values()))
        yield from together
        if len(self.groups) > 1 and len(together) < self.limit:
            yield from self._any()

    def _together(self, groups: Sequence[Group], size: int) -> list[int]:
        if size <= MANY:
            return self._ask(groups, every=True, ranked=True)
        return self._head_first(groups, every=True)

    def _any(self) -> list[int]:
        rare, total = [], 0
        for group in sorted(self.groups, key=lambda one: self.size[id(one)]):
            total += self.size[id(group)]
            if total > MANY:
                break
            rare.append(group)
        if rare:
            return self._ask(rare, every=False, ranked=True)
        return self._head_first(self.groups, every=False)

    def _head_first(self, groups: Sequence[Group], *, every: bool) -> list[int]:
        head = self._ask(groups, every=every, ranked=False, in_head=True)
        return head if len(head) == self.limit else [*head, *self._ask(groups, every=every, ranked=False)]

    def _ask(self, groups: Sequence[Group], *, every: bool, ranked: bool, in_head: bool = False) -> list[int]:
        terms = [[term for term in group.terms if _is_held(term, self.held)] for group in groups]
        ask = _for_sqlite if connection.vendor == "sqlite" else _for_postgresql
        inside, inside_params = _inside(self.within)
        sql, asked = ask(terms, inside, every=every, ranked=ranked, in_head=in_head)
        with connection.cursor() as cursor:
            cursor.execute(sql, [asked, self.kind, *inside_params, self.limit])
            return [object_id for (object_id,) in cursor.fetchall()]


def _is_held(term: Term, held: Mapping[str, int]) -> bool:
    return all(one in held for one in term.trunks)


def _size(group: Group, held: Mapping[str, int]) -> int:
    """About how many rows hold that group."""
    return sum(min(held[one] for one in term.trunks) for term in group.terms if _is_held(term, held))


def _inside(within: "QuerySet[Any] | None") -> tuple[str, Sequence[Any]]:
    """The condition that a found row is one of these, asked for each found row by its key."""
    if within is None:
        return "", ()
    one = RawSQL("entry.object_id", ())
    sql, params = within.order_by().filter(pk=one).values("pk").query.sql_with_params()
    return f" AND EXISTS ({sql})", params


@dataclass(frozen=True)
class Weighed:
    """A group with its terms that some row holds, and what each is worth."""

    group: Group
    worths: Sequence[tuple[Term, float]]

    @property
    def worth(self) -> float:
        return max((worth for _term, worth in self.worths), default=STRANGE)


_SQLITE = """
SELECT entry.object_id
FROM ground_searchindex JOIN ground_searchentry entry ON entry.id = ground_searchindex.rowid
WHERE ground_searchindex MATCH %s AND entry.kind = %s{inside}{order} LIMIT %s
"""
_POSTGRESQL = """
WITH asked AS (SELECT %s::tsquery AS words)
SELECT entry.object_id FROM ground_searchentry entry, asked
WHERE entry.{column} @@ asked.words AND entry.kind = %s{inside}{order} LIMIT %s
"""
_BY_BM25 = " ORDER BY bm25(ground_searchindex, 8.0, 3.0, 1.0), entry.object_id"
_BY_RANK = " ORDER BY ts_rank('{0.0, 0.1, 0.4, 1.0}', entry.document, asked.words, 1) DESC, entry.object_id"


def _for_sqlite(terms: Sequence[Sequence[Term]], inside: str, *, every: bool, ranked: bool, in_head: bool) -> tuple[str, str]:
    """The statement, and what it asks for."""
    asked = _joined(terms, every=every, word='"{}"', both=" AND ", either=" OR ")
    sql = _SQLITE.format(inside=inside, order=_BY_BM25 if ranked else "")
    return sql, f"{{title headings}} : ({asked})" if in_head else asked


def _for_postgresql(terms: Sequence[Sequence[Term]], inside: str, *, every: bool, ranked: bool, in_head: bool) -> tuple[str, str]:
    asked = _joined(terms, every=every, word="'{}'", both=" & ", either=" | ")
    return _POSTGRESQL.format(column="head" if in_head else "document", inside=inside, order=_BY_RANK if ranked else ""), asked


def _joined(terms: Sequence[Sequence[Term]], *, every: bool, word: str, both: str, either: str) -> str:
    """Trunks are letters and digits alone, so that quoting them is enough."""
    groups = [either.join(f"({both.join(word.format(one) for one in term.trunks)})" for term in group) for group in terms]
    return (both if every else either).join(f"({group})" for group in groups)


def _ranked(kind: str, groups: Sequence[Group], candidates: Sequence[int], held: Mapping[str, int]) -> list[Match]:
    """The candidates by our own weighing, which small corpora and common words do not upset."""
    entries = SearchEntry.objects.filter(kind=kind, object_id__in=candidates).values_list("object_id", "title", "headings", "body")
    rows = [(object_id, f" {title} ", f" {headings} ", f" {body} ") for object_id, title, headings, body in entries]
    weighed = _weighed(groups, held, most=max([len(rows), *held.values()]))
    matches = [_matched(object_id, weighed, title, headings, body) for object_id, title, headings, body in rows]
    return sorted((one for one in matches if one.score > 0), key=lambda found: (-found.score, found.object_id))


def _weighed(groups: Sequence[Group], held: Mapping[str, int], *, most: int) -> list[Weighed]:
    """Each group with its terms and what finding them says.

    Rare terms say much, those put right or meaning the same say less, and none of these more than the word they stand for.
    """
    return [Weighed(group, _worths([term for term in group.terms if _is_held(term, held)], group, held, most)) for group in groups]


def _worths(terms: Sequence[Term], group: Group, held: Mapping[str, int], most: int) -> list[tuple[Term, float]]:
    rarity = {term: math.log(1 + most / min(held[one] for one in term.trunks)) for term in terms}
    asked = rarity.get(group.terms[0])
    usual = asked or sum(rarity.values()) / max(len(rarity), 1)
    return [(term, term.trust * min(rare, usual)) for term, rare in rarity.items()]


def _matched(object_id: int, weighed: Sequence[Weighed], title: str, headings: str, body: str) -> Match:
    scores = [max((worth * _of_term(term, title, headings, body) for term, worth in one.worths), default=0.0) for one in weighed]
    asked = [(one.worth, score > 0) for one, score in zip(weighed, scores, strict=True) if not one.group.is_part]
    covered = sum(worth for worth, is_found in asked if is_found) / sum(worth for worth, _is_found in asked)
    return Match(object_id, covered * sum(scores), covered)


def _of_term(term: Term, title: str, headings: str, body: str) -> float:
    if len(term.trunks) == 1:
        return _of_words(f" {term.trunks[0]} ", title, headings, body)
    together = _of_words(f" {' '.join(term.trunks)} ", title, headings, body)
    return together or APART * min(_of_words(f" {one} ", title, headings, body) for one in term.trunks)


def _of_words(words: str, title: str, headings: str, body: str) -> float:
    count = body.count(words)
    often = count / (count + 0.75 + len(body) / USUAL_LENGTH) if count else 0.0
    return IN_TITLE * (words in title) + IN_HEADINGS * (words in headings) + often
