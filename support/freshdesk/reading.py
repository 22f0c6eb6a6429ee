"""How a value from outside becomes what a field's annotation promises; what is of another kind becomes None, the field's default. Pure."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

Reader = Callable[[Any], Any]


def moment(text: Any) -> datetime | None:
    """A time of Freshdesk's: seconds, mostly UTC, older samples with an offset."""
    try:
        value = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def number(value: Any) -> int | None:
    """Whole numbers; ids and codes have been seen as text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return int(value)
    except (ValueError, OverflowError):
        return None


def words(value: Any) -> str | None:
    """Text; a number is text, a list is not."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def answer(value: Any) -> bool | None:
    """Yes or no, as JSON says it or as forms and older accounts do."""
    if isinstance(value, bool | int):
        return bool(value)
    return {"true": True, "false": False}.get(value.lower()) if isinstance(value, str) else None


def mapping(value: Any) -> Mapping[str, Any] | None:
    return value if isinstance(value, Mapping) else None


def as_it_is(value: Any) -> Any:
    return value


PLAIN: Mapping[Any, Reader] = {int: number, str: words, bool: answer, datetime: moment, Mapping: mapping, Any: as_it_is}


def readers(shape: type, family: type) -> dict[str, Reader]:
    """A reader for each annotated field of a class; classes of `family` read themselves."""
    return {name: _reader(hint, family) for name, hint in get_type_hints(shape).items()}


def _reader(hint: Any, family: type) -> Reader:
    origin, parts = get_origin(hint), [part for part in get_args(hint) if part not in {type(None), Ellipsis}]
    if origin in {UnionType, Union}:
        return _reader(parts[0], family) if len(parts) == 1 else as_it_is
    if origin is tuple:
        return _each(_reader(parts[0], family))
    if isinstance(hint, type) and issubclass(hint, family):
        return _nested(hint)
    return PLAIN[Mapping if isinstance(origin, type) and issubclass(origin, Mapping) else hint]


def _each(read: Reader) -> Reader:
    """Of a list, the entries that can be read; a list that is none is no list."""

    def entries(value: Any) -> tuple[Any, ...] | None:
        if not isinstance(value, list | tuple):
            return None
        return tuple(each for each in map(read, value) if each is not None)

    return entries


def _nested(shape: Any) -> Reader:
    def inner(value: Any) -> Any:
        return shape.read(value) if isinstance(value, Mapping) else None

    return inner
