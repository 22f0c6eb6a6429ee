"""The configuration at a commit on GitHub: files are asked for once and kept by their SHA, which never stands for anything else."""

from collections import OrderedDict
from collections.abc import Iterable

from ground.errors import Unavailable
from hubs.clusters import is_secret
from hubs.deployers.git import Repository, initialise
from hubs.deployers.github.remote import Remote
from hubs.deployers.gitops.configuration import CLUSTERS, Configuration

MOST_HELD = 4


class Reading:
    """Reads through a repository on this machine that holds the blobs; losing it costs asking again."""

    def __init__(self, remote: Remote, kept: Repository) -> None:
        self.remote, self.kept = remote, kept
        self._held: OrderedDict[str, Configuration] = OrderedDict()

    def configuration(self, commit: str) -> Configuration:
        """The clusters' files and the schemas of a commit; secret files by path only."""
        if commit not in self._held:
            self._held[commit] = self._read(commit)
            while len(self._held) > MOST_HELD:
                self._held.popitem(last=False)
        return self._held[commit]

    def _read(self, commit: str) -> Configuration:
        tree = self.remote.tree(commit)
        wanted = {path: blob for path, blob in tree.items() if is_read(path)}
        contents = self._blobs(set(wanted.values())) if wanted else {}
        texts = {path: contents[blob].decode("utf-8", "replace") for path, blob in wanted.items()}
        return Configuration(commit, {path: text for path, text in texts.items() if "\ufffd" not in text}, frozenset(tree))

    def _blobs(self, names: Iterable[str]) -> dict[str, bytes]:
        if not self.kept.exists():
            initialise(self.kept.path)
        for name in sorted(self.kept.missing(names)):
            if self.kept.write_blob(self.remote.blob(name)) != name:
                raise Unavailable("GitHub sent a file that is not the one asked for")
        return self.kept.blobs(names)


def is_read(path: str) -> bool:
    """Clusters' files and schemas; whatever else a repository holds is not ours to read."""
    return path.endswith((".yaml", ".yml")) and not is_secret(path) and (path.startswith(f"{CLUSTERS}/") or "schema" in path)
