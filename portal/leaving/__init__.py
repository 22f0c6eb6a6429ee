"""A community leaves with everything we hold on it, in open formats."""

import functools
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.utils import timezone, translation

from communities.models import Community
from portal.leaving import articles, configuration, letters, pages, writing
from portal.leaving.archive import Archive
from portal.leaving.scope import Scope
from portal.leaving.tables import tables

CONTENT = Path(__file__).parent / "content"
FORMAT, FORMAT_VERSION = "hubdesk-community-archive", 1

__all__ = ["Scope", "leave", "write"]


def leave(community: Community, path: Path) -> None:
    """Write the archive of everything. A half-written one never takes the place of `path`. Raises `OSError`."""
    unfinished = path.with_name(path.name + ".part")
    try:
        with unfinished.open("wb") as file:
            write(Scope(community), file)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def write(scope: Scope, file: IO[bytes], *, after_each: Callable[[], None] | None = None) -> Mapping[str, int]:
    """The archive of that scope into a file; how many rows each table has. Raises `OSError`, and `Unavailable` for the configuration."""
    at = timezone.now()
    with (
        Archive(file, at=at, **({"after_each": after_each} if after_each else {})) as archive,
        translation.override(scope.community.language),
    ):
        archive.write("README.md", _read_me(scope), about="explanation")
        counts = {name: writing.write(archive, name, rows) for name, rows in tables(scope).items()}
        for put in (pages.put, letters.put, articles.put, configuration.put):
            put(scope, archive)
        archive.finish(_facts(scope, counts) | {"made_at": at})
    return counts


def _read_me(scope: Scope) -> str:
    left_out = "" if scope.is_whole else (CONTENT / "LEFT_OUT.md").read_text(encoding="utf-8")
    return (CONTENT / "README.md").read_text(encoding="utf-8") + left_out


def _facts(scope: Scope, counts: Mapping[str, int]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "product": "Hubdesk",
        "product_version": product_version(),
        "community": scope.community.slug,
        "holds": "everything" if scope.is_whole else "what a representative may read",
        "counts": counts,
    }


@functools.cache
def product_version() -> str:
    """As the project says it of itself."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])
