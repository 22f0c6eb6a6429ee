"""Images and documents of a book, under names that people know them by."""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from knowledgebase.models import ArticleDocument, ArticleImage, KnowledgeBase


@dataclass
class BookShelf:
    """Files that articles of one knowledge base may show: its own and the shared ones. What is asked for is written with the book."""

    knowledge_base: KnowledgeBase
    paths: dict[str, str] = field(default_factory=dict)  # key → path in the book
    wanted: list[ArticleImage | ArticleDocument] = field(default_factory=list)

    def image(self, key: str) -> str | None:
        """The path of that image in the book; None when it is not theirs to take."""
        return self._path(key, ArticleImage, "images")

    def document(self, key: str) -> str | None:
        return self._path(key, ArticleDocument, "files")

    def files(self) -> Iterator[tuple[str, bytes]]:
        for row in self.wanted:
            with row.file.open("rb") as content:
                yield self.paths[str(row.key)], content.read()

    def _path(self, key: str, model: type[ArticleImage] | type[ArticleDocument], folder: str) -> str | None:
        if key not in self.paths:
            row = model.objects.filter(key=key, collection__in=self._collections).first()
            if row is None or not row.file.storage.exists(row.file.name):
                return None
            self.paths[key] = self._free(folder, row.title, PurePosixPath(row.file.name).suffix.lower())
            self.wanted.append(row)
        return self.paths[key]

    @functools.cached_property
    def _collections(self) -> list[int]:
        shared = KnowledgeBase.objects.filter(community=None).values_list("collection", flat=True)
        return [self.knowledge_base.collection_id, *shared]

    def _free(self, folder: str, title: str, suffix: str) -> str:
        """A path that no other file has."""
        stem = re.sub(r"[^\w.-]+", "-", title.removesuffix(suffix)).strip("-.") or "file"
        taken = {path.lower() for path in self.paths.values()}
        number, path = 1, f"{folder}/{stem}{suffix}"
        while path.lower() in taken:
            number += 1
            path = f"{folder}/{stem}-{number}{suffix}"
        return path
