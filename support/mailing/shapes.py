"""A mail as it was read: plain values, nothing of the wire left."""

from dataclasses import dataclass, field
from datetime import datetime


class Unreadable(Exception):
    """A mail that is not taken in: too large, too deep, or not a mail. Says why in a few words."""


@dataclass(frozen=True)
class File:
    """Something that came with a mail. `content_id` is set for a picture that stands in the text."""

    name: str
    content_type: str
    content: bytes = field(repr=False)
    content_id: str = ""


@dataclass(frozen=True)
class Bounce:
    """What a mail server says of a mail of ours. `original_ids` are its Message-IDs, the likeliest first."""

    original_ids: tuple[str, ...]
    recipient: str
    note: str
    is_final: bool
    """Whether the server has given up; else it tries again by itself."""


@dataclass(frozen=True)
class Body:
    """The words of a mail, as plain text and as clean HTML, and what came with them."""

    text: str = ""
    html: str = ""
    files: tuple[File, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReadMail:
    """One mail. Ids are without brackets, addresses in lower case."""

    key: str
    """What tells it from every other mail: its Message-ID, or a fingerprint of one that has none."""
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    from_address: str
    from_name: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    delivered_to: tuple[str, ...]
    """Under which addresses our own server took it: aliases of the desk."""
    subject: str
    date: datetime | None
    body: Body
    automatic: str
    """Why it was not written by a person, in a few words; empty when it was."""
    bounce: Bounce | None
