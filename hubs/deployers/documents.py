"""The deployer's dataclasses as the API's JSON, and back."""

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def as_document(value: Any) -> Any:
    """Plain JSON of a dataclass; what is not known (None, blank text) is left out."""
    if is_dataclass(value) and not isinstance(value, type):
        parts = {part.name: as_document(getattr(value, part.name)) for part in fields(value)}
        return {name: part for name, part in parts.items() if part is not None and part != ""}
    if isinstance(value, Mapping):
        return {str(key): as_document(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [as_document(part) for part in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, datetime) else value


def from_document(cls: type[T], document: Mapping[str, Any]) -> T:
    """The dataclass of such JSON; members that are unknown here are ignored, so that a deployer may grow."""
    hints = _hints(cls)  # type: ignore[arg-type]  # a class is hashable; mypy doubts it of a type variable
    return cls(**{name: _read(hints[name], value) for name, value in document.items() if name in hints})


@cache
def _hints(cls: type) -> Mapping[str, Any]:
    return get_type_hints(cls)


def _read(hint: Any, value: Any) -> Any:
    if get_origin(hint) in {Union, types.UnionType}:
        hint = next(option for option in get_args(hint) if option is not type(None))
    if value is None or hint is Any:
        return value
    if get_origin(hint) is tuple:
        return tuple(_read(get_args(hint)[0], part) for part in value)
    if hint is datetime:
        return datetime.fromisoformat(value)
    if isinstance(hint, type) and is_dataclass(hint):
        return from_document(hint, value)
    return hint(value) if isinstance(hint, type) and issubclass(hint, Enum) else value
