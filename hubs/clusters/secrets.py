"""Values without what somebody wrote into an open file and should not have: passwords, tokens, keys."""

import re
from collections.abc import Mapping
from typing import Any

HIDDEN = "(not shown)"
NAMES = re.compile(
    r"(password|passwd|passphrase|secret|token|(api|private|secret|access|account|crypt|signing)[_-]?key)(s|_id)?$", re.IGNORECASE
)
PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL)
UNMISTAKABLE = (
    PRIVATE_KEY,
    re.compile(r"(?i)(?<=\bbearer )[a-z0-9._~+/=-]{8,}"),
    re.compile(r"\b(?:gh[pousr]_|github_pat_|glpat-|xox[abpr]-|AKIA)[A-Za-z0-9_-]{10,}"),
    re.compile(r"\bAGE-SECRET-KEY-[0-9A-Z]+"),
    re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"),
)
"""What is a secret wherever it stands: keys and tokens of well-known shapes, in values and in logs alike."""

INSIDE = (*UNMISTAKABLE, re.compile(r"(?<=://)[^/\s:@]*:[^/\s@]+(?=@)"))
ASSIGNED = re.compile(r"(?i)((?:secret|password|passwd|token|api_?key|private_?key)\w*[\"'\]]*\s*[:=]\s*)([\"'])[^\"'\n]+\2")


def without_secrets(value: Any) -> Any:
    """A copy in which whatever is called a secret, or looks like one, is not shown."""
    if isinstance(value, Mapping):
        return {key: _below(key, part, value) for key, part in value.items()}
    if isinstance(value, list):
        return [without_secrets(part) for part in value]
    return _words(value) if isinstance(value, str) else value


def _below(key: str, part: Any, around: Mapping[str, Any]) -> Any:
    named = around.get("name") if key == "value" else key  # environment variables are also written as name and value
    if is_secret_name(named) and part not in ("", None) and not isinstance(part, bool):
        return HIDDEN
    return without_secrets(part)


def is_secret_name(name: Any) -> bool:
    """Is what stands under this name not for our eyes?"""
    return isinstance(name, str) and NAMES.search(name) is not None


def _words(text: str) -> str:
    for pattern in INSIDE:
        text = pattern.sub(HIDDEN, text)
    return ASSIGNED.sub(rf"\1\2{HIDDEN}\2", text)
