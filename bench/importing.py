"""An import of articles against Wagtail's own save and publish of the same pages, once each in one transaction."""

import gc
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from django.db import transaction
from PIL import Image

from bench.table import Figure
from knowledgebase.importing import import_folder
from knowledgebase.models import Article, ArticleRendition, KnowledgeBase, LanguageShelf
from tests.factories import CommunityFactory
from tests.knowledgebase.factories import SYSTEM, bare

ARTICLES = [int(number) for number in os.environ.get("BENCH_ARTICLES", "60,200").split(",")]
LIMIT = 1.3  # times what Wagtail alone takes
IN_A_SECTION = 10
TEXT = """(label-{n})=
# How to use part {n}

Open the **part** at [the section](index.md), or see {{ref}}`label-{before}` and [one before](page-{before}.md#what-to-do).

## What to do

:::{{note}}
Part {n} is kept for as long as your community agreed.
:::

```{{steps}}
1. Choose {{guilabel}}`Part {n}`
   It takes {{kbd}}`Enter`.
2. Wait
   Usually under a minute.
```

```{{figure}} ../media/{image}.png
:alt: Part {n} in the menu

The menu
```

| Size | Memory |
| --- | --- |
| small | 2 GB |

```python
print("part {n}")
```

## When it fails

Stop it and start it again[^{n}]. {words}

[^{n}]: It helps more often than anything else.

```{{ask-support}} Part {n} does not work
Tell us what you see.
```
"""
WORDS = "People who use the hub for the first time want to know where their files are and who can see them. " * 12


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        _import(_folder(Path(folder), 2), bare(CommunityFactory()))  # what Python and Django load once
    for number in ARTICLES:
        with tempfile.TemporaryDirectory() as folder:
            root = _folder(Path(folder), number)
            ours = bare(CommunityFactory())
            importing = _seconds(lambda root=root, ours=ours: _import(root, ours))
            ArticleRendition.objects.all().delete()  # so that both make them
            plain = _seconds(lambda ours=ours: _save(ours, bare(CommunityFactory())))
            name = f"import of {number} articles, times Wagtail's save and publish"
            yield Figure(name, importing / plain, LIMIT, "times")
            yield Figure(
                f"import of {number} articles again, nothing changed",
                _seconds(lambda root=root, ours=ours: _import(root, ours)),
                plain / 5,
                "s",
            )


def _folder(root: Path, number: int) -> Path:
    (root / "media").mkdir()
    for image in range(5):
        Image.new("RGB", (1200, 700), (20 * image, 90, 90)).save(root / "media" / f"{image}.png")
    for n in range(number):
        section = root / f"section-{n // IN_A_SECTION}"
        section.mkdir(exist_ok=True)
        (section / "index.md").write_text(f"# Section {n // IN_A_SECTION}\n\nWhat belongs together.\n")
        before = max(n // IN_A_SECTION * IN_A_SECTION, n - 1)
        (section / f"page-{n}.md").write_text(TEXT.format(n=n, before=before, image=n % 5, words=WORDS))
    return root


def _import(root: Path, knowledge_base: KnowledgeBase) -> None:
    import_folder(root, knowledge_base, by=SYSTEM, publish=True)


def _save(source: KnowledgeBase, target: KnowledgeBase) -> None:
    """The same pages, by Wagtail alone."""
    with transaction.atomic():
        parents: dict[str, Article | KnowledgeBase | LanguageShelf] = {source.path: target}
        for article in Article.objects.descendant_of(source).order_by("path"):
            fields = {"title": article.title, "slug": article.slug, "summary": article.summary, "audience": article.audience}
            made = Article(body=article.body, live=False, **fields)
            parents[article.path[:-4]].add_child(instance=made)
            made.save_revision().publish()
            parents[article.path] = made


def _seconds(do: Callable[[], None]) -> float:
    gc.collect()
    began = time.perf_counter()
    do()
    return time.perf_counter() - began
