"""One question, one answer: which articles fit, what the words were taken for, and whether that is little."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from django.db.models import Q
from django.utils.translation import get_language

from ground import search
from ground.search import Group, fold
from ground.search.words import WORD
from knowledgebase.models import Article, Edition, EditionQuerySet
from knowledgebase.searching import semantic, synonyms
from knowledgebase.searching.indexing import text_of

FITS_WELL = 0.5  # of the best score: own articles go before shared ones
LITTLE = 0.45  # of what was asked, by how rare it is: less than that is as good as nothing
SPARE = 10  # more are looked at than are wanted: translations fall together, and own ones go before
MOST_READ = 5  # articles in which a word is looked for that somebody misspelt


@dataclass(frozen=True)
class Hit:
    """A found edition. `score` compares inside one answer only."""

    edition: Edition
    score: float


@dataclass(frozen=True)
class PutRight:
    """A word as it was written, and the word it was taken for."""

    asked: str
    meant: str


@dataclass(frozen=True)
class Answer:
    """What was found, best first. `is_little` where the best holds less than half of what was asked."""

    hits: Sequence[Hit]
    groups: Sequence[Group] = ()
    put_right: Sequence[PutRight] = ()
    is_little: bool = False

    def corrected(self, query: str) -> str:
        """The query with its misspelt words put right."""
        meant = {one.asked: one.meant for one in self.put_right}
        return WORD.sub(lambda found: meant.get(fold(found[0]), found[0]), query)


def answer(query: str, *, within: EditionQuerySet, limit: int = 20, language: str = "") -> Answer:
    """The articles of that queryset that fit: communities' own before shared ones that fit alike,

    each once, in the reader's language where it exists in it.
    """
    most = limit + SPARE
    found = search.look_up(Edition.SEARCHED_AS, query, within=within, limit=most, widen=synonyms.widen, vocabulary=[synonyms.VOCABULARY])
    scores = _fused({one.object_id: one.score for one in found.matches}, query, within, most)
    spoken = language or (get_language() or "en")[:2]
    editions = _in_language(_load(within, scores), within, spoken)
    hits = _ordered(_once_each(editions, scores, spoken))[:limit]
    covered = max((one.covered for one in found.matches), default=0.0)
    return Answer(hits, found.groups, list(_put_right(found.groups, hits)), is_little=covered < LITTLE)


def _fused(scores: Mapping[int, float], query: str, within: EditionQuerySet, limit: int) -> Mapping[int, float]:
    """With the meanings' own ranking, where such an index is switched on."""
    meanings = semantic.chosen()
    return semantic.fuse(scores, meanings.nearest(query, limit), within) if meanings else scores


def _load(within: EditionQuerySet, scores: Mapping[int, float]) -> list[Edition]:
    return list(_light(within.filter(pk__in=scores)))


def _light(editions: EditionQuerySet) -> EditionQuerySet:
    return editions.defer("parts", "contents").select_related("knowledge_base__community").with_original()


def _family(edition: Edition) -> int:
    """What it translates or stands in the place of, else itself."""
    return cast("int | None", getattr(edition, "original", None)) or edition.pk


def _in_language(editions: list[Edition], within: EditionQuerySet, language: str) -> list[Edition]:
    """With the same articles in the reader's language, where those were not found themselves."""
    families = {_family(edition) for edition in editions} - {_family(edition) for edition in editions if edition.language == language}
    if not families:
        return editions
    members = families | set(Article.objects.filter(translation_of__in=families).values_list("pk", flat=True))
    same = Q(pk__in=members) | Q(in_place_of__in=members)
    return [*editions, *_light(within.filter(same, language=language).exclude(pk__in=[edition.pk for edition in editions]))]


def _once_each(editions: Iterable[Edition], scores: Mapping[int, float], language: str) -> list[Hit]:
    """One edition of each article, the reader's before the one that fits best; its place is that of the best of them."""
    chosen: dict[int, Edition] = {}
    best: dict[int, float] = {}
    for edition in sorted(editions, key=lambda one: (one.language != language, -scores.get(one.pk, 0.0), one.pk)):
        chosen.setdefault(_family(edition), edition)
        best[_family(edition)] = max(best.get(_family(edition), 0.0), scores.get(edition.pk, 0.0))
    return [Hit(edition, best[family]) for family, edition in chosen.items()]


def _ordered(hits: Sequence[Hit]) -> list[Hit]:
    """Best first; among those that fit well, communities' own before shared ones."""
    top = max((hit.score for hit in hits), default=0.0)
    return sorted(hits, key=lambda hit: (hit.score < top * FITS_WELL, hit.edition.is_shared, -hit.score, hit.edition.pk))


def _put_right(groups: Sequence[Group], hits: Sequence[Hit]) -> Iterator[PutRight]:
    """What misspelt words were taken for, as far as a shown article or the synonyms hold it: nobody learns words of what they may not read."""
    misspelt = [token for group in groups for token in group.tokens if token.meant and token.meant[0].edits]
    if not misspelt or not hits:
        return
    shown = {word for hit in hits[:MOST_READ] for word in search.words_of(text_of(hit.edition))}
    for token in misspelt:
        meant = next((one.word for one in token.meant if one.word in shown or synonyms.holds(one.word)), "")
        if meant:
            yield PutRight(token.word, meant)
