"""The base of every shape: what came is kept whole, and a typed view lies on top of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import cache
from typing import Any, Self

from ground.errors import Unavailable
from support.freshdesk.reading import readers


class Unreadable(Unavailable):
    """What came is no object of the API at all."""


@dataclass(frozen=True, kw_only=True)
class Shape:
    """One object of the API. `raw` is what came, unchanged; `seen_at` is the server's clock when it said so, on an answer's own objects."""

    created_at: datetime | None = None
    updated_at: datetime | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    seen_at: datetime | None = field(default=None, repr=False, compare=False)

    @classmethod
    def read(cls, payload: Any, *, seen_at: datetime | None = None) -> Self:
        """The typed view of a payload. Null, absent, and what is of another type are the field's default. Raises Unreadable."""
        if not isinstance(payload, Mapping):
            raise Unreadable(f"Freshdesk sent {type(payload).__name__} in place of a {cls.__name__}")
        shape: Any = cls
        values = {name: read(payload[name]) for name, read in _readers(shape).items() if payload.get(name) is not None}
        return cls(**{name: value for name, value in values.items() if value is not None}, raw=payload, seen_at=seen_at)

    def has(self, name: str) -> bool:
        """Whether the answer held this key at all, be it null."""
        return name in self.raw

    def to_payload(self) -> Mapping[str, Any]:
        """What came, unknown keys and all."""
        return self.raw


@cache
def _readers(shape: type[Shape]) -> dict[str, Callable[[Any], Any]]:
    """For each field that Freshdesk fills."""
    filled = {each.name for each in fields(shape)} - {"raw", "seen_at"}
    return {name: read for name, read in readers(shape, Shape).items() if name in filled}


@dataclass(frozen=True, kw_only=True)
class Numbered(Shape):
    """An object with an id of its own; ids exceed 32 bits."""

    id: int | None = None
