"""A request's body as a form, which is how files travel: scalars as text, `tags[]` once for each, `custom_fields[cf_x]`. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

ATTACHMENTS = "attachments[]"


@dataclass(frozen=True)
class File:
    """A file on its way to Freshdesk; `content` may be an open file, read while it is sent."""

    name: str
    content: bytes | IO[bytes]
    content_type: str = "application/octet-stream"
    part: str = ATTACHMENTS


Files = Sequence[File]


def form_of(payload: Mapping[str, Any], files: Files) -> dict[str, Any]:
    """What httpx sends as multipart/form-data."""
    fields: dict[str, Any] = {}
    for name, value in payload.items():
        fields |= _fields(name, value)
    return {"data": fields, "files": [(file.part, (file.name, file.content, file.content_type)) for file in files]}


def _fields(name: str, value: Any) -> dict[str, Any]:
    match value:
        case Mapping():
            return {key: text for inner, each in value.items() for key, text in _fields(f"{name}[{inner}]", each).items()}
        case list() | tuple():
            return {f"{name}[]": [_text(each) for each in value]}
    return {name: _text(value)}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)
