"""A git repository, through its plumbing: no shell, no user's configuration, no working copy needed, a time limit on every call."""

import os
import re
import subprocess
import tempfile
import time
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from ground.errors import Unavailable

NOTHING = "0" * 40
STALE_LOCK_SECONDS = 600
ALWAYS = ("-c", "core.hooksPath=/dev/null", "-c", "safe.directory=*", "-c", "core.fsmonitor=false", "-c", "commit.gpgSign=false")


class Moved(Exception):
    """A reference was not where it was thought to be: somebody else was quicker."""


class Repository:
    """Commits are made by `name <email>`, or by nobody where a caller only reads."""

    def __init__(self, path: Path, *, name: str = "Hubdesk", email: str = "hubdesk@localhost", timeout: float = 30) -> None:
        self.path = path
        self.name = name
        self.email = email
        self.timeout = timeout

    def exists(self) -> bool:
        """Is there a repository with at least the machinery of one?"""
        return (self.path / ".git").exists() or (self.path / "HEAD").is_file()

    def run(self, *arguments: str, stdin: bytes = b"", more: Mapping[str, str] | None = None, may_fail: bool = False) -> bytes | None:
        """Output of one git command; None when it failed and may. Raises Unavailable otherwise."""
        if not self.path.is_dir():
            raise Unavailable(f"The configuration repository {self.path} is not there yet; run setup.")
        command = ["git", *ALWAYS, *arguments]
        try:
            done = subprocess.run(
                command,
                cwd=self.path,
                input=stdin,
                env={**self._environment(), **(more or {})},
                capture_output=True,
                timeout=self.timeout,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise Unavailable(f"git {arguments[0]} took longer than {self.timeout:g} seconds.", outcome_unknown=True) from error
        except OSError as error:
            raise Unavailable(f"git cannot be started: {error.strerror}.") from error
        if done.returncode == 0:
            return done.stdout
        if may_fail:
            return None
        raise Unavailable(f"git {arguments[0]} failed: {self._explained(done.stderr)}")

    def text(self, *arguments: str, stdin: bytes = b"", more: Mapping[str, str] | None = None) -> str:
        """The same as one line of text."""
        return (self.run(*arguments, stdin=stdin, more=more) or b"").decode("utf-8", "replace").strip()

    def main(self) -> str:
        """The full name of the branch everything is merged to."""
        name = self.run("symbolic-ref", "--quiet", "HEAD", may_fail=True)
        return name.decode().strip() if name else "refs/heads/main"

    def resolve(self, name: str) -> str:
        """The object a reference stands for, blank when there is none."""
        found = self.run("rev-parse", "--verify", "--quiet", "--end-of-options", name, may_fail=True)
        return found.decode().strip() if found else ""

    def parent(self, commit: str) -> str:
        """The first parent, blank for the first commit of all."""
        return self.resolve(f"{commit}^")

    def recent(self, commit: str, count: int) -> list[str]:
        """The commit and those before it."""
        return self.text("rev-list", "--first-parent", f"--max-count={count}", "--end-of-options", commit).split()

    def is_ancestor(self, older: str, newer: str) -> bool:
        """Has `older` been merged into `newer`?"""
        return self.run("merge-base", "--is-ancestor", older, newer, may_fail=True) is not None

    def tree(self, commit: str) -> dict[str, str]:
        """Every path of a commit, with its blob."""
        rows = (self.run("ls-tree", "-r", "-z", "--full-tree", commit) or b"").decode("utf-8", "surrogateescape").split("\0")
        parts = (row.split("\t", 1) for row in rows if row)
        return {path: about.split()[2] for about, path in parts if about.startswith("100")}

    def blobs(self, names: Iterable[str]) -> dict[str, bytes]:
        """The contents of many blobs at once."""
        wanted = list(dict.fromkeys(names))
        answer = self.run("cat-file", "--batch", stdin="".join(f"{name}\n" for name in wanted).encode()) or b""
        found: dict[str, bytes] = {}
        position = 0
        for name in wanted:
            end = answer.index(b"\n", position)
            size = int(answer[position:end].split()[2])
            found[name] = answer[end + 1 : end + 1 + size]
            position = end + size + 2
        return found

    def missing(self, names: Iterable[str]) -> set[str]:
        """Which of these objects are not here."""
        asked = "".join(f"{name}\n" for name in names)
        rows = self.text("cat-file", "--batch-check", stdin=asked.encode()).splitlines()
        return {row.split()[0] for row in rows if row.endswith(" missing")}

    def write_blob(self, content: bytes) -> str:
        """Keep some bytes; the same bytes are the same blob."""
        return self.text("hash-object", "-w", "--stdin", stdin=content)

    def commit(self, parent: str, changes: Mapping[str, str | None], *, message: str, at: datetime) -> str:
        """A commit upon `parent` with these texts (None deletes). The same arguments are the same commit, whoever makes it, however often."""
        rows = [
            f"0 {NOTHING}\t{path}\0" if text is None else f"100644 {self.write_blob(text.encode())}\t{path}\0"
            for path, text in sorted(changes.items())
        ]
        with tempfile.TemporaryDirectory() as folder:
            index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            self.run("read-tree", *([parent] if parent else ["--empty"]), more=index)
            self.run("update-index", "-z", "--index-info", stdin="".join(rows).encode("utf-8", "surrogateescape"), more=index)
            tree = self.text("write-tree", more=index)
        moment = f"{int(at.timestamp())} +0000"
        dates = {"GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}
        return self.text("commit-tree", tree, *(["-p", parent] if parent else []), stdin=message.encode(), more=dates)

    def move(self, name: str, new: str, *, old: str) -> None:
        """Let a reference stand for `new` if it stands for `old` (blank: if there is none). Raises Moved otherwise."""
        if self.run("update-ref", name, new, old or NOTHING, may_fail=True) is not None:
            return
        if self.resolve(name) == (old or ""):
            self.run("update-ref", name, new, old or NOTHING)  # it failed for another reason: say which
        elif self.resolve(name) != new:
            raise Moved(name)

    def remove(self, name: str) -> None:
        """Forget a reference."""
        if self.resolve(name):
            self.run("update-ref", "-d", name)

    def references(self, prefix: str) -> dict[str, str]:
        """The references below a prefix and what they stand for."""
        lines = self.text("for-each-ref", "--format=%(refname) %(objectname)", prefix).splitlines()
        return {line.split()[0]: line.split()[1] for line in lines}

    def follow(self, commit: str) -> bool:
        """Bring an untouched working copy to `commit`; where somebody is editing it is left alone. True when it followed."""
        if self.text("rev-parse", "--is-bare-repository") == "true":
            return False
        self.run("update-index", "-q", "--refresh", may_fail=True)
        held = (self.run("write-tree", may_fail=True) or b"").decode().strip()
        known = (line.split() for line in self.text("log", "--first-parent", "--max-count=500", "--format=%H %T", commit).splitlines())
        earlier = next((name for name, tree in known if tree == held), "")
        return bool(earlier) and self.run("read-tree", "-m", "-u", earlier, commit, may_fail=True) is not None

    def _environment(self) -> dict[str, str]:
        who = {
            f"GIT_{role}_{part}": value for role in ("AUTHOR", "COMMITTER") for part, value in (("NAME", self.name), ("EMAIL", self.email))
        }
        quiet = {
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_OPTIONAL_LOCKS": "0",
            "LC_ALL": "C",
        }
        return {"PATH": os.pathsep.join(os.get_exec_path()), "HOME": os.devnull, **quiet, **who}

    def _explained(self, stderr: bytes) -> str:
        words = stderr.decode("utf-8", "replace").strip()
        lock = re.search(r"Unable to create '(.+\.lock)': File exists", words)
        if lock:
            self._clear(Path(lock[1]))
        return words.splitlines()[0] if words else "no reason given"

    def _clear(self, lock: Path) -> None:
        """A lock that a killed process left behind would stop everything for ever."""
        if lock.is_relative_to(self.path) and lock.exists() and time.time() - lock.stat().st_mtime > STALE_LOCK_SECONDS:
            lock.unlink(missing_ok=True)


def initialise(path: Path) -> None:
    """An empty repository whose first branch is main."""
    path.mkdir(parents=True, exist_ok=True)
    Repository(path).run("init", "--quiet", "--initial-branch=main", ".")
