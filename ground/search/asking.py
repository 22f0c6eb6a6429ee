"""What a query asks for: its telling words, put right and widened, each as the ways it may be written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ground.search import spelling
from ground.search.words import LONGEST_QUERY, LONGEST_WORD, STOP, trunk, words_of

MOST_TERMS = 40
MOST_OF_A_TEXT = 12  # words of a question longer than that, the most telling
MOST_PUT_RIGHT = 4  # of these; a long text has names in it that no corpus knows
CORRECTED = 0.85
GUESSED = 0.7
WIDENED = 0.65


@dataclass(frozen=True)
class Term:
    """One way to say what was asked: trunks that a row holds all of, and how much finding them says (as asked: 1)."""

    trunks: tuple[str, ...]
    trust: float = 1.0


@dataclass(frozen=True)
class Token:
    """A word of the query with what it may have meant; without such, the word as it stands."""

    word: str
    trunk: str
    meant: tuple[spelling.Meant, ...] = ()

    @property
    def trunks(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.trunk for one in self.meant)) or (self.trunk,)


@dataclass(frozen=True)
class Group:
    """What one asked word, or one known phrase, may be found as; the best way first."""

    tokens: tuple[Token, ...]
    terms: tuple[Term, ...]
    is_part: bool = False  # of a phrase that stands before it: welcome, not asked for by itself

    @property
    def trunks(self) -> frozenset[str]:
        return frozenset(one for term in self.terms for one in term.trunks)


Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Wider:
    """For phrases of trunks, other phrases that say the same."""

    same: Mapping[Phrase, Sequence[Phrase]] = field(default_factory=dict)

    @property
    def longest(self) -> int:
        return max((len(phrase) for phrase in self.same), default=0)


Widen = Callable[[Sequence[str]], Wider]


def nothing_wider(_trunks: Sequence[str]) -> Wider:
    return Wider()


def groups_of(kind: str, query: str, *, widen: Widen = nothing_wider, vocabulary: Sequence[str] = ()) -> list[Group]:
    """A query as groups. `vocabulary` names further kinds whose learnt words are spelt right; `widen` knows what means the same."""
    words = [word[:LONGEST_WORD] for word in words_of(query[:LONGEST_QUERY])]
    telling = list(dict.fromkeys(word for word in words if word not in STOP))[:MOST_TERMS] or words[:MOST_TERMS]
    kept = set(telling)
    tokens = _tokens([kind, *vocabulary], [word for word in dict.fromkeys(words) if word in kept])
    return _grouped(tokens, widen([one for token in tokens for one in token.trunks]))


def _tokens(kinds: Sequence[str], words: Sequence[str]) -> list[Token]:
    """Every word that neither the corpus nor the other kinds know gets what it may have meant."""
    trunks = {word: trunk(word) for word in words}
    known = spelling.counts(kinds, set(trunks.values()))
    if len(words) > MOST_OF_A_TEXT:
        words = _most_telling(words, [known.get(trunks[word], 0) for word in words])
    strange = [word for word in words if trunks[word] not in known]
    meant = {word: tuple(found) for word, found in spelling.corrections(kinds, strange).items()}
    if strange and strange[-1] == words[-1] and not meant.get(strange[-1]) and len(strange[-1]) > 2:
        meant[strange[-1]] = tuple(spelling.beginnings(kinds, strange[-1]))
    return [Token(word, trunks[word], meant.get(word, ())) for word in words]


def _most_telling(words: Sequence[str], counts: Sequence[int]) -> list[str]:
    """Of a long text the rarest of the known words, and the first few strange ones, in their order."""
    strange = [place for place, count in enumerate(counts) if not count][:MOST_PUT_RIGHT]
    rarest = sorted((place for place, count in enumerate(counts) if count), key=lambda place: counts[place])
    return [words[place] for place in sorted([*strange, *rarest[: MOST_OF_A_TEXT - len(strange)]])]


def _grouped(tokens: Sequence[Token], wider: Wider) -> list[Group]:
    """The longest known phrases first; every other word by itself."""
    groups, place = [], 0
    while place < len(tokens):
        length = next((size for size in range(wider.longest, 0, -1) if _phrase_at(tokens, place, size) in wider.same), 1)
        phrase = tokens[place : place + length]
        groups.append(_group(phrase, wider))
        groups += [Group((token,), _as_asked(token), is_part=True) for token in phrase if length > 1]
        place += length
    return groups


def _phrase_at(tokens: Sequence[Token], place: int, size: int) -> Phrase:
    part = tokens[place : place + size]
    return tuple(token.trunks[0] for token in part) if len(part) == size else ()


def _group(tokens: Sequence[Token], wider: Wider) -> Group:
    if len(tokens) == 1:
        terms = {term.trunks: term.trust for term in _as_asked(tokens[0])}
    else:
        terms = {tuple(token.trunks[0] for token in tokens): CORRECTED if any(token.meant for token in tokens) else 1.0}
    for way, trust in list(terms.items()):
        for other in wider.same.get(way, ()):
            terms.setdefault(other, WIDENED * trust)
    return Group(tuple(tokens), tuple(Term(one, trust) for one, trust in terms.items()))


def _as_asked(token: Token) -> tuple[Term, ...]:
    """The word itself, or what it may have meant."""
    trusts = [CORRECTED if token.meant else 1.0, *(GUESSED for _other in token.trunks[1:])]
    return tuple(Term((one,), trust) for one, trust in zip(token.trunks, trusts, strict=True))
