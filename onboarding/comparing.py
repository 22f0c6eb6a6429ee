"""Comparing applications with each other, so that the same wish sent twice is seen; what is found waits for a person's verdict."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping

from onboarding.likeness import ALIKE, Alike, Facts, compare
from onboarding.models import Application, DuplicateLink


def compare_one(pk: int) -> int:
    """Compare one application, just sent, with all that were; the number of pairs that are new."""
    facts = _facts()
    if pk not in facts:
        return 0
    return _keep({(min(pk, other), max(pk, other)): alike for other, alike in _alike(facts[pk], facts) if other != pk})


def compare_all() -> int:
    """Compare everything with everything that shares a website, a mail domain or a piece of the name; the number of new pairs."""
    facts = _facts()
    index = _Index(facts)
    pairs = {}
    for pk, each in facts.items():
        later = {other: facts[other] for other in index.near(each) if other > pk}
        pairs.update({(pk, other): alike for other, alike in _alike(each, later)})
    return _keep(pairs)


class _Index:
    """Which applications are worth comparing with one.

    Names that share enough trigrams share one of the rarest of each (prefix filtering): only those are looked up.
    """

    def __init__(self, facts: Mapping[int, Facts]) -> None:
        self.counts = Counter(trigram for each in facts.values() for trigram in each.trigrams)
        self.by_key: dict[Hashable, set[int]] = defaultdict(set)
        for pk, each in facts.items():
            for key in self._keys(each):
                self.by_key[key].add(pk)

    def near(self, facts: Facts) -> set[int]:
        found: set[int] = set()
        return found.union(*(self.by_key[key] for key in self._keys(facts)))

    def _keys(self, facts: Facts) -> Iterator[Hashable]:
        if facts.host:
            yield "website", facts.host
        if facts.domain and facts.country:
            yield "mail", facts.domain, facts.country
        rarest = sorted(facts.trigrams, key=lambda trigram: (self.counts[trigram], trigram))
        yield from rarest[: int(len(rarest) * (1 - ALIKE)) + 1]


def _alike(one: Facts, others: Mapping[int, Facts]) -> Iterator[tuple[int, Alike]]:
    for pk, other in others.items():
        if (alike := compare(one, other)) is not None:
            yield pk, alike


def _facts() -> dict[int, Facts]:
    """What every application on its way by itself is compared by."""
    rows = Application.objects.sent().in_earnest().filter(erased_at__isnull=True).order_by("pk")
    found = rows.values_list("pk", "name", "answers__community.website", "email", "country")
    return {
        pk: Facts(name, website if isinstance(website, str) else "", email, str(country))
        for pk, name, website, email, country in found.iterator(chunk_size=2000)
    }


def _keep(pairs: Mapping[tuple[int, int], Alike]) -> int:
    """Pairs that were found before keep their verdict."""
    known = set(_known(pairs))
    new = [(pair, alike) for pair, alike in pairs.items() if pair not in known]
    DuplicateLink.objects.bulk_create(
        [DuplicateLink(a_id=a, b_id=b, score=round(alike.score, 2), reasons=list(alike.reasons)) for (a, b), alike in new],
        ignore_conflicts=True,
        batch_size=500,
    )
    return len(new)


def _known(pairs: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    ids = sorted({pk for pair in pairs for pk in pair})
    for start in range(0, len(ids), 400):
        yield from DuplicateLink.objects.filter(a__in=ids[start : start + 400]).values_list("a", "b")
