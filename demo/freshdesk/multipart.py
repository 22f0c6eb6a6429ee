"""A form of several parts, as it comes when a file is attached: scalars as text, `tags[]` for lists, `custom_fields[cf_x]` for dictionaries."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from typing import Any
from urllib.parse import parse_qsl

from demo.freshdesk.exchange import Request

LIST = re.compile(r"(\w+)\[\]")
ENTRY = re.compile(r"(\w+)\[(\w+)\]")
WORDS_OF_TRUTH = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True)
class Upload:
    """A file that was sent."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Part:
    """One part: a word, or a file."""

    name: str
    value: str | Upload


def read(request: Request, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The form as the JSON body it stands for, files under `attachments`. Raises ValueError for what is no form."""
    if not request.boundary:
        raise ValueError("no boundary")
    given: dict[str, Any] = {}
    for part in _parts(request):
        _take(given, part, fields)
    return given


def form(request: Request) -> dict[str, Any]:
    """What a page's form says, with files or without; of a field that is not there, nothing."""
    if request.boundary:
        given = read(request, {})
        return {**given, "attachments": [file for file in given.get("attachments", []) if isinstance(file, Upload) and file.content]}
    return dict(parse_qsl(request.content.decode(), keep_blank_values=True))


def _take(given: dict[str, Any], part: Part, fields: Mapping[str, Any]) -> None:
    if entries := LIST.fullmatch(part.name):
        given.setdefault(entries[1], []).append(part.value)
    elif entry := ENTRY.fullmatch(part.name):
        given.setdefault(entry[1], {})[entry[2]] = part.value
    else:
        given[part.name] = _as(fields.get(part.name), part.value)


def _as(wanted: Any, value: str | Upload) -> Any:
    """A word as the type its field wants; what does not fit stays a word, and is refused for it."""
    if wanted is int and isinstance(value, str) and re.fullmatch(r"-?\d+", value):
        return int(value)
    if wanted is bool and isinstance(value, str):
        return WORDS_OF_TRUTH.get(value.lower(), value)
    return value


def _parts(request: Request) -> Iterator[Part]:
    mark = b"\r\n--" + request.boundary.encode()
    _, *pieces = (b"\r\n" + request.content).split(mark)
    if not pieces or not pieces[-1].startswith(b"--"):
        raise ValueError("the form does not end")
    for piece in pieces[:-1]:
        head, _, content = piece.partition(b"\r\n\r\n")
        yield _part(HeaderParser().parsestr(head.decode(errors="replace").lstrip("\r\n")), content)


def _part(head: Message, content: bytes) -> Part:
    name = str(head.get_param("name", "", header="content-disposition"))
    file_name = head.get_filename()
    if file_name is None:
        return Part(name, content.decode(errors="replace"))
    return Part(name, Upload(file_name.replace("%22", '"'), head.get_content_type(), content))
