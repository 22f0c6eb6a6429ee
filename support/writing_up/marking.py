"""Every place of a text that is nobody's business outside the ticket, with what it was and what would stand there instead. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from support.escalating import stripping

HUB_FACT = "{{ hub.url }}"
MAILTO = re.compile(r"(?i)mailto:(?=[\w.+-]+@)")
ON_WINDOWS = re.compile(r"(?i)\\Users\\(?P<taken>[^\\\s\"'<>]+)")
OF_A_USER = re.compile(r"(?i)/(?:user|users|home)/(?!jovyan\b)(?P<taken>[^/\s?#\"'<>)\]]+)")
SAID = re.compile(
    r"(?i)\b(?:(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key|authorization|contraseña|senha|mot de passe)"
    r"\s*[\"']?\s*(?:[:=]|is|es|é|est)\s*[\"'`]?)(?P<taken>[^\s\"'`&,;]{4,})"
)
SHORT_SIX = re.compile(r"(?i)(?<![\w:])(?:[0-9a-f]{2,4}:){1,6}(?::[0-9a-f]{1,4}){1,6}(?![\w:])")
PHONE = re.compile(r"(?<![\w.:/-])(?:\(\d{2,4}\)[ .-]?|\d{2,4}[ .-])\d{3,4}[ .-]\d{3,4}(?![\w-])")
LONG = re.compile(r"(?<![\w/+=-])(?=[\w+/=-]*\d)(?=[\w+/=-]*[A-Za-z])[A-Za-z0-9+_=-]{32,}(?![\w/+-])")
HANDLE = re.compile(r"(?<![\w@/.:-])@[A-Za-z0-9][\w.-]{1,38}\b")
GREETED = re.compile(
    r"(?m)^(?:(?i:hi|hello|dear|hey|hola|buenos días|buenas|estimad[oa]s?|querid[oa]s?|olá|oi|prezad[oa]s?|car[oa]|bonjour|salut|chère?)"
    r"[ \t]+(?i:(?:dr|prof|mr|mrs|ms|dra|sra?|m|mme)\.?[ \t]+)?)(?P<taken>[^\W\d_a-z][\w'’-]+(?:[ \t]+[^\W\d_a-z][\w'’-]+){0,3})"
)
QUOTE = re.compile(
    r"(?m)(?:^(?:On|El|Em|No dia|Le)\b[^\n]{4,300}(?:wrote|escribió|escreveu|a écrit)\s?:[ \t]*\n)?(?:^[ \t]*>[^\n]*(?:\n|\Z))+"
)
HISTORY = re.compile(
    r"(?ms)^(?:-{2,}[ \t]*(?i:original message|mensaje original|mensagem original|message d.origine)[ \t]*-{2,}[ \t]*$"
    r"|(?:On|El|Em|No dia|Le)\b[^\n]{4,300}(?:wrote|escribió|escreveu|a écrit)\s?:[ \t]*$).*\Z"
)
DASHES = re.compile(r"(?ms)^\\?(?:--|—|__)[ \t]*$.*\Z")
CLOSING = re.compile(
    r"(?mi)^[ \t]*(?:(?:many |kind |best |warm )?(?:thanks|thank you|regards|wishes|best|cheers|sincerely)(?: (?:in advance|and regards|a lot|again))?"
    r"|(?:un |muchos |cordiales )?saludos?(?: cordiales)?|atentamente|(?:muchas |mil )?gracias(?: de antemano)?|un abrazo"
    r"|atenciosamente|abraços?|(?:muito )?obrigad[oa](?: desde já)?|cordialement|bien (?:à vous|cordialement)|merci(?: d.avance)?)[ \t]*[,.!]?[ \t]*$"
)
SIGNATURE_LINES, SIGNATURE_LETTERS = 8, 400
SHORTEST = 2


class Sort(StrEnum):
    """What a marked place is."""

    SECRET = "secret"  # noqa: S105  a word, not one
    ADDRESS = "address"
    NUMBER = "number"
    NAME = "name"
    USER = "user"
    COMMUNITY = "community"
    HUB = "hub"
    SIGNATURE = "signature"
    QUOTE = "quote"
    CHOSEN = "chosen"


INSTEAD = {
    Sort.SECRET: "[secret]",
    Sort.ADDRESS: "[address]",
    Sort.NUMBER: "[number]",
    Sort.NAME: "[name]",
    Sort.USER: "[user]",
    Sort.COMMUNITY: "[community]",
    Sort.HUB: HUB_FACT,
    Sort.CHOSEN: "[…]",
}


@dataclass(frozen=True)
class Piece:
    """A run of the text. A marked one has a sort, and `instead` is what would stand there."""

    text: str
    sort: Sort | None = None
    instead: str = ""


@dataclass(frozen=True)
class Private:
    """What is known to be private here: people's names, their names as users, names of a community and its hubs, domains of the hubs."""

    names: Sequence[str] = ()
    users: Sequence[str] = ()
    community: Sequence[str] = ()
    domains: Sequence[str] = ()
    chosen: Sequence[str] = ()


