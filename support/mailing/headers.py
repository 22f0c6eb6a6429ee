"""Headers as plain words, whatever was written into them: a broken one is read as far as it goes and never raises."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

LONGEST = 10_000
MESSAGE_ID = re.compile(r"<\s*([^<>\s]{3,500})\s*>")
ADDRESS = re.compile(r"^[^\s@<>(),;:\"\\\[\]]+@[^\s@<>(),;:\"\\]+$")
NO_CHARSETS = frozenset({"punycode", "idna", "undefined", "unicode_escape", "unicode-escape", "raw_unicode_escape", "raw-unicode-escape"})
"""Python's codecs that no mail is written in; the first takes hours for a large text."""
LIKE_LATIN_1 = frozenset({"iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii", "ansi", ""})


class Headers:
    """The headers of one mail or part by name, decoded."""

    def __init__(self, message: Message) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in message.raw_items():
            self._values.setdefault(name.lower(), []).append(str(value)[:LONGEST])

    def all(self, name: str) -> list[str]:
        return [words(value) for value in self._values.get(name.lower(), ())]

    def first(self, name: str) -> str:
        return words(next(iter(self._values.get(name.lower(), ())), ""))

    def has(self, name: str) -> bool:
        return name.lower() in self._values

    def names(self) -> Iterable[str]:
        return self._values.keys()

    def ids(self, name: str) -> tuple[str, ...]:
        """Every id in it, in order."""
        return tuple(dict.fromkeys(MESSAGE_ID.findall(" ".join(self.all(name)))))

    def people(self, name: str) -> list[tuple[str, str]]:
        """Names and addresses, parsed before they are decoded: a comma in a name is no separator."""
        pairs = getaddresses([_unfolded(value) for value in self._values.get(name.lower(), ())])
        return [(words(said), address.lower()) for said, address in pairs if is_address(address)]

    def parameter(self, name: str, key: str) -> str:
        """`charset=…` of a Content-Type. RFC 2231's three values become one."""
        scratch = Message()
        scratch[name] = _unfolded(next(iter(self._values.get(name, ())), ""))
        try:
            value = scratch.get_param(key, "", header=name)
        except (ValueError, LookupError, AttributeError, TypeError):  # what Python raises at broken parameters
            return ""
        if isinstance(value, tuple):
            return decoded((value[2] or "").encode("latin-1", "replace"), value[0] or "")
        return str(value or "")

    def date(self) -> datetime | None:
        try:
            said = parsedate_to_datetime(self.first("date"))
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
        return said if said.tzinfo else said.replace(tzinfo=UTC)


def words(value: str) -> str:
    """A header's value on one line: encoded words and raw bytes decoded, controls taken out."""
    flat = _unfolded(value)
    try:
        chunks = decode_header(flat)
    except (HeaderParseError, ValueError):
        chunks = [(flat, None)]
    said = "".join(chunk if isinstance(chunk, str) else decoded(chunk, charset or "") for chunk, charset in chunks)
    return " ".join("".join(letter if letter.isprintable() else " " for letter in said).split())


def decoded(content: bytes, charset: str) -> str:
    """Bytes as text in the charset they claim, else in the one they are likeliest in. Without NULs, which PostgreSQL refuses."""
    name = charset.strip().strip("\"'").lower()
    for candidate in ("utf-8" if name in LIKE_LATIN_1 | NO_CHARSETS else name, "utf-8"):
        try:
            return content.decode(candidate).replace("\x00", "")
        except (LookupError, UnicodeError, ValueError):
            continue
    return content.decode("windows-1252", "replace").replace("\x00", "")


def is_address(address: str) -> bool:
    return len(address) <= 254 and ADDRESS.match(address) is not None and address.isascii()


def _unfolded(value: str) -> str:
    """One line; bytes that the parser kept as surrogates become text."""
    flat = " ".join(value.splitlines())
    try:
        return flat.encode("ascii", "surrogateescape").decode("utf-8", "replace")
    except UnicodeEncodeError:
        return flat.encode("utf-8", "replace").decode("utf-8", "replace")
