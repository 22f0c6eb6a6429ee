"""A mailbox on loopback that speaks as much IMAP4rev1 as `imaplib` asks for, and goes away when told to."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

WORD = re.compile(rb'"((?:\\.|[^"\\])*)"|(\S+)')


@dataclass
class Mailbox:
    """What the server holds, and how it misbehaves."""

    mails: dict[int, bytes] = field(default_factory=dict)
    flags: dict[int, set[str]] = field(default_factory=dict)
    user: str = "desk@hubs.example"
    password: str = 'se"cr\\et /%'
    folder: str = "INBOX"
    breaks_at_uid: int = 0
    breaks_before_marking: bool = False
    capabilities: str = "IMAP4rev1"
    claimed_size: int = 0
    commands: list[str] = field(default_factory=list)
    port: int = 0

    def receive(self, *raws: bytes) -> None:
        for raw in raws:
            uid = max(self.mails, default=100) + 1
            self.mails[uid], self.flags[uid] = raw, set()

    def unseen(self) -> list[int]:
        return [uid for uid in self.mails if "\\Seen" not in self.flags[uid]]


class Session(socketserver.StreamRequestHandler):
    """One connection."""

    def handle(self) -> None:
        self.box: Mailbox = self.server.mailbox
        self._say(f"* OK [CAPABILITY {self.box.capabilities}] ready")
        while line := self.rfile.readline():
            tag, _, rest = line.strip().partition(b" ")
            words = [(quoted.replace(b'\\"', b'"').replace(b"\\\\", b"\\") or plain).decode() for quoted, plain in WORD.findall(rest)]
            self.box.commands.append(rest.split(b" ")[0].decode() if words[0] != "UID" else words[1])
            answer = getattr(self, f"do_{words[0].lower()}", self.do_nothing)(words)
            if answer is None:
                return
            self._say(f"{tag.decode()} {answer}")
            if words[0] == "LOGOUT":
                return

    def do_nothing(self, _words: list[str]) -> str:
        return "BAD what?"

    def do_capability(self, _words: list[str]) -> str:
        self._say(f"* CAPABILITY {self.box.capabilities}")
        return "OK done"

    def do_login(self, words: list[str]) -> str:
        is_right = words[1:] == [self.box.user, self.box.password]
        return "OK done" if is_right else f"NO {' '.join(words[1:])} is wrong"

    def do_select(self, words: list[str]) -> str:
        if words[1] != self.box.folder:
            return "NO no such folder"
        self._say(f"* {len(self.box.mails)} EXISTS")
        return "OK [READ-WRITE]"

    def do_logout(self, _words: list[str]) -> str:
        self._say("* BYE")
        return "OK done"

    def do_uid(self, words: list[str]) -> str | None:
        return getattr(self, f"uid_{words[1].lower()}")(words[2:])

    def uid_search(self, _words: list[str]) -> str:
        self._say("* SEARCH " + " ".join(map(str, reversed(self.box.unseen()))))
        return "OK done"

    def uid_fetch(self, words: list[str]) -> str | None:
        uid, what = int(words[0]), " ".join(words[1:])
        raw = self.box.mails.get(uid, b"")
        if not raw:
            return "OK nothing there"
        if "SIZE" in what:
            self._say(f"* 1 FETCH (UID {uid} RFC822.SIZE {self.box.claimed_size or len(raw)})")
            return "OK done"
        part = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if "HEADER" in what else raw
        self._say(f"* 1 FETCH (UID {uid} BODY[] {{{len(part)}}}")
        if uid == self.box.breaks_at_uid:
            self.wfile.write(part[: len(part) // 2])
            return None
        self.wfile.write(part)
        self._say(")")
        return "OK done"

    def uid_store(self, words: list[str]) -> str | None:
        if self.box.breaks_before_marking:
            return None
        self.box.flags[int(words[0])] |= set(re.findall(r"\\\w+", " ".join(words[2:])))
        return "OK done"

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


@contextmanager
def serving(mailbox: Mailbox) -> Iterator[Mailbox]:
    """The mailbox, answering on a port of loopback."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as server:
        server.daemon_threads = True
        server.mailbox = mailbox
        mailbox.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield mailbox
        server.shutdown()
        thread.join()
