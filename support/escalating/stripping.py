"""Takes out of a text what is nobody's business outside the desk: addresses, secrets, people's names. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

MAIL = re.compile(r"(?i)\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")
NUMBER = re.compile(r"(?<![\w.])(?!127\.|0\.0\.0\.0)(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}(?![\w.])")
"""Of a network; a machine's own for itself says nothing about anybody."""
SIX = re.compile(r"(?i)(?<![\w:])(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}(?![\w:])")
PHONE = re.compile(r"(?<![\w.:/-])\+\d[\d ().-]{7,16}\d(?!\w)")
OF_A_USER = re.compile(r"(?i)(/(?:user|users|home)/)(?!jovyan\b)([^/\s?#\"'<>)\]]+)")
PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL)
SECRETS = (
    PRIVATE_KEY,
    re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"),
    re.compile(r"\b(?:gh[opsru]_\w{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}|xox[abprs]-[\w-]{10,}|sk-[\w-]{16,}|hf_\w{16,})"),
    re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    re.compile(r"(?i)(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"),
    re.compile(r"(?i)\b(?:bearer|basic|token)\s+[\w.~+/=-]{12,}"),
)
SAID = re.compile(
    r"(?i)\b((?:pass(?:word|wd)?|secret|token|api[_-]?key|access[_-]?key|authorization)\s*[\"']?\s*[:=]\s*[\"']?)([^\s\"'&,;]{4,})"
)
LONG = re.compile(r"(?<![\w/+-])(?=[\w+/=-]*\d)(?=[\w+/=-]*[A-Za-z])[A-Za-z0-9+_=-]{32,}(?![\w/+-])")
SHORTEST_NAME = 3


@dataclass(frozen=True)
class Taken:
    """A kind of thing that was taken out (address, secret, name, number), and how often."""

    kind: str
    count: int


@dataclass(frozen=True)
class Stripped:
    """What may be shown, and what was taken out of it."""

    text: str
    taken: tuple[Taken, ...] = ()


def strip(text: str, *, names: Iterable[str] = (), community: Sequence[str] = (), called: str = "") -> Stripped:
    """`names` are people's; `community` the names of a community, which become `called` (nothing: “[community]”)."""
    counted: Counter[str] = Counter()
    for pattern in SECRETS:
        text = pattern.sub(_away(counted, "secret"), text)
    text = SAID.sub(lambda found: _kept_start(found, counted, "secret"), text)
    text = MAIL.sub(_away(counted, "address"), text)
    text = OF_A_USER.sub(lambda found: _kept_start(found, counted, "name"), text)
    for pattern in (NUMBER, SIX, PHONE):
        text = pattern.sub(_away(counted, "number"), text)
    text = LONG.sub(_away(counted, "secret"), text)
    text = _words(text, community, called or "[community]", counted, "community")
    text = _words(text, names, "[name]", counted, "name")
    return Stripped(text, tuple(Taken(kind, count) for kind, count in sorted(counted.items())))


def _away(counted: Counter[str], kind: str) -> Callable[[re.Match[str]], str]:
    def away(_found: re.Match[str]) -> str:
        counted[kind] += 1
        return f"[{kind}]"

    return away


def _kept_start(found: re.Match[str], counted: Counter[str], kind: str) -> str:
    """The word before it stays: it says what was there."""
    if found[2].startswith("["):
        return found[0]
    counted[kind] += 1
    return f"{found[1]}[{kind}]"


def _words(text: str, names: Iterable[str], instead: str, counted: Counter[str], kind: str) -> str:
    """Whole names first, the longest first, then their parts."""
    whole = {name.strip() for name in names if len(name.strip()) >= SHORTEST_NAME and name.strip().lower() != instead.lower()}
    parts = {part for name in whole for part in re.split(r"[\s,]+", name) if len(part) > SHORTEST_NAME} if kind == "name" else set()
    wanted = sorted(whole | parts, key=len, reverse=True)
    if not wanted:
        return text
    pattern = re.compile(r"(?i)(?<!\w)(?:" + "|".join(map(re.escape, wanted)) + r")(?!\w)")

    def away(_found: re.Match[str]) -> str:
        counted[kind] += 1
        return instead

    return pattern.sub(away, text)
