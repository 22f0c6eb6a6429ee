"""JSON of strangers, read only as deep as anything of ours is."""

import json
from typing import Any, NoReturn

DEEPEST = 50  # lists and objects inside each other


class Unreadable(ValueError):
    """No JSON, or lists and objects inside each other without end."""


def read(text: str | bytes) -> Any:
    """The document of that JSON. Raises `Unreadable`."""
    try:
        return shallow(json.loads(text, parse_constant=_refuse))
    except (ValueError, RecursionError) as error:
        raise Unreadable from error


def shallow(document: Any) -> Any:
    """That document, unless it is too deep: then `Unreadable`."""
    level = [document]
    for _depth in range(DEEPEST):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return document
    raise Unreadable


def _inside(value: Any) -> list[Any]:
    """The lists and objects in that one."""
    values = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [inner for inner in values if isinstance(inner, dict | list)]


def _refuse(constant: str) -> NoReturn:
    """NaN and Infinity are Python's, not JSON's."""
    raise ValueError(constant)
