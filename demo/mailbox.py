"""Mail of the demonstration: every message becomes a file under var/mail, and a page shows them."""

import email
import email.policy
import itertools
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage as ParsedMessage
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.html import escape, urlize
from django.utils.safestring import SafeString, mark_safe

NAME = re.compile(r"^\d{16}-\d{3}$")
THREAD = ("Message-ID", "In-Reply-To", "References", "Auto-Submitted")
_numbers = itertools.count()


@dataclass(frozen=True)
class Letter:
    """One mail as the page shows it."""

    name: str
    at: datetime
    to: str
    sender: str
    cc: str
    subject: str
    thread: tuple[tuple[str, str], ...]
    """The headers that place it in its thread and say whether a person wrote it."""
    text: str

    @property
    def linked(self) -> SafeString:
        """The text with its links alive."""
        return mark_safe(urlize(escape(self.text), nofollow=True))  # noqa: S308  escaped one call earlier


def folder() -> Path:
    path: Path = settings.VAR_DIR / "mail"
    path.mkdir(parents=True, exist_ok=True)
    return path


class EmailBackend(BaseEmailBackend):
    """Keeps what the site sends instead of sending it."""

    def send_messages(self, email_messages: Sequence[Any]) -> int:
        for message in email_messages:
            name = f"{time.time_ns() // 1000:016d}-{next(_numbers) % 1000:03d}"
            unfinished = folder() / f"{name}.part"
            unfinished.write_bytes(message.message().as_bytes())
            unfinished.rename(folder() / f"{name}.eml")
        return len(email_messages)


def letters() -> list[Letter]:
    """Every mail, newest first."""
    return [_read(path) for path in sorted(folder().glob("*.eml"), reverse=True)]


def letter(name: str) -> Letter | None:
    """One mail by its name, or None."""
    path = folder() / f"{name}.eml"
    return _read(path) if NAME.match(name) and path.exists() else None


def _read(path: Path) -> Letter:
    parsed: ParsedMessage = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = parsed.get_body(("plain", "html"))
    return Letter(
        name=path.stem,
        at=datetime.fromtimestamp(int(path.stem.split("-")[0]) / 1_000_000, tz=UTC),
        to=str(parsed["To"]),
        sender=str(parsed["From"]),
        cc=str(parsed["Cc"] or ""),
        subject=str(parsed["Subject"]),
        thread=tuple((name, str(parsed[name])) for name in THREAD if parsed[name]),
        text=body.get_content() if body else "",
    )
