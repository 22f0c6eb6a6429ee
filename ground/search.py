"""Search in our own table, alike on PostgreSQL and SQLite: titles before bodies, accents and endings forgiven.

Whatever is found is found inside a queryset the caller may see; no query of anybody's making raises.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from ground.models import SearchEntry, SearchWord

LONGEST_QUERY = 500
MOST_TERMS = 24
LONGEST_WORD = 40
WORD = re.compile(r"[^\W_]+")
ENDINGS = ("ations", "ation", "ciones", "cion", "coes", "ments", "ment", "ings", "ing", "edly", "ies", "es", "ed", "er", "s", "e")
STOP = frozenset((Path(__file__).parent / "stop_words.txt").read_text(encoding="utf-8").split())  # English, Spanish, Portuguese, French


@dataclass(frozen=True)
class Match:
    """One found row: its id and how well it fits (higher is better; comparable inside one answer only)."""

    object_id: int
    score: float


def index(kind: str, object_id: int, *, title: str, body: str) -> None:
    """Make a row findable, or findable anew."""
    SearchEntry.objects.update_or_create(kind=kind, object_id=object_id, defaults=folded(title=title, body=body))


def folded(*, title: str, body: str) -> dict[str, str]:
    """The columns of an entry, for whoever writes many at once with `SearchEntry.objects.bulk_create`: bare words,

    so that neither database's own reading of dots, slashes and hyphens comes in between.
    """
    return {"title": " ".join(words_of(title)), "body": " ".join(words_of(body))}


def forget(kind: str, object_id: int) -> None:
    """Make a row unfindable."""
    SearchEntry.objects.filter(kind=kind, object_id=object_id).delete()


def learn(kind: str, text: str) -> None:
    """Remember the words of a text, so that misspelt queries can be put right from them."""
    words = {word for word in words_of(text) if 3 < len(word) <= LONGEST_WORD and not word.isdigit()}
    known = set(SearchWord.objects.filter(kind=kind, word__in=words).values_list("word", flat=True))
    rows = [SearchWord(kind=kind, word=word, initial=word[0], length=len(word)) for word in sorted(words - known)]
    SearchWord.objects.bulk_create(rows, ignore_conflicts=True)


def match(kind: str, query: str, *, within: "QuerySet[Any] | None" = None, limit: int = 50) -> list[Match]:
    """The rows of that kind that fit, best first: first those with every word, else those with any.

    `within` is the queryset the asker may see; nothing outside it is found.
    """
    groups = terms_of(kind, query)
    if not groups:
        return []
    found = _ask(kind, groups, every=True, within=within, limit=limit)
    if len(groups) > 1 and len(found) < min(limit, 3):
        seen = {row.object_id for row in found}
        found += [row for row in _ask(kind, groups, every=False, within=within, limit=limit) if row.object_id not in seen]
    return found[:limit]


def fold(text: str) -> str:
    """Lower case without accents: what is stored and what is asked."""
    decomposed = unicodedata.normalize("NFKD", text.replace("\x00", " "))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).lower()


def words_of(text: str) -> list[str]:
    """The words of a text, folded."""
    return WORD.findall(fold(text))


def terms_of(kind: str, query: str) -> list[list[str]]:
    """A query as groups of prefixes, one group a word: its stem, or where the corpus lacks it the words it may have meant."""
    words = list(dict.fromkeys(word[:LONGEST_WORD] for word in words_of(query[:LONGEST_QUERY])))[:MOST_TERMS]
    telling = [word for word in words if word not in STOP] or words
    stems = [stem(word) for word in telling]
    known = _known(kind, [one for one in stems if len(one) > 3])
    return [[one] if len(one) <= 3 or one in known else [one, *corrections(kind, word)] for one, word in zip(stems, telling, strict=True)]


def stem(word: str) -> str:
    """The word without its common ending, never shorter than four letters: it is searched as a prefix."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word


