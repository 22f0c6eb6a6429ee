"""The files of a book: its contents, a page for each article, images and documents, and where the old addresses are now."""

import io
import json
import posixpath
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.urls import reverse
from ruamel.yaml import YAML
from wagtail.query import PageQuerySet

from ground.actors import Actor
from knowledgebase.exporting.in_place import read_in_place, written_in_place
from knowledgebase.exporting.labels import Targets, label_of, with_labels
from knowledgebase.exporting.shelf import BookShelf
from knowledgebase.models import Article, Edition, KnowledgeBase
from knowledgebase.plain import Pointing, body_as_markdown

PLUGIN = Path(__file__).parent / "hubdesk.mjs"
INDEXES = frozenset({"index", "readme"})  # a file of that name means its folder


@dataclass
class Chapter:
    """One place of the tree: an article, or without one a shelf or a section that only holds others."""

    address: str
    title: str
    article: Article | None = None
    order: int = 0
    below: list["Chapter"] = field(default_factory=list)

    @property
    def path(self) -> str:
        """Its file: a folder's own when there is something below."""
        last = self.address.rpartition("/")[2]
        return f"{self.address}/index.md" if self.below or last in INDEXES else f"{self.address}.md"


@dataclass
class Book:
    """A knowledge base on its way out."""

    knowledge_base: KnowledgeBase
    chapters: list[Chapter]
    shelf: BookShelf
    targets: Targets = field(default_factory=dict)
    by_address: dict[str, Chapter] = field(default_factory=dict)

    @property
    def home(self) -> str:
        """Where the knowledge base is read on the site."""
        return f"{settings.SITE_URL}{self.knowledge_base.address_on_site()}"


def published(knowledge_base: KnowledgeBase) -> list[Article]:
    """What its readers find."""
    own = _own(knowledge_base).live().select_related("translation_of").order_by("path")
    return _once(knowledge_base, [*own, *read_in_place(knowledge_base, lambda page: page)])


def readable(knowledge_base: KnowledgeBase, *, by: Actor) -> list[Article]:
    """What this one of them finds."""
    theirs = set(Edition.objects.visible_to(by).filter(knowledge_base=knowledge_base).values_list("address", flat=True))
    return [article for article in published(knowledge_base) if _address(knowledge_base, article) in theirs]


def as_they_stand(knowledge_base: KnowledgeBase) -> list[Article]:
    """Every article with its latest draft."""
    own = [_latest(article) for article in _own(knowledge_base).order_by("path")]
    return _once(knowledge_base, [*own, *written_in_place(knowledge_base, _latest)])


def _own(knowledge_base: KnowledgeBase) -> PageQuerySet[Article]:
    """Without its versions of shared articles, which are read at other addresses than they stand at."""
    found: PageQuerySet[Article] = Article.objects.descendant_of(knowledge_base).filter(override=None)
    return found


def _latest(article: Article) -> Article:
    found: Article = article.get_latest_revision_as_object()
    return found


def _once(knowledge_base: KnowledgeBase, articles: Sequence[Article]) -> list[Article]:
    """An article of the community's own stands before its version of a shared one."""
    found: dict[str, Article] = {}
    for article in articles:
        found.setdefault(_address(knowledge_base, article), article)
    return list(found.values())


def write_folder(knowledge_base: KnowledgeBase, articles: Sequence[Article], folder: Path) -> int:
    """Write the book into that folder; returns how many files. Raises `OSError`."""
    count = 0
    for name, content in files_of(knowledge_base, articles):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        count += 1
    return count


def write_zip(knowledge_base: KnowledgeBase, articles: Sequence[Article], file: IO[bytes] | Path) -> int:
    """The same, as one archive."""
    count = 0
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files_of(knowledge_base, articles):
            archive.writestr(name, content)
            count += 1
    return count


