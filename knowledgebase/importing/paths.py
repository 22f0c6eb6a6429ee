"""Paths of a folder's files, and the addresses they become."""

import posixpath
import re
from collections.abc import Iterator

from django.utils.text import slugify


def address_of(relative: str) -> str:
    """The address of a file: its path without extension, `index` meaning its folder."""
    stem = re.sub(r"\.(md|markdown)$", "", relative)
    steps = [slugify(step) or "page" for step in stem.split("/")]
    return "/".join(steps[:-1] if len(steps) > 1 and steps[-1] in {"index", "readme"} else steps)


def steps_of(address: str) -> Iterator[str]:
    steps = address.split("/")
    return ("/".join(steps[: count + 1]) for count in range(len(steps)))


def inside(folder: str, target: str) -> str:
    """A path written in a file of that folder, seen from the root; `..` stops at the root, as Sphinx does."""
    start = "" if target.startswith("/") or folder == "." else folder
    steps: list[str] = []
    for step in posixpath.join(start, target.lstrip("/")).split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step not in {"", "."}:
            steps.append(step)
    return "/".join(steps)
