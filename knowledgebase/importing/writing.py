"""Second pass: every file becomes a page, or updates the page it became before, and never one that somebody edited here."""

import functools
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from communities.blocks import KEY
from ground.actors import Actor
from knowledgebase import placeholders, redirecting
from knowledgebase.blocks import BODY, each_text
from knowledgebase.importing.files import FolderShelf
from knowledgebase.importing.linking import Linker
from knowledgebase.importing.paths import address_of
from knowledgebase.importing.pieces import Block, Problem
from knowledgebase.importing.reading import HOME, Folder, SourceArticle, name_places, read_folder
from knowledgebase.importing.redirects import redirects_in
from knowledgebase.importing.reporting import Report
from knowledgebase.models import Article, Audience, FormerAddress, KnowledgeBase, LanguageShelf, Source

HALF = 32  # letters of a digest

LONGEST_KEY = 60  # letters, as in the matrix


def import_folder(root: Path, knowledge_base: KnowledgeBase, *, by: Actor, publish: bool = False) -> Report:
    """Bring that folder into the knowledge base. Raises `FolderProblem` when there is nothing to bring."""
    shelf = FolderShelf(root, knowledge_base, by)
    try:
        with transaction.atomic():
            return _write(root, knowledge_base, shelf, by=by, publish=publish)
    except BaseException:
        shelf.forget()
        raise


def rehearse(root: Path, knowledge_base: KnowledgeBase, *, by: Actor) -> Report:
    """What bringing it would do; nothing is kept."""
    shelf = FolderShelf(root, knowledge_base, by)
    try:
        with transaction.atomic():
            report = _write(root, knowledge_base, shelf, by=by, publish=False)
            transaction.set_rollback(True)
    finally:
        shelf.forget()
    return report


def _write(root: Path, knowledge_base: KnowledgeBase, shelf: FolderShelf, *, by: Actor, publish: bool) -> Report:
    folder, report = read_folder(root), Report()
    for path, problem in folder.problems:
        report.note(path, [problem])
    writer = Writer(folder=folder, knowledge_base=knowledge_base, shelf=shelf, by=by, publish=publish, report=report)
    writer.find_sources()
    name_places(folder)
    for article in folder.articles:
        writer.write(article)
    writer.keep_redirects()
    writer.flag_removed()
    return report


