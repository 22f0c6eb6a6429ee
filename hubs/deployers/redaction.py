"""Taking secrets out of what is shown: nobody means to print one, and logs do."""

import re
from collections.abc import Iterable

from hubs.clusters.secrets import PRIVATE_KEY, UNMISTAKABLE

GONE = "[taken out]"
PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (PRIVATE_KEY, GONE),
    (re.compile(r"(?i)(authorization[\"']?\s*[:=]\s*[\"']?)(?:(?:bearer|basic|token)\s+)?[^\s\"']+"), rf"\1{GONE}"),
    (
        re.compile(
            r"(?i)((?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key)[\"']?\s*[:=]\s*[\"']?)[^\s\"',]+"
        ),
        rf"\1{GONE}",
    ),
    *((pattern, GONE) for pattern in UNMISTAKABLE),
    (re.compile(r"(://)[^/\s@]+@"), rf"\1{GONE}@"),
)


def without_secrets(text: str, *, known: Iterable[str] = ()) -> str:
    """The same text without what looks like a secret, and without those we know."""
    for secret in known:
        if secret:
            text = text.replace(secret, GONE)
    for pattern, instead in PATTERNS:
        text = pattern.sub(instead, text)
    return text
