"""What a file is by its first octets, whether such files are taken, and what it may be called. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

import filetype
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

HEAD = 8192  # octets that are looked at
LONGEST_NAME = 200
LONGEST_ENDING = 20
UNKNOWN = "application/octet-stream"
TEXT = "text/plain"
SHOWN_INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""What opens in the browser; everything else is saved."""

UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
PATHS = re.compile(r"[/\\]")
NOT_IN_TEXT = frozenset(range(32)) - frozenset(b"\b\t\n\f\r\x1b")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
OLD_DOCUMENT = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class Kind:
    """One kind of file: the type it is served as, and what its first octets are recognised as (nothing: text)."""

    content_type: str
    recognised: frozenset[str] = frozenset()


class Refused(Exception):
    """The file is not taken. `words` say why, and what to do, to whoever sent it."""

    def __init__(self, words: str | Promise) -> None:
        super().__init__(words)
        self.words = words

    def __str__(self) -> str:
        return str(self.words)


def _seen_as(content_type: str, *others: str) -> Kind:
    return Kind(content_type, frozenset({content_type, *others}))


OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN = "application/vnd.oasis.opendocument."
ZIP = "application/zip"
OLD_OFFICE = "application/x-ole-storage"
FILM = ("video/mp4", "video/x-m4v", "video/quicktime")

KINDS: Mapping[str, Kind] = {
    ".png": _seen_as("image/png", "image/apng"),
    ".jpg": _seen_as("image/jpeg"),
    ".jpeg": _seen_as("image/jpeg"),
    ".gif": _seen_as("image/gif"),
    ".webp": _seen_as("image/webp"),
    ".heic": _seen_as("image/heic"),
    ".pdf": _seen_as("application/pdf"),
    ".mp4": _seen_as(*FILM),
    ".mov": _seen_as("video/quicktime", *FILM),
    ".webm": _seen_as("video/webm", "video/x-matroska"),
    ".zip": _seen_as(ZIP),
    ".gz": _seen_as("application/gzip"),
    ".tgz": _seen_as("application/gzip"),
    ".bz2": _seen_as("application/x-bzip2"),
    ".xz": _seen_as("application/x-xz"),
    ".tar": _seen_as("application/x-tar"),
    ".docx": _seen_as(f"{OFFICE}wordprocessingml.document", ZIP),
    ".xlsx": _seen_as(f"{OFFICE}spreadsheetml.sheet", ZIP),
    ".pptx": _seen_as(f"{OFFICE}presentationml.presentation", ZIP),
    ".odt": _seen_as(f"{OPEN}text", ZIP),
    ".ods": _seen_as(f"{OPEN}spreadsheet", ZIP),
    ".odp": _seen_as(f"{OPEN}presentation", ZIP),
    ".doc": _seen_as("application/msword", OLD_OFFICE),
    ".xls": _seen_as("application/vnd.ms-excel", OLD_OFFICE),
    ".ppt": _seen_as("application/vnd.ms-powerpoint", OLD_OFFICE),
    ".csv": Kind("text/csv"),
    ".tsv": Kind("text/tab-separated-values"),
    ".md": Kind("text/markdown"),
    ".json": Kind("application/json"),
    ".geojson": Kind("application/json"),
    ".ipynb": Kind("application/x-ipynb+json"),
    ".eml": Kind("message/rfc822"),
    ".ics": Kind("text/calendar"),
    **dict.fromkeys(
        [
            ".txt",
            ".log",
            ".yaml",
            ".yml",
            ".toml",
            ".ini",
            ".cfg",
            ".conf",
            ".rst",
            ".tex",
            ".bib",
            ".py",
            ".r",
            ".jl",
            ".sql",
            ".diff",
            ".patch",
        ],
        Kind(TEXT),
    ),
}
BY_CONTENT: Mapping[str, Kind] = {kind.content_type: kind for kind in KINDS.values() if kind.recognised}
SERVED = frozenset(kind.content_type for kind in KINDS.values())

NOT_TAKEN = _("“%(name)s” is a kind of file we do not take. Send it as PDF, picture or text, or put it into a ZIP file.")
NOT_WHAT_IT_SAYS = _("“%(name)s” is not what the end of its name says. Save it again under its right kind, or put it into a ZIP file.")


def type_of(name: str, head: bytes) -> str:
    """The type to keep and serve a file as. Raises `Refused` for a kind we do not take and for a content that its name contradicts."""
    ending = PurePosixPath(name).suffix.lower()
    kind = KINDS.get(ending) if ending else _nameless(head)
    if kind is None:
        raise Refused(NOT_TAKEN % {"name": name})
    if not _is(kind, head):
        raise Refused(NOT_WHAT_IT_SAYS % {"name": name})
    return kind.content_type


def served_type(content_type: str) -> str:
    """What a kept file may be called on the wire: never something that a browser would run."""
    return content_type if content_type in SERVED else UNKNOWN


def clean_name(name: str) -> str:
    """The last part of a path, without what is not seen or turns the reading direction; at most 200 characters, its ending kept."""
    last = PATHS.split(unicodedata.normalize("NFC", name))[-1]
    seen = "".join(each if unicodedata.category(each) not in UNSEEN else " " if each in "\t\n\r" else "" for each in last)
    return _shortened(" ".join(seen.split()).strip(" .")) or "file"


def _nameless(head: bytes) -> Kind | None:
    """A file without an ending is what its content says."""
    recognised = _recognised(head)
    return BY_CONTENT.get(recognised) if recognised else Kind(TEXT)


def _is(kind: Kind, head: bytes) -> bool:
    return _recognised(head) in kind.recognised if kind.recognised else _is_text(head)


def _recognised(head: bytes) -> str:
    """The type that the first octets tell; empty when they tell none."""
    if head.startswith(OLD_DOCUMENT):
        return OLD_OFFICE
    found = filetype.guess(head)
    return str(found.mime) if found else ""


def _is_text(head: bytes) -> bool:
    """Text of any encoding has no control characters; what merely begins like something else (“BMI,Age”) is text all the same."""
    return head.startswith(UTF_16) or not NOT_IN_TEXT.intersection(head)


def _shortened(name: str) -> str:
    if len(name) <= LONGEST_NAME:
        return name
    ending = PurePosixPath(name).suffix
    kept = ending if len(ending) <= LONGEST_ENDING else ""
    return name[: LONGEST_NAME - len(kept)].rstrip(" .") + kept
