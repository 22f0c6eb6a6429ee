"""A bare git repository through its plumbing: objects, references and merges are real, so that SHAs and diffs are."""

import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NOBODY = {"name": "GitHub", "email": "noreply@github.test"}
NOTHING = "0" * 40


class Refused(Exception):
    """git said no."""


@dataclass(frozen=True)
class Git:
    """The repository at a path; made where there is none."""

    path: Path

    def __post_init__(self) -> None:
        if not (self.path / "HEAD").is_file():
            self.path.mkdir(parents=True, exist_ok=True)
            self.run("init", "--quiet", "--bare", "--initial-branch=main", ".")

    def run(self, *arguments: str, stdin: bytes = b"", more: Mapping[str, str] | None = None) -> bytes:
        """What one git command prints. Raises Refused."""
        quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "HOME": os.devnull, "LC_ALL": "C", **_who(NOBODY)}
        environment = {"PATH": os.pathsep.join(os.get_exec_path()), **quiet, **(more or {})}
        command = ["git", "-c", "core.hooksPath=/dev/null", "-c", "safe.directory=*", *arguments]
        done = subprocess.run(command, cwd=self.path, input=stdin, env=environment, capture_output=True, timeout=30, check=False)
        if done.returncode:
            raise Refused(done.stderr.decode("utf-8", "replace").strip())
        return done.stdout

    def text(self, *arguments: str, stdin: bytes = b"", more: Mapping[str, str] | None = None) -> str:
        return self.run(*arguments, stdin=stdin, more=more).decode("utf-8", "surrogateescape").strip()

    def resolve(self, name: str) -> str:
        """The object a name stands for, blank when there is none."""
        try:
            return self.text("rev-parse", "--verify", "--quiet", "--end-of-options", name)
        except Refused:
            return ""

    def kind(self, sha: str) -> str:
        try:
            return self.text("cat-file", "-t", sha)
        except Refused:
            return ""

    def blob(self, sha: str) -> bytes:
        return self.run("cat-file", "blob", sha)

    def write_blob(self, content: bytes) -> str:
        return self.text("hash-object", "-w", "--stdin", stdin=content)

    def tree(self, name: str, *, recursive: bool) -> list[dict[str, Any]]:
        """The entries of a tree, as GitHub tells them."""
        rows = self.run("ls-tree", "-z", "-t", *(["-r"] if recursive else []), name).decode("utf-8", "surrogateescape").split("\0")
        parts = [(*row.split("\t", 1)[0].split(), row.split("\t", 1)[1]) for row in rows if row]
        return [{"mode": mode, "type": kind, "sha": sha, "path": path} for mode, kind, sha, path in parts]

    def write_tree(self, base: str, entries: Sequence[Mapping[str, Any]]) -> str:
        """A tree upon another; an entry whose `sha` is null is taken away. Raises Refused for what is not there."""
        with self._index(base) as index:
            known = set(self.text("ls-files", "-z", more=index).split("\0"))
            rows = []
            for entry in entries:
                sha = self.write_blob(entry["content"].encode()) if "content" in entry else entry["sha"]
                if sha is None and entry["path"] not in known:
                    raise Refused("GitRPC::BadObjectState")
                rows.append(f"{'0' if sha is None else entry['mode']} {sha or NOTHING}\t{entry['path']}\0")
            self.run("update-index", "-z", "--index-info", stdin="".join(rows).encode("utf-8", "surrogateescape"), more=index)
            return self.text("write-tree", more=index)

    def commit_tree(
        self,
        tree: str,
        parents: Sequence[str],
        message: str,
        *,
        author: Mapping[str, str] = NOBODY,
        committer: Mapping[str, str] | None = None,
    ) -> str:
        """A commit; with the same words, people and times it is the same one."""
        people = {**_who(author, "AUTHOR"), **_who(committer or author, "COMMITTER")}
        above = [argument for parent in parents for argument in ("-p", parent)]
        return self.text("commit-tree", tree, *above, stdin=message.encode(), more=people)

    def commit(self, sha: str) -> dict[str, Any]:
        """A commit, as GitHub tells it."""
        form = "--format=%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B"
        parts = self.run("show", "--no-patch", form, sha).decode("utf-8", "replace").split("\0")
        name, tree, parents, author, author_email, authored, committer, committer_email, committed, message = parts
        return {
            "sha": name,
            "tree": {"sha": tree},
            "parents": [{"sha": parent} for parent in parents.split()],
            "author": {"name": author, "email": author_email, "date": authored},
            "committer": {"name": committer, "email": committer_email, "date": committed},
            "message": message.removesuffix("\n"),
        }

    def log(self, name: str, *, count: int, skip: int = 0) -> list[str]:
        return self.text("rev-list", f"--max-count={count}", f"--skip={skip}", "--end-of-options", name).split()

    def changed(self, old: str, new: str) -> dict[str, str]:
        """Paths that differ, with A, M or D."""
        words = self.text("diff", "--no-renames", "--name-status", "-z", old, new).split("\0")
        return dict(zip(words[1::2], words[0::2], strict=False))

    def base_of(self, one: str, other: str) -> str:
        return self.text("merge-base", one, other)

    def is_above(self, older: str, newer: str) -> bool:
        try:
            self.run("merge-base", "--is-ancestor", older, newer)
        except Refused:
            return False
        return True

    def merged(self, base: str, head: str) -> str:
        """The tree of both together, blank where they clash."""
        try:
            return self.text("merge-tree", "--write-tree", base, head).splitlines()[0]
        except Refused:
            return ""

    def move(self, name: str, new: str) -> None:
        self.run("update-ref", name, new)

    def remove(self, name: str) -> None:
        self.run("update-ref", "-d", name)

    @contextmanager
    def _index(self, base: str) -> Iterator[dict[str, str]]:
        with tempfile.TemporaryDirectory() as folder:
            index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            self.run("read-tree", *([base] if base else ["--empty"]), more=index)
            yield index


def _who(person: Mapping[str, str], *roles: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for role in roles or ("AUTHOR", "COMMITTER"):
        found |= {f"GIT_{role}_NAME": person["name"], f"GIT_{role}_EMAIL": person["email"]}
        if person.get("date"):
            found[f"GIT_{role}_DATE"] = person["date"]
    return found
