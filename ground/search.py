"""Search in our own table, alike on PostgreSQL and SQLite: titles before bodies, accents and endings forgiven.

Whatever is found is found inside a queryset the caller may see; no query of anybody's making raises.
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
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
CANDIDATES = 60  # weighed one by one
USUAL_LENGTH = 2500  # letters of a body
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


def index_many(kind: str, rows: Iterable[tuple[int, str, str]]) -> None:
    """`index` for many rows (id, title, body) at once."""
    entries = [SearchEntry(kind=kind, object_id=object_id, **folded(title=title, body=body)) for object_id, title, body in rows]
    SearchEntry.objects.bulk_create(entries, update_conflicts=True, unique_fields=["kind", "object_id"], update_fields=["title", "body"])


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
    """The rows of that kind that fit, best first: what holds every word, and where that is little, what holds any.

    `within` is the queryset the asker may see; nothing outside it is found.
    """
    groups = terms_of(kind, query)
    if not groups:
        return []
    most = max(limit, CANDIDATES)
    found = _ask(kind, groups, every=True, within=within, limit=most)
    if len(groups) > 1 and len(found) < CANDIDATES:
        found = list(dict.fromkeys([*found, *_ask(kind, groups, every=False, within=within, limit=most)]))
    return _ranked(kind, groups, found)[:limit]


def _ranked(kind: str, groups: Sequence[Sequence[str]], candidates: Sequence[int]) -> list[Match]:
    """The candidates by our own weighing, the same on either database, which small corpora and common words do not upset."""
    entries = list(SearchEntry.objects.filter(kind=kind, object_id__in=candidates).values_list("object_id", "title", "body"))
    weights = [[_weight(group, f" {title}", f" {body}") for group in groups] for _object_id, title, body in entries]
    rarity = [math.log(1 + (len(entries) + 1) / (1 + sum(row[place] > 0 for row in weights))) for place in range(len(groups))]
    matches = [Match(object_id=entry[0], score=_score(row, rarity)) for entry, row in zip(entries, weights, strict=True)]
    return sorted(matches, key=lambda found: (-found.score, found.object_id))


def _weight(group: Sequence[str], title: str, body: str) -> float:
    """How much one asked word says about one row; a word put right says less than one found as asked."""
    for doubt, term in enumerate(group):
        count = body.count(f" {term}")
        in_title = f" {term}" in title
        if count or in_title:
            often = count / (count + 0.75 + len(body) / USUAL_LENGTH)
            return (3 * in_title + often) * 0.85**doubt
    return 0.0


def _score(weights: Sequence[float], rarity: Sequence[float]) -> float:
    covered = sum(weight > 0 for weight in weights) / len(weights)
    return covered * sum(weight * rare for weight, rare in zip(weights, rarity, strict=True))


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


def _ask(kind: str, groups: Sequence[Sequence[str]], *, every: bool, within: "QuerySet[Any] | None", limit: int) -> list[int]:
    """Ids of candidates, the database's best first."""
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
        return [object_id for (object_id,) in cursor.fetchall()]


def _inside(within: "QuerySet[Any] | None") -> tuple[str, Sequence[Any]]:
    if within is None:
        return "", ()
    sql, params = within.order_by().values("pk").query.sql_with_params()
    return f" AND entry.object_id IN ({sql})", params


_FTS5 = """
SELECT entry.object_id
FROM ground_searchindex JOIN ground_searchentry entry ON entry.id = ground_searchindex.rowid
WHERE ground_searchindex MATCH %s{inside}
ORDER BY bm25(ground_searchindex, 0.0, 8.0, 1.0), entry.object_id LIMIT %s
"""
_TSVECTOR = """
WITH asked AS (SELECT %s::tsquery AS words, %s::tsquery AS kind)
SELECT entry.object_id
FROM ground_searchentry entry, asked
WHERE entry.document @@ (asked.kind && asked.words){inside}
ORDER BY ts_rank('{{0.0, 0.1, 0.15, 1.0}}', entry.document, asked.words, 1) DESC, entry.object_id LIMIT %s
"""


def _fts5_query(kind: str, groups: Sequence[Sequence[str]], *, every: bool) -> str:
    joined = (" OR ".join(f'"{term}" *' for term in group) for group in groups)
    words = (" AND " if every else " OR ").join(f"({one})" for one in joined)
    return f'(kind : "{kind}") AND ({{title body}} : ({words}))'


def _ts_query(groups: Sequence[Sequence[str]], *, every: bool) -> str:
    joined = (" | ".join(f"'{term}':*" for term in group) for group in groups)
    return (" & " if every else " | ").join(f"({one})" for one in joined)