@dataclass
class Writer:
    """One import on its way into one knowledge base."""

    folder: Folder
    knowledge_base: KnowledgeBase
    shelf: FolderShelf
    by: Actor
    publish: bool
    report: Report
    sources: dict[str, Source] = field(default_factory=dict)  # by the path of today
    gone: list[Source] = field(default_factory=list)
    places: dict[str, Page] = field(default_factory=dict)
    taken: dict[int, set[str]] = field(default_factory=dict)  # slugs below a page

    @property
    def origin(self) -> str:
        return self.folder.root.resolve().name[:100]

    def find_sources(self) -> None:
        """Match files with the articles they became: by their path, and a file at a new path by what it says."""
        rows = Source.objects.filter(knowledge_base=self.knowledge_base).select_related("article").defer("article__body")
        known = {row.path: row for row in rows}
        paths = {article.path for article in self.folder.articles} | {path for path, _problem in self.folder.problems}
        left = [row for path, row in known.items() if path not in paths and row.origin == self.origin]
        for article in self.folder.articles:
            row = known.get(article.path) or next((one for one in left if one.digest[:HALF] == _digest(article.raw)), None)
            if row is None:
                continue
            left = [one for one in left if one.pk != row.pk]
            self.sources[article.path] = row
            if row.article and (row.path == article.path or not self._follows(row)):
                self.folder.moved[article.address] = self._address(row.article)
        self.gone = left

    def write(self, source: SourceArticle) -> None:
        """Bring in what one file shows, then let it become a page; one that cannot be is told, and the rest comes."""
        if source.address == HOME:
            self._greet(source)
            return
        problems: list[Problem] = []
        body = list(self._body(source, problems))
        problems += [Problem(1, f"not the key of a row: {named}") for named in _rows_named(source) if not _is_row_key(named)]
        if placeholders.named(f"{source.title} {_summary(source)}"):
            problems.append(Problem(1, "a fact in a title or summary is shown as it was typed"))
        self.report.note(source.path, sorted(problems, key=lambda problem: problem.line))
        try:
            with transaction.atomic():
                self._settle(source, body, self._digest(source, body))
        except ValidationError as error:
            self.report.note(source.path, [Problem(1, str(message)) for message in error.messages])

    def _settle(self, source: SourceArticle, body: list[dict[str, Any]], digest: str) -> None:
        """Create, update, move or keep its page."""
        known = self.sources.get(source.path)
        if known is None:
            self._create(source, body, digest)
        elif known.article is None or self._is_edited(known):
            self._keep(known, source)
        elif known.path != source.path:
            self._move(known, known.article, source, body, digest)
        elif known.digest != digest or self._is_to_appear(known.article):
            self._update(known, known.article, source, body, digest)
        else:
            self._leave(known)

    def keep_redirects(self) -> None:
        """Where articles of the folder were found before they are found here, unless another article was."""
        meant = [(one, self.folder.at(one.path) if one.is_carried else None) for one in redirects_in(self.folder.root) if one.old]
        for redirect, found in meant:
            if found is None:
                self.report.note(redirect.file, [Problem(redirect.line, f"a redirect that could not be carried over: {redirect.said}")])
        rows = Source.objects.filter(knowledge_base=self.knowledge_base, path__in={found.path for _one, found in meant if found})
        articles = {row.path: row.article for row in rows.select_related("article").defer("article__body")}
        known = set(FormerAddress.objects.filter(knowledge_base=self.knowledge_base).values_list("address", flat=True)) if meant else set()
        for redirect, found in meant:
            article = articles.get(found.path) if found else None
            if article and redirect.old not in known and redirect.old != self._address(article):
                redirecting.remember(self.knowledge_base, redirect.old, article)
                self.report.redirects += 1

    def flag_removed(self) -> None:
        """Articles whose file is gone stay; that it is gone is told and noted."""
        for row in self.gone:
            if row.article is not None:
                self.report.removed.append(row.path)
        Source.objects.filter(pk__in=[row.pk for row in self.gone], gone_at=None).update(gone_at=timezone.now())

    def _greet(self, source: SourceArticle) -> None:
        """The first page of an exported book holds the words on top of the knowledge base."""
        words = _summary(source)
        if words and not self.knowledge_base.introduction:
            self.knowledge_base.introduction = words
            self.knowledge_base.save(update_fields=["introduction"])

    def _create(self, source: SourceArticle, body: list[dict[str, Any]], digest: str) -> None:
        above, _slash, slug = source.address.rpartition("/")
        parent = self._place(above)
        if slug in self._slugs(parent):
            self.report.kept += 1
            self.report.note(source.path, [Problem(1, f"the address {source.address} is taken by a page made here; that one is kept")])
            return
        article = Article(slug=slug, live=False, owner=self.by.user, **self._fields(source, body))
        parent.add_child(instance=article)
        self._slugs(parent).add(slug)
        self.places[source.address] = article
        row = Source(knowledge_base=self.knowledge_base, path=source.path, article=article)
        self._save(row, article, digest)
        self.report.created += 1

    def _update(self, row: Source, article: Article, source: SourceArticle, body: list[dict[str, Any]], digest: str) -> None:
        for name, value in self._fields(source, body).items():
            setattr(article, name, value)
        if self._is_to_appear(article):
            self._show_sections(article)
        self._save(row, article, digest)
        self.report.updated += 1

    def _move(self, row: Source, article: Article, source: SourceArticle, body: list[dict[str, Any]], digest: str) -> None:
        """A renamed file takes its article along, unless somebody moved that here or the new address is taken."""
        before = self._address(article)
        above, _slash, slug = source.address.rpartition("/")
        parent = self._place(above)
        if self._follows(row) and before != source.address:
            if slug in self._slugs(parent):
                self._keep(row, source)
                self.report.note(source.path, [Problem(1, f"the address {source.address} is taken by a page made here; that one is kept")])
                return
            article = self._to(parent, slug, article)
            self.report.moved.append({"from": before, "to": source.address})
        row.path = source.path
        self._update(row, article, source, body, digest)

    def _to(self, parent: Page, slug: str, article: Article) -> Article:
        article.move(parent, pos="last-child", user=self.by.user)
        moved = Article.objects.get(pk=article.pk)
        moved.slug = slug
        moved.save()
        self.places.clear()  # what was read of the tree before is no longer so
        self.taken.clear()
        return Article.objects.get(pk=article.pk)

    def _keep(self, row: Source, source: SourceArticle) -> None:
        self.report.kept += 1
        if row.path != source.path:
            row.path = source.path
            row.save(update_fields=["path"])

    def _leave(self, row: Source) -> None:
        self.report.unchanged += 1
        if row.gone_at or row.origin != self.origin:
            row.gone_at, row.origin = None, self.origin
            row.save(update_fields=["gone_at", "origin"])

    def _save(self, row: Source, article: Article, digest: str) -> None:
        revision = article.save_revision(user=self.by.user, log_action=not self.publish)  # publishing writes its own line
        if self.publish:
            revision.publish(user=self.by.user, skip_permission_checks=True)
        row.digest, row.revision, row.origin, row.gone_at = digest, revision.pk, self.origin, None
        row.save()

    def _is_edited(self, row: Source) -> bool:
        """Taking an article back writes no revision, and is somebody's will all the same."""
        if row.article is None:
            return False
        taken_back = not row.article.live and row.article.first_published_at is not None
        return taken_back or row.article.latest_revision_id != row.revision

    def _follows(self, row: Source) -> bool:
        """Whether its article still stands where its file said, untouched."""
        return row.article is not None and not self._is_edited(row) and self._address(row.article) == address_of(row.path)

    def _address(self, article: Page | None) -> str:
        return article.url_path.removeprefix(self.knowledge_base.url_path).strip("/") if article else ""

    def _fields(self, source: SourceArticle, body: list[dict[str, Any]]) -> dict[str, Any]:
        said = source.facts
        usual = Audience.PUBLIC if self.knowledge_base.is_shared else Audience.MEMBERS
        explained = _rows_named(source)
        return {
            "title": source.title[:255],
            "summary": _summary(source)[:400],
            "audience": said["audience"] if said.get("audience") in Audience.values else usual,
            "body": BODY.to_python(body),
            "translation_of": self._original(source),
            **({"responsibilities": [named for named in explained if _is_row_key(named)]} if explained else {}),
            **_dates(said),
        }

    def _place(self, address: str) -> Page:
        """The page of that address, made as a plain section where a folder has no index."""
        if not address:
            return self.knowledge_base
        if address not in self.places:
            above, _slash, slug = address.rpartition("/")
            parent = self._place(above)
            found = parent.get_children().filter(slug=slug).first()
            self.places[address] = found.specific if found else self._section(parent, slug, at_top=not above)
        return self.places[address]

    def _is_to_appear(self, article: Article) -> bool:
        """It came as a draft, and is to be published now."""
        return self.publish and not article.live

    def _show_sections(self, article: Article) -> None:
        """The plain sections above it that came as drafts with it, and that nobody touched since."""
        above = article.get_ancestors().filter(depth__gt=self.knowledge_base.depth, live=False, latest_revision=None)
        for section in above.specific():
            section.save_revision(user=self.by.user).publish(user=self.by.user, skip_permission_checks=True)

    def _slugs(self, parent: Page) -> set[str]:
        if parent.pk not in self.taken:
            self.taken[parent.pk] = set(parent.get_children().values_list("slug", flat=True))
        return self.taken[parent.pk]

    def _section(self, parent: Page, slug: str, *, at_top: bool) -> Page:
        language = dict(settings.LANGUAGES).get(slug) if at_top else None
        if language:
            page: Page = LanguageShelf(title=str(language), slug=slug)
        else:
            audience = Audience.PUBLIC if self.knowledge_base.is_shared else Audience.MEMBERS
            page = Article(title=slug.replace("-", " ").capitalize(), slug=slug, audience=audience, live=False)
        parent.add_child(instance=page)
        self._slugs(parent).add(slug)
        if self.publish and not language:
            page.save_revision(user=self.by.user).publish(user=self.by.user, skip_permission_checks=True)
        return page

    def _original(self, source: SourceArticle) -> Article | None:
        """What a file of a language's folder translates: what it says, or the file of the same path outside it."""
        code, _slash, rest = source.address.partition("/")
        if code not in dict(settings.LANGUAGES) or not rest:
            return None
        said = str(source.facts.get("translation_of") or rest).strip("/")
        if said == "nothing":
            return None
        found = self.folder.at(said)
        row = self.sources.get(found.path) if found else None
        if row is not None and row.article is not None:
            return row.article
        paths = [f"{rest}.md", f"{rest}/index.md", *([found.path] if found else [])]
        written = Source.objects.filter(knowledge_base=self.knowledge_base, path__in=paths).select_related("article").first()
        return written.article if written else None

    def _body(self, source: SourceArticle, problems: list[Problem]) -> Iterator[dict[str, Any]]:
        linker = Linker(folder=self.folder, article=source, shelf=self.shelf, problems=problems)
        for block in source.blocks:
            value = each_text(block.kind, block.value, functools.partial(linker.resolve, lines=block.lines))
            if block.files:
                value = self._with_files(source, block, value, problems)
            if value:
                yield {"type": block.kind, "value": value}

    def _with_files(self, source: SourceArticle, block: Block, value: Any, problems: list[Problem]) -> Any:
        """The value with its files brought in; None, and told, when one that it needs cannot be."""
        for name, path in block.files.items():
            row = self.shelf.image_of(source, path) if name == "image" else self.shelf.document_of(source, path)
            if row is None:
                what = "an image" if name == "image" else "a file"
                problems.append(Problem(block.lines[0], f"{what} that could not be brought in: {path}"))
                if name != "captions":
                    return None
            value = {**value, name: row.pk if row else None}
        if block.kind == "figure" and not value["alt"]:
            problems.append(Problem(block.lines[0], f"an image without a description: {block.files['image']}"))
        return value

    def _digest(self, source: SourceArticle, body: list[dict[str, Any]]) -> str:
        return _digest(source.raw) + _digest(repr((source.title, sorted(source.facts.items(), key=str), body)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:HALF]


def _summary(source: SourceArticle) -> str:
    return str(source.facts.get("summary") or source.facts.get("description") or "").strip()


def _rows_named(source: SourceArticle) -> list[Any]:
    """What the front matter lists under `explains`: keys of rows of the responsibility matrix."""
    named = source.facts.get("explains") or source.facts.get("responsibilities") or []
    return named if isinstance(named, list) else [named]


def _is_row_key(named: Any) -> bool:
    return isinstance(named, str) and len(named) <= LONGEST_KEY and bool(re.match(KEY, named))


def _dates(said: Any) -> dict[str, date]:
    """When it should be looked at again."""
    return {"review_by": said["review_by"]} if isinstance(said.get("review_by"), date) else {}
