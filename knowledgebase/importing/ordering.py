"""The order of a folder's articles: from `myst.yml`, `_toc.yml`, toctrees, or what a file says of itself."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from knowledgebase.importing.paths import address_of, inside, steps_of

TOCTREE = re.compile(
    r"^(?P<room>[ ]*(?:[-*+][ ]+)?)(?P<fence>`{3,}|:{3,})\{toctree\}[^\n]*\n(?P<body>.*?)^[ ]*(?P=fence)", re.MULTILINE | re.DOTALL
)
ENTRY = re.compile(r"(?:.*<(?P<target>[^<>]+)>|(?P<bare>[^:\s][^\s]*))")
LAST = 10**6
FIRST = frozenset({"index", "readme"})


def order_of(address: str, facts: Mapping[str, Any], ranks: Mapping[str, int]) -> tuple[Any, ...]:
    order = tuple((_rank(step, ranks), step) for step in steps_of(address))
    own = facts.get("order")
    return (*order[:-1], (own, order[-1][1])) if isinstance(own, int) else order


def _rank(address: str, ranks: Mapping[str, int]) -> int:
    """Its place in the order; translations come after what they translate."""
    return LAST + 1 if address in dict(settings.LANGUAGES) else ranks.get(address, -1 if address in FIRST else LAST)


def ranks_in(configuration: list[tuple[str, Any]], texts: Mapping[str, str]) -> dict[str, int]:
    """Places in the order that `myst.yml`, `_toc.yml` or toctrees give, by address; a folder stands where its first article does."""
    named = (address for name, node in configuration if name != "_config.yml" for address in _files_named(node))
    ranks: dict[str, int] = {}
    for place, address in enumerate([*named, *_toctrees(texts)]):
        for step in steps_of(address):
            ranks.setdefault(step, place)
    return ranks


def _files_named(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key in ("root", "file"):
            if isinstance(node.get(key), str):
                yield address_of(node[key])
        for value in node.values():
            yield from _files_named(value)
    elif isinstance(node, list):
        for value in node:
            yield from _files_named(value)


def _toctrees(texts: Mapping[str, str]) -> Iterator[str]:
    """Entries of toctrees, the outermost file's first."""
    for relative in sorted(texts, key=lambda one: (one.count("/"), Path(one).stem != "index", one)):
        here = relative.rpartition("/")[0] or "."
        for found in TOCTREE.finditer(texts[relative]):
            entries = (ENTRY.fullmatch(line.strip()) for line in found["body"].splitlines() if line.strip())
            yield from (address_of(inside(here, entry["target"] or entry["bare"])) for entry in entries if entry)
