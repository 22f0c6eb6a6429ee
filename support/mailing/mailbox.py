"""A mailbox on an IMAP server: what is unseen in it, one mail at a time. Knows no model."""

import contextlib
import imaplib
import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from ground.errors import Rejected, Unavailable

TIMEOUT = 30.0
SIZE = re.compile(rb"RFC822\.SIZE (\d+)", re.IGNORECASE)
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
WRONG_ADDRESS = "INBOUND_EMAIL_URL must read imaps://user:password@host/FOLDER, with special characters percent-encoded"


@dataclass(frozen=True)
class Address:
    """Where the mailbox is. The password is in no representation of it."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str
    is_encrypted: bool


def address_of(url: str) -> Address:
    """The address in `imaps://user:password@host:port/FOLDER`. Raises `Rejected`, never naming the password."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Rejected(WRONG_ADDRESS) from None
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    folder = unquote(parts.path.strip("/")) or "INBOX"
    is_said = parts.scheme in {"imap", "imaps"} and parts.hostname and user and password
    if not is_said or not all(each.isascii() and each.isprintable() for each in (user, password, folder)):
        raise Rejected(WRONG_ADDRESS)
    is_encrypted = parts.scheme == "imaps"
    return Address(parts.hostname or "", port or (993 if is_encrypted else 143), user, password, folder, is_encrypted)


class Mailbox:
    """An open mailbox; use it in a `with`. Raises `Unavailable` when the server goes away, `Rejected` when it refuses us."""

    def __init__(self, address: Address) -> None:
        self._address = address

    def __enter__(self) -> Self:
        with _told_apart():
            self._server = _connected(self._address)
        try:
            with _told_apart(refused="The mailbox's server refuses the user or the password"):
                self._server.login(self._address.user, self._address.password)
            with _told_apart(refused=f"The mailbox has no folder {self._address.folder}"):
                _checked(self._server.select(_quoted(self._address.folder)))
        except (Unavailable, Rejected):
            self._leave()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._leave()

    def unseen(self) -> list[str]:
        """The numbers (UIDs) of the mails that nobody has seen, oldest first."""
        with _told_apart():
            found = _checked(self._server.uid("SEARCH", "UNSEEN"))
        words = b" ".join(line for line in found if line).decode("ascii", "replace").split()
        return sorted(filter(str.isdecimal, words), key=int)

    def size(self, uid: str) -> int:
        """How many bytes the mail has."""
        with _told_apart():
            found = _checked(self._server.uid("FETCH", uid, "(RFC822.SIZE)"))
        said = SIZE.search(b" ".join(line for line in found if isinstance(line, bytes)))
        return int(said[1]) if said else 0

    def fetch(self, uid: str, *, head_only: bool = False) -> bytes:
        """The mail as it came, left unseen; empty when it is gone meanwhile."""
        with _told_apart():
            found = _checked(self._server.uid("FETCH", uid, "(BODY.PEEK[HEADER])" if head_only else "(BODY.PEEK[])"))
        return next((bytes(each[1]) for each in found if isinstance(each, tuple)), b"")

    def mark_seen(self, uid: str, *, flagged: bool = False) -> None:
        """Done with; flagged when a person should look at it."""
        with _told_apart():
            _checked(self._server.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen \Flagged)" if flagged else r"(\Seen)"))

    def _leave(self) -> None:
        with contextlib.suppress(imaplib.IMAP4.error, OSError):
            self._server.logout()
        with contextlib.suppress(OSError):
            self._server.shutdown()


@contextlib.contextmanager
def _told_apart(refused: str = "") -> Iterator[None]:
    """imaplib's errors as ours. A refusal is told in our words: the server's may repeat what we sent."""
    try:
        yield
    except (imaplib.IMAP4.abort, OSError) as error:
        raise Unavailable(f"The mailbox's server went away: {error}") from error
    except imaplib.IMAP4.error as error:
        if refused:
            raise Rejected(refused) from None
        raise Unavailable(f"The mailbox's server answered: {error}") from error


def _connected(address: Address) -> imaplib.IMAP4:
    context = ssl.create_default_context()
    if address.is_encrypted:
        return imaplib.IMAP4_SSL(address.host, address.port, ssl_context=context, timeout=TIMEOUT)
    server = imaplib.IMAP4(address.host, address.port, timeout=TIMEOUT)
    try:
        _encrypt(server, address, context)
    except (imaplib.IMAP4.error, OSError, Rejected):
        server.shutdown()
        raise
    return server


def _encrypt(server: imaplib.IMAP4, address: Address, context: ssl.SSLContext) -> None:
    if "STARTTLS" in server.capabilities:
        server.starttls(ssl_context=context)
    elif address.host not in LOOPBACK:
        raise Rejected("The mailbox's server offers no encryption; the password is not sent in the clear")


def _checked(answer: tuple[str, list[Any]]) -> list[Any]:
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.error(b" ".join(line for line in data if isinstance(line, bytes)).decode("ascii", "replace"))
    return data


def _quoted(folder: str) -> str:
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