def files_of(knowledge_base: KnowledgeBase, articles: Sequence[Article]) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file, in an order that does not change."""
    chapters = _chapters(knowledge_base, articles)
    every = list(_every(chapters))
    book = Book(knowledge_base, chapters, BookShelf(knowledge_base), by_address={chapter.address: chapter for chapter in every})
    for article in articles:
        _note_targets(article, _address(knowledge_base, article), book.targets)
    yield "myst.yml", _contents(book).encode()
    yield "hubdesk.mjs", PLUGIN.read_text(encoding="utf-8").replace('"__DESK__"', json.dumps(book.home)).encode()
    yield "index.md", _first_page(book).encode()
    for chapter in every:
        if chapter.article is not None:
            yield chapter.path, _page(book, chapter, chapter.article).encode()
    yield from book.shelf.files()
    yield "_redirects", _redirects(book).encode()


def _chapters(knowledge_base: KnowledgeBase, articles: Sequence[Article]) -> list[Chapter]:
    """The tree of these articles; what lies between them and is not among them is a plain section."""
    root = Chapter("", knowledge_base.title)
    known = {"": root}
    names = dict(_titles(knowledge_base))
    for article in articles:
        address = _address(knowledge_base, article)
        parent = _section(known, names, address.rpartition("/")[0])
        chapter = Chapter(address, article.title, article, order=len(parent.below) + 1)
        parent.below.append(chapter)
        known[address] = chapter
    return root.below


def _section(known: dict[str, Chapter], names: dict[str, str], address: str) -> Chapter:
    if address not in known:
        parent = _section(known, names, address.rpartition("/")[0])
        known[address] = Chapter(address, names.get(address, address.rpartition("/")[2]), order=len(parent.below) + 1)
        parent.below.append(known[address])
    return known[address]


def _titles(knowledge_base: KnowledgeBase) -> Iterator[tuple[str, str]]:
    for page in knowledge_base.get_descendants():
        yield _address(knowledge_base, page), page.title


def _address(knowledge_base: KnowledgeBase, page: Any) -> str:
    return str(page.url_path.removeprefix(knowledge_base.url_path).strip("/"))


def _every(chapters: Iterable[Chapter]) -> Iterator[Chapter]:
    for chapter in chapters:
        yield chapter
        yield from _every(chapter.below)


def _contents(book: Book) -> str:
    """`myst.yml`."""
    project = {
        "title": book.knowledge_base.title,
        **({"description": book.knowledge_base.introduction} if book.knowledge_base.introduction else {}),
        "plugins": ["hubdesk.mjs"],
        "toc": [{"file": "index.md"}, *(_entry(chapter) for chapter in book.chapters)],
    }
    site = {"title": book.knowledge_base.title, "template": "book-theme", "options": {"folders": True}}
    return _yaml({"version": 1, "project": project, "site": site})


def _entry(chapter: Chapter) -> dict[str, Any]:
    entry: dict[str, Any] = {"file": chapter.path} if chapter.article else {"title": chapter.title}
    return {**entry, "children": [_entry(one) for one in chapter.below]} if chapter.below else entry


def _first_page(book: Book) -> str:
    facts = {"title": book.knowledge_base.title, "description": book.knowledge_base.introduction, "options": {"hubdesk": "home"}}
    links = [f"- [{chapter.title}]({chapter.path})" for chapter in book.chapters if chapter.article]
    return _with_facts(facts, "\n\n".join(part for part in (book.knowledge_base.introduction, "\n".join(links)) if part) + "\n")


def _page(book: Book, chapter: Chapter, article: Article) -> str:
    pieces = with_labels(article.body, chapter.address, book.targets.get(chapter.address, frozenset()))
    return _with_facts(_facts(book, chapter, article), body_as_markdown(pieces, _pointing(book, chapter)))


def _facts(book: Book, chapter: Chapter, article: Article) -> dict[str, Any]:
    """What MyST knows stands on top, what is ours under `options`, where MyST lets it be."""
    original, language = article.translation_of, _language(book.knowledge_base, chapter.address)
    is_translation = chapter.address.partition("/")[0] in dict(settings.LANGUAGES)
    review_by = getattr(article, "review_by", None)
    options = {
        "order": chapter.order,
        "audience": str(article.audience),
        "language": language,
        "translation_of": _address(book.knowledge_base, original) if original else is_translation and "nothing",
        "overrides": chapter.address if article.pk is None else "",  # only what stands in the place of a shared article has no page
        "review_by": review_by,
        "responsibilities": list(article.responsibilities),
    }
    return {"title": article.title, "description": article.summary, "options": {name: value for name, value in options.items() if value}}


def _language(knowledge_base: KnowledgeBase, address: str) -> str:
    code = address.partition("/")[0]
    return code if code in dict(settings.LANGUAGES) else str(knowledge_base.language)


def _with_facts(facts: dict[str, Any], text: str) -> str:
    said = {name: value for name, value in facts.items() if value}
    return f"---\n{_yaml(said)}---\n\n{text}"


def _yaml(value: Any) -> str:
    out = io.StringIO()
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.width = 1000
    yaml.dump(value, out)
    return out.getvalue()


def _pointing(book: Book, chapter: Chapter) -> Pointing:
    here = posixpath.dirname(chapter.path) or "."

    def relative(path: str) -> str:
        return posixpath.relpath(path, here)

    def article(address: str, anchor: str) -> str:
        target = book.by_address.get(address)
        if not address:
            return relative("index.md")
        if target is None or target.article is None:
            return f"{settings.SITE_URL}{_on_site(book, address)}{anchor}"
        label = f"#{label_of(address, anchor[1:])}" if anchor else ""
        return label if label and target is chapter else f"{relative(target.path)}{label}"

    def file(path: str | None, elsewhere: str) -> str:
        return relative(path) if path else f"{settings.SITE_URL}{elsewhere}"

    return Pointing(
        article=article,
        image=lambda key: file(book.shelf.image(key), reverse("knowledgebase:image", args=[key, "original"])),
        document=lambda key: file(book.shelf.document(key), reverse("knowledgebase:document", args=[key])),
        here=lambda anchor: f"#{label_of(chapter.address, anchor[1:])}",
        site=lambda path: f"{settings.SITE_URL}{path}",
    )


def _on_site(book: Book, address: str) -> str:
    return f"{book.knowledge_base.address_on_site()}{address}/"


def _note_targets(article: Article, here: str, targets: Targets) -> None:
    """Which places of which articles this one links to."""

    def note(address: str, anchor: str) -> str:
        if anchor:
            targets.setdefault(address, set()).add(anchor[1:])
        return address

    body_as_markdown(article.body, Pointing(article=note, image=str, document=str, here=lambda anchor: note(here, anchor)))


def _redirects(book: Book) -> str:
    """The addresses readers had on the site, and where each article is in the book; hosts of static sites read it."""
    home = book.knowledge_base.address_on_site()
    lines = [f"{home} / 301"]
    former = _former(book.knowledge_base)
    for address, chapter in book.by_address.items():
        if chapter.article is not None:
            lines += [f"{home}{old}/ /{address} 301" for old in (address, *former.get(chapter.article.pk, ()))]
    return "\n".join(lines) + "\n"


def _former(knowledge_base: KnowledgeBase) -> dict[int, list[str]]:
    """Where articles stood before, by article, where that is kept."""
    found: dict[int, list[str]] = {}
    rows = getattr(knowledge_base, "former_addresses", None)
    for article, address in rows.values_list("article", "address") if rows is not None else ():
        found.setdefault(article, []).append(address)
    return found
