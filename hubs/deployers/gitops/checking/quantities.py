"""Sizes and times as Kubernetes, JupyterHub and cron write them."""

import re
from typing import Any, TypeGuard

KUBERNETES = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+|[numkMGTPE]|[KMGTPE]i)?")
SPAWNER = re.compile(r"(\d+(?:\.\d+)?)([KMGT]?)")
CRON_PART = r"(\*|[0-9A-Za-z]+(-[0-9A-Za-z]+)?)(/\d+)?"
CRON = re.compile(
    rf"@(yearly|annually|monthly|weekly|daily|midnight|hourly)|({CRON_PART}(,{CRON_PART})*\s+){{4}}{CRON_PART}(,{CRON_PART})*"
)


def is_number(value: Any) -> TypeGuard[int | float]:
    """A number, and not a yes or no that Python takes for one."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_quantity(value: Any) -> bool:
    """`500Mi`, `0.5`, `100m`: what Kubernetes takes for an amount."""
    return is_number(value) or (isinstance(value, str) and KUBERNETES.fullmatch(value) is not None)


def spawner_bytes(value: Any) -> float | None:
    """Memory as JupyterHub's spawner reads it: a number of bytes, or `14G` of 1024³; it knows no `Gi`. None for what it refuses."""
    if is_number(value):
        return float(value)
    match = SPAWNER.fullmatch(value) if isinstance(value, str) else None
    return float(match[1]) * 1024 ** (" KMGT".index(match[2] or " ")) if match else None


def is_cron(value: Any) -> bool:
    """Five fields, or one of the names for usual ones."""
    return isinstance(value, str) and CRON.fullmatch(value.strip()) is not None
