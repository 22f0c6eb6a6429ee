"""Second pass: every file becomes a page, or updates the page it became before, and never one that somebody edited here."""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.images import ImageFile
from django.db import transaction
from wagtail.images.utils import get_allowed_image_extensions
from wagtail.models import Page
from wagtail.utils.file import hash_filelike

from ground.actors import Actor
from knowledgebase.blocks import BODY
from knowledgebase.importing.linking import OUTSIDE, Linker
from knowledgebase.importing.myst import split
from knowledgebase.importing.reading import Folder, SourceArticle, inside, read_folder
from knowledgebase.models import Article, ArticleImage, Audience, KnowledgeBase, LanguageShelf, Source


@dataclass
class Report:
    """What an import did; `kept` are pages that were edited or removed here and left so."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: int = 0
    problems: list[dict[str, str]] = field(default_factory=list)

    def note(self, path: str, *problems: str) -> None:
        self.problems += [{"file": path, "problem": problem} for problem in problems]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@transaction.atomic
def import_folder(root: Path, knowledge_base: KnowledgeBase, *, by: Actor, publish: bool = False) -> Report:
    """Bring that folder into the knowledge base. Raises `FolderProblem` when there is nothing to bring."""
    folder = read_folder(root)
    report = Report()
    for path, problem in folder.problems:
        report.note(path, problem)
    writer = Writer(folder=folder, knowledge_base=knowledge_base, by=by, publish=publish, report=report)
    for article in folder.articles:
        try:
            with transaction.atomic():
                writer.write(article)
        except ValidationError as error:
            report.note(article.path, *(str(message) for message in error.messages))
    return report


@dataclass
class Writer:
    """One import on its way into one knowledge base."""

    folder: Folder
    knowledge_base: KnowledgeBase
    by: Actor
    publish: bool
    report: Report
    places: dict[str, Page] = field(default_factory=dict)

    def write(self, source: SourceArticle) -> None:
        """Create, update or keep the page of one file."""
        problems: list[str] = []
        body = list(self._body(source, problems))
        self.report.note(source.path, *problems)
        digest = self._digest(source, body)
        known = Source.objects.filter(knowledge_base=self.knowledge_base, path=source.path).select_related("article").first()
        if known is None:
            self._create(source, body, digest)
        elif known.article is None or known.article.latest_revision_id != known.revision:
            self.report.kept += 1
        elif known.digest == digest:
            self.report.unchanged += 1
        else:
            self._update(known, source, body, digest)

    def _create(self, source: SourceArticle, body: list[dict[str, Any]], digest: str) -> None:
        above, _slash, slug = source.address.rpartition("/")
        parent = self._place(above)
        if parent.get_children().filter(slug=slug).exists():
            self.report.kept += 1
            self.report.note(source.path, f"the address {source.address} is taken by a page made here; that one is kept")
            return
        article = Article(slug=slug, live=False, owner=self.by.user, **self._fields(source, body))
        parent.add_child(instance=article)
        self.places[source.address] = article
        row = Source(knowledge_base=self.knowledge_base, path=source.path, article=article)
        self._save(row, article, digest)
        self.report.created += 1

    def _update(self, row: Source, source: SourceArticle, body: list[dict[str, Any]], digest: str) -> None:
        article = row.article
        if article is None:
            return
        for name, value in self._fields(source, body).items():
            setattr(article, name, value)
        self._save(row, article, digest)
        self.report.updated += 1

    def _save(self, row: Source, article: Article, digest: str) -> None:
        revision = article.save_revision(user=self.by.user, log_action=True)
        if self.publish:
            revision.publish(user=self.by.user, skip_permission_checks=True)
        row.digest, row.revision = digest, revision.pk
        row.save()

    def _fields(self, source: SourceArticle, body: list[dict[str, Any]]) -> dict[str, Any]:
        audience = source.facts.get("audience")
        usual = Audience.PUBLIC if self.knowledge_base.is_shared else Audience.MEMBERS
        return {
            "title": source.title[:255],
            "summary": str(source.facts.get("summary") or source.facts.get("description") or "")[:400],
            "audience": audience if audience in Audience.values else usual,
            "body": BODY.to_python(body),
            "translation_of": self._original(source.address),
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

    def _section(self, parent: Page, slug: str, *, at_top: bool) -> Page:
        language = dict(settings.LANGUAGES).get(slug) if at_top else None
        if language:
            page: Page = LanguageShelf(title=str(language), slug=slug)
        else:
            audience = Audience.PUBLIC if self.knowledge_base.is_shared else Audience.MEMBERS
            page = Article(title=slug.replace("-", " ").capitalize(), slug=slug, audience=audience, live=False)
        parent.add_child(instance=page)
        if self.publish and not language:
            page.save_revision(user=self.by.user).publish(user=self.by.user, skip_permission_checks=True)
        return page

    def _original(self, address: str) -> Article | None:
        """What a file of a language's folder translates: the file of the same path outside it."""
        code, _slash, rest = address.partition("/")
        if code not in dict(settings.LANGUAGES) or not rest:
            return None
        source = (
            Source.objects.filter(knowledge_base=self.knowledge_base, path__in=[f"{rest}.md", f"{rest}/index.md"])
            .select_related("article")
            .first()
        )
        return source.article if source else None

    def _body(self, source: SourceArticle, problems: list[str]) -> Iterator[dict[str, Any]]:
        linker = Linker(folder=self.folder, article=source, image_url=lambda target: self._image_url(source, target), problems=problems)
        splitter = split(source.text)
        problems += splitter.problems
        for block in splitter.blocks:
            if block["type"] == "figure":
                yield from self._figure(source, block, problems)
            else:
                yield {"type": block["type"], "value": _each_text(block["value"], block["type"], linker)}

    def _figure(self, source: SourceArticle, block: dict[str, Any], problems: list[str]) -> Iterator[dict[str, Any]]:
        image = None if OUTSIDE.match(block["source"]) else self._image(source, block["source"])
        if image is None:
            problems.append(f"an image that could not be brought in: {block['source']}")
            return
        yield {"type": "figure", "value": {"image": image.pk, **block["value"]}}

    def _image_url(self, source: SourceArticle, target: str) -> str | None:
        image = self._image(source, target)
        return f"/files/images/{image.key}/width-800/" if image else None

    def _image(self, source: SourceArticle, target: str) -> ArticleImage | None:
        """The image of that path, brought into the knowledge base's files once; None for what is no image we take."""
        here = source.path.rpartition("/")[0] or "."
        path = (self.folder.root / inside(here, target)).resolve()
        inside_folder = path.is_relative_to(self.folder.root.resolve())
        if not inside_folder or not path.is_file() or path.suffix.lower().lstrip(".") not in get_allowed_image_extensions():
            return None
        with path.open("rb") as opened:
            file_hash = hash_filelike(opened)
            existing = ArticleImage.objects.filter(collection=self.knowledge_base.collection, file_hash=file_hash).first()
            if existing:
                return existing
            image = ArticleImage(title=path.stem[:255], collection=self.knowledge_base.collection, uploaded_by_user=self.by.user)
            image.file = ImageFile(opened, name=path.name)
            image._set_image_file_metadata()  # Wagtail's own door for files that come from no form
            image.save()
        return image

    def _digest(self, source: SourceArticle, body: list[dict[str, Any]]) -> str:
        return hashlib.sha256(repr((source.title, sorted(source.facts.items(), key=str), body)).encode()).hexdigest()


def _each_text(value: Any, kind: str, linker: Linker) -> Any:
    """The value with links resolved in whatever is Markdown in it."""
    match kind:
        case "text":
            return linker.resolve(value)
        case "callout":
            return {**value, "text": linker.resolve(value["text"])}
        case "steps":
            steps = [{"title": linker.resolve(step["title"]), "text": linker.resolve(step["text"])} for step in value["steps"]]
            return {"steps": steps}
    return value
