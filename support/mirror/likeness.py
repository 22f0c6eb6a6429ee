"""How much two names look alike: a pure rule that suggests which community a company of Freshdesk's may be."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from urllib.parse import urlsplit

ENOUGH = 0.62  # below it a suggestion would mostly be wrong
SAME_DOMAIN = 0.97
HEAD = 3  # letters that a word must share with another for the two names to be compared at all
SAID_BY_MANY = frozenset(
    {"the", "of", "for", "and", "de", "la", "do", "da", "des", "community", "hub", "hubs", "project", "university", "inc"}
)

Words = tuple[str, ...]


@dataclass(frozen=True)
class Candidate:
    """A community that a company may be."""

    key: int
    name: str
    slug: str
    website: str = ""


@dataclass(frozen=True)
class Likeness:
    """The likeliest candidate, and how sure: 1 is the same name."""

    key: int
    score: float


class Directory:
    """Candidates by the heads of their words and by web domain, so that a name is compared only with what may be like it."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self._hosts: dict[str, int] = {}
        self._names: dict[int, tuple[Words, ...]] = {}
        self._heads: dict[str, set[int]] = {}
        for each in candidates:
            self._take_in(each)

    def likeliest(self, name: str, domains: Collection[str]) -> Likeness | None:
        """The candidate most like a company of that name and those domains; None where none is like it enough."""
        scored = [*self._by_domain(domains), *self._by_name(name, domains)]
        best = max(scored, key=lambda each: (each.score, -each.key), default=None)
        return best if best and best.score >= ENOUGH else None

    def _take_in(self, candidate: Candidate) -> None:
        names = (_words(candidate.name), _words(candidate.slug.replace("-", " ")))
        self._names[candidate.key] = names
        for word in {*names[0], *names[1]}:
            self._heads.setdefault(word[:HEAD], set()).add(candidate.key)
        if host := _host(candidate.website):
            self._hosts.setdefault(host, candidate.key)

    def _by_domain(self, domains: Collection[str]) -> Iterator[Likeness]:
        for domain in domains:
            key = self._hosts.get(domain.casefold().removeprefix("www."))
            if key is not None:
                yield Likeness(key, SAME_DOMAIN)

    def _by_name(self, name: str, domains: Collection[str]) -> Iterator[Likeness]:
        theirs = [_words(name), *(_words(domain.split(".")[0].replace("-", " ")) for domain in domains)]
        near = {key for words in theirs for word in words for key in self._heads.get(word[:HEAD], ())}
        for key in near:
            yield Likeness(key, max(_alike(one, other) for one in theirs for other in self._names[key]))


def _alike(one: Words, other: Words) -> float:
    """By letters, so that a slip of the pen matters little, and by words, so that their order does not."""
    if not one or not other:
        return 0.0
    letters = SequenceMatcher(None, " ".join(one), " ".join(other)).ratio()
    shared = len(set(one) & set(other)) / len(set(one) | set(other))
    return max(letters, shared)


def _words(text: str) -> Words:
    plain = unicodedata.normalize("NFKD", text.casefold())
    words = re.findall(r"\w+", "".join(letter for letter in plain if not unicodedata.combining(letter)))
    return tuple(word for word in words if word not in SAID_BY_MANY) or tuple(words)


def _host(website: str) -> str:
    try:
        return (urlsplit(website).hostname or "").casefold().removeprefix("www.")
    except ValueError:
        return ""