def mark(text: str, private: Private, *, is_code: bool = False) -> list[Piece]:
    """The text in pieces; put together again they are the text. What an earlier rule marks, a later one leaves alone."""
    pieces = [Piece(text)] if is_code else _without_mail(text)
    for sort, pattern in _rules(private, is_code=is_code):
        pieces = [part for piece in pieces for part in _split(piece, sort, pattern)]
    return pieces


def _without_mail(text: str) -> list[Piece]:
    """What a mail adds to its words: the letters it repeats, and the signature before them."""
    pieces = [Piece(text)]
    for sort, pattern in ((Sort.QUOTE, HISTORY), (Sort.QUOTE, QUOTE), (Sort.SIGNATURE, DASHES)):
        pieces = [part for piece in pieces for part in _split(piece, sort, pattern)]
    last = next((place for place in reversed(range(len(pieces))) if pieces[place].sort is None), None)
    return pieces if last is None else [*pieces[:last], *_signed(pieces[last]), *pieces[last + 1 :]]


def _rules(private: Private, *, is_code: bool) -> Iterator[tuple[Sort, re.Pattern[str]]]:
    yield from ((Sort.CHOSEN, pattern) for pattern in _words(private.chosen))
    yield (Sort.USER, HANDLE)  # first, while what stands before it can be seen
    yield from ((Sort.SECRET, pattern) for pattern in stripping.SECRETS)
    yield from ((Sort.SECRET, SAID), (Sort.USER, OF_A_USER), (Sort.USER, ON_WINDOWS))
    yield from ((Sort.HUB, _address(domain)) for domain in sorted(private.domains, key=len, reverse=True))
    yield from ((Sort.ADDRESS, MAILTO), (Sort.ADDRESS, stripping.MAIL))
    yield from ((Sort.NUMBER, pattern) for pattern in (stripping.NUMBER, stripping.SIX, SHORT_SIX, stripping.PHONE, PHONE))
    yield (Sort.SECRET, LONG)
    yield from ((Sort.COMMUNITY, pattern) for pattern in _words(private.community))
    yield from ((Sort.NAME, pattern) for pattern in _words(private.names))
    yield from ((Sort.USER, pattern) for pattern in _words(private.users))
    yield from ((Sort.NAME, pattern) for pattern in _parts(private.names))
    if not is_code:
        yield (Sort.NAME, GREETED)


def _split(piece: Piece, sort: Sort, pattern: re.Pattern[str]) -> Iterator[Piece]:
    if piece.sort is not None:
        yield piece
        return
    place = 0
    for found in pattern.finditer(piece.text):
        first, last = found.span("taken") if "taken" in pattern.groupindex else found.span()
        if first > place:
            yield Piece(piece.text[place:first])
        yield Piece(piece.text[first:last], sort, "" if pattern is MAILTO else INSTEAD.get(sort, ""))
        place = last
    if place < len(piece.text):
        yield Piece(piece.text[place:])


def _signed(piece: Piece) -> list[Piece]:
    """A closing word near the end, and what follows it, is a signature; a letter does not begin with one."""
    ends = (found for found in CLOSING.finditer(piece.text) if piece.text[: found.start()].strip())
    closing = next((found.start() for found in ends if _is_end(piece.text[found.start() :])), None)
    if closing is None:
        return [piece]
    return [Piece(piece.text[:closing]), Piece(piece.text[closing:], Sort.SIGNATURE)]


def _is_end(rest: str) -> bool:
    return len(rest) <= SIGNATURE_LETTERS and len(rest.splitlines()) <= SIGNATURE_LINES


def _words(words: Iterable[str]) -> list[re.Pattern[str]]:
    """One pattern for all of them, whole and in any case, the longest first; none where there is none."""
    wanted = sorted({word.strip() for word in words if len(word.strip()) > SHORTEST}, key=lambda word: (-len(word), word))
    return [re.compile(r"(?i)(?<!\w)(?:" + "|".join(map(re.escape, wanted)) + r")(?!\w)")] if wanted else []


def _parts(names: Iterable[str]) -> list[re.Pattern[str]]:
    """First and last names alone, as they are written: with a capital, so that a word that is also a name mostly stays."""
    parts = {part for name in names for part in re.split(r"[\s,]+", name.strip()) if len(part) >= SHORTEST and part[:1].isupper()}
    wanted = sorted(parts - {"."}, key=lambda part: (-len(part), part))
    return [re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, wanted)) + r")(?!\w)")] if wanted else []


def _address(domain: str) -> re.Pattern[str]:
    return re.compile(rf"(?i)(?:https?://)?(?<![\w.-]){re.escape(domain)}(?::\d+)?(?![\w.-]*\w)/?")