def corrections(kind: str, word: str) -> list[str]:
    """Words of the corpus one letter away (two in long words), the nearest first."""
    if len(word) < 4:
        return []
    allowed = 2 if len(word) > 7 else 1
    candidates = (
        SearchWord.objects.filter(
            kind=kind, length__gte=len(word) - allowed, length__lte=len(word) + allowed, initial__in={word[0], word[1]}
        )
        .order_by("word")
        .values_list("word", flat=True)
    )
    near = sorted((distance, candidate) for candidate in candidates if (distance := _distance(word, candidate, allowed)) <= allowed)
    return [stem(candidate) for _distance_to, candidate in near[:3]]


def _known(kind: str, stems: Sequence[str]) -> set[str]:
    """Which of those prefixes begin a word of the corpus; a corpus that was never learnt knows everything."""
    words = SearchWord.objects.filter(kind=kind)
    found = {one for one in stems if words.filter(initial=one[0], word__startswith=one).exists()}
    return found if found or not stems or words.exists() else set(stems)


def _distance(left: str, right: str, limit: int) -> int:
    """Edits between two words, neighbours swapped counting as one; beyond the limit just more than it."""
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    before_last: list[int] = []
    last = list(range(len(right) + 1))
    for row, letter in enumerate(left, start=1):
        current = [row]
        for column, other in enumerate(right, start=1):
            cost = min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != other))
            if row > 1 and column > 1 and letter == right[column - 2] and left[row - 2] == other:
                cost = min(cost, before_last[column - 2] + 1)
            current.append(cost)
        if min(current) > limit:
            return limit + 1
        before_last, last = last, current
    return last[-1]


def _ask(kind: str, groups: Sequence[Sequence[str]], *, every: bool, within: "QuerySet[Any] | None", limit: int) -> list[Match]:
    try:
        inside, inside_params = _inside(within)
    except EmptyResultSet:
        return []
    sql, asked = (
        (_FTS5, _fts5_query(kind, groups, every=every)) if connection.vendor == "sqlite" else (_TSVECTOR, _ts_query(groups, every=every))
    )
    asked_of = [asked] if connection.vendor == "sqlite" else [asked, f"'={kind}'"]
    with connection.cursor() as cursor:
        cursor.execute(sql.format(inside=inside), [*asked_of, *inside_params, limit])
        return [Match(object_id=object_id, score=float(score)) for object_id, score in cursor.fetchall()]


def _inside(within: "QuerySet[Any] | None") -> tuple[str, Sequence[Any]]:
    if within is None:
        return "", ()
    sql, params = within.order_by().values("pk").query.sql_with_params()
    return f" AND entry.object_id IN ({sql})", params


_FTS5 = """
SELECT entry.object_id, -bm25(ground_searchindex, 0.0, 8.0, 1.0) AS score
FROM ground_searchindex JOIN ground_searchentry entry ON entry.id = ground_searchindex.rowid
WHERE ground_searchindex MATCH %s{inside}
ORDER BY score DESC, entry.object_id LIMIT %s
"""
_TSVECTOR = """
WITH asked AS (SELECT %s::tsquery AS words, %s::tsquery AS kind)
SELECT entry.object_id, ts_rank('{{0.0, 0.1, 0.15, 1.0}}', entry.document, asked.words, 1) AS score
FROM ground_searchentry entry, asked
WHERE entry.document @@ (asked.kind && asked.words){inside}
ORDER BY score DESC, entry.object_id LIMIT %s
"""


def _fts5_query(kind: str, groups: Sequence[Sequence[str]], *, every: bool) -> str:
    joined = (" OR ".join(f'"{term}" *' for term in group) for group in groups)
    words = (" AND " if every else " OR ").join(f"({one})" for one in joined)
    return f'(kind : "{kind}") AND ({{title body}} : ({words}))'


def _ts_query(groups: Sequence[Sequence[str]], *, every: bool) -> str:
    joined = (" | ".join(f"'{term}':*" for term in group) for group in groups)
    return (" & " if every else " | ").join(f"({one})" for one in joined)
