"""The words of a kind's corpus, and the nearest of them to a word it lacks.

A word lies in the table by what is left of its beginning, and of a long word's end too, when at most one letter is taken out. Two words
one edit apart share such a key; of two edits in a long word one half holds at most one. So a misspelt word meets its neighbours
by a few equal keys, whatever the size of the corpus, and only those are compared letter by letter.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ground.models import SearchEntry, SearchSpelling, SearchWord
from ground.search.words import LONGEST_WORD, trunk, words_of

SHORTEST = 4  # letters of a word that may have been meant
SHORTEST_ASKED = 5  # letters of a word that is put right: shorter ones are near to too many
HALF = 6
LONG = 7  # letters up to which one edit is forgiven; two in longer words
CHUNK = 2000


@dataclass(frozen=True)
class Meant:
    """A word of the corpus that a misspelt one may have meant."""

    word: str
    trunk: str
    edits: int


def learn(kind: str, text: str) -> None:
    """Remember the words of a text, so that misspelt queries can be put right from them."""
    words = {word for word in words_of(text) if len(word) <= LONGEST_WORD and not word.isdigit()}
    known = set(SearchWord.objects.filter(kind=kind, word__in=words).values_list("word", flat=True))
    rows = [SearchWord(kind=kind, word=word, trunk=trunk(word)) for word in sorted(words - known)]
    SearchWord.objects.bulk_create(rows, ignore_conflicts=True, batch_size=CHUNK)
    keys = [
        SearchSpelling(kind=kind, key=key, word=row.word) for row in rows if len(row.word) >= SHORTEST for key in sorted(keys_of(row.word))
    ]
    SearchSpelling.objects.bulk_create(keys, ignore_conflicts=True, batch_size=CHUNK)


def recount(kind: str) -> None:
    """Count anew how many rows hold each word's trunk, and forget words that none holds. Approximate in between, which is enough."""
    held: Counter[str] = Counter()
    texts = SearchEntry.objects.filter(kind=kind).values_list("title", "headings", "body")
    for columns in texts.iterator(chunk_size=CHUNK):
        held.update({one for column in columns for one in column.split()})
    rows = list(SearchWord.objects.filter(kind=kind))
    gone = [row.word for row in rows if row.trunk not in held and row.word not in held]
    for start in range(0, len(gone), CHUNK):
        part = gone[start : start + CHUNK]
        SearchSpelling.objects.filter(kind=kind, word__in=part).delete()
        SearchWord.objects.filter(kind=kind, word__in=part).delete()
    changed = [row for row in rows if (count := held[row.trunk]) and count != row.count]
    for row in changed:
        row.count = held[row.trunk]
    SearchWord.objects.bulk_update(changed, ["count"], batch_size=500)


def counts(kinds: Sequence[str], trunks: Collection[str]) -> dict[str, int]:
    """How many rows hold each of those trunks, as far as was counted; what nothing holds is missing."""
    rows = SearchWord.objects.filter(kind__in=kinds, trunk__in=trunks).order_by("count").values_list("trunk", "count")
    return dict(rows)


def corrections(kinds: Sequence[str], words: Collection[str]) -> dict[str, list[Meant]]:
    """For each word its nearest three: fewest edits, then the same first letter, then the more frequent."""
    asked = {word: keys_of(word) for word in words if SHORTEST_ASKED <= len(word) <= LONGEST_WORD and not word.isdigit()}
    if not asked:
        return {}
    near = _by_key(kinds, {key for keys in asked.values() for key in keys})
    return {word: _nearest(word, {other for key in keys for other in near.get(key, ())}, kinds) for word, keys in asked.items()}


def beginnings(kinds: Sequence[str], beginning: str, *, limit: int = 3) -> list[Meant]:
    """Words that begin so, the more frequent first."""
    rows = SearchWord.objects.filter(kind__in=kinds, word__gte=beginning, word__startswith=beginning).order_by("-count", "word")
    return [Meant(row.word, row.trunk, 0) for row in rows[:limit]]


def _by_key(kinds: Sequence[str], keys: Collection[str]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for key, word in SearchSpelling.objects.filter(kind__in=kinds, key__in=keys).values_list("key", "word"):
        found.setdefault(key, set()).add(word)
    return found


def _nearest(word: str, candidates: Iterable[str], kinds: Sequence[str]) -> list[Meant]:
    allowed = 1 if len(word) <= LONG else 2
    near = [(edits, one[0] != word[0], one) for one in candidates if (edits := distance(word, one, allowed)) <= allowed]
    best = sorted(near)[:12]
    frequency = (
        dict(SearchWord.objects.filter(kind__in=kinds, word__in=[one for *_ranks, one in best]).values_list("word", "count"))
        if best
        else {}
    )
    best.sort(key=lambda each: (each[0], each[1], -frequency.get(each[2], 0), each[2]))
    return [Meant(one, trunk(one), edits) for edits, _other_initial, one in best[:3]]


def keys_of(word: str) -> set[str]:
    """Under which keys a word lies: its first letters with at most one taken out, and of a long one its last letters too."""
    keys = {f"<{key}" for key in _lacking_one(word[:HALF])}
    if len(word) > LONG:
        keys |= {f">{key}" for key in _lacking_one(word[-HALF:])}
    return keys


def _lacking_one(part: str) -> Iterator[str]:
    yield part
    for place in range(len(part)):
        yield part[:place] + part[place + 1 :]


def distance(left: str, right: str, limit: int) -> int:
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
