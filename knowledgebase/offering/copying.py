"""An article of a community as a draft on the shared shelf, with files of its own."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.blocks import ListBlock, StreamBlock, StructBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtail.models import Page

from ground.actors import Actor
from knowledgebase.blocks import BODY
from knowledgebase.models import Article, ArticleDocument, ArticleImage, Audience, KnowledgeBase, LanguageShelf

FILE = re.compile(r"/files/(images|documents)/([0-9a-f-]{36})/")


def copy(article: Article, *, source: KnowledgeBase, language: str, by: Actor) -> Article:
    """The published text as a draft in the shared tree, saying who wrote it first."""
    shared = KnowledgeBase.objects.get(community=None)
    files = Files(source, shared)
    body = files.moved(BODY, article.body.get_prep_value())
    draft = Article(
        title=article.title,
        summary=article.summary,
        audience=Audience.MEMBERS,
        responsibilities=article.responsibilities,
        body=BODY.to_python([*body, _credit(source, language)]),
        live=False,
        owner=by.user,
    )
    _shelf(shared, language).add_child(instance=draft)
    draft.save_revision(user=by.user)
    return draft


def _credit(source: KnowledgeBase, language: str) -> dict[str, str]:
    with translation.override(language):
        words = _("First written by %(community)s.") % {"community": _plain(str(source.community))}
    return {"type": "text", "value": f"*{words}*"}


def _plain(words: str) -> str:
    """Words that Markdown leaves alone."""
    return re.sub(r"([\\`*_{}\[\]<>#+!|~])", r"\\\1", words)


def _shelf(shared: KnowledgeBase, language: str) -> Page:
    if language == shared.language:
        return shared
    found = LanguageShelf.objects.child_of(shared).filter(slug=language).first()
    return found or shared.add_child(instance=LanguageShelf(title=dict(settings.LANGUAGES)[language], slug=language))


@dataclass
class Files:
    """The files of one article on their way: those of its community are copied, shared ones stay, anybody else's are left out."""

    source: KnowledgeBase
    shared: KnowledgeBase
    copies: dict[tuple[type, int], Any] = field(default_factory=dict)

    def moved(self, block: Any, value: Any) -> Any:
        """The plain data of a block with the files of the shared shelf in it."""
        match block:
            case ImageChooserBlock():
                return self._key(ArticleImage, value)
            case DocumentChooserBlock():
                return self._key(ArticleDocument, value)
            case StreamBlock():
                return [{"type": one["type"], "value": self.moved(block.child_blocks[one["type"]], one["value"])} for one in value]
            case StructBlock():
                return {name: self.moved(child, value.get(name)) for name, child in block.child_blocks.items() if name in value}
            case ListBlock():
                return [self.moved(block.child_block, one["value"] if _is_item(one) else one) for one in value]
        return FILE.sub(self._address, value) if isinstance(value, str) else value

    def _key(self, model: type, pk: int | None) -> int | None:
        file = model.objects.filter(pk=pk).first() if pk else None  # type: ignore[attr-defined]
        copy = self._copy(file) if file else None
        return copy.pk if copy else None

    def _address(self, found: "re.Match[str]") -> str:
        model: Any = ArticleImage if found[1] == "images" else ArticleDocument
        file = model.objects.filter(key=found[2]).first()
        copy = self._copy(file) if file else None
        return f"/files/{found[1]}/{copy.key}/" if copy else found[0]  # one that is not theirs stays closed to its readers

    def _copy(self, file: Any) -> Any:
        if file.collection_id == self.shared.collection_id:
            return file
        if file.collection_id != self.source.collection_id:
            return None
        known = (type(file), file.pk)
        if known not in self.copies:
            self.copies[known] = COPIERS[type(file)](file, self.shared)
        return self.copies[known]


def _is_item(value: Any) -> bool:
    return isinstance(value, dict) and value.get("type") == "item"


def _image(image: ArticleImage, shared: KnowledgeBase) -> ArticleImage:
    copy = ArticleImage(title=image.title, description=image.description, collection=shared.collection, **_focus(image))
    copy.file = _content(image)
    copy._set_image_file_metadata()  # Wagtail's own door for files that come from no form
    copy.save()
    return copy


def _focus(image: ArticleImage) -> dict[str, int | None]:
    names = ("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height")
    return {name: getattr(image, name) for name in names}


def _document(document: ArticleDocument, shared: KnowledgeBase) -> ArticleDocument:
    copy = ArticleDocument(title=document.title, collection=shared.collection)
    copy.file = _content(document)
    copy._set_document_file_metadata()
    copy.save()
    return copy


def _content(file: Any) -> ContentFile[bytes]:
    with file.file.open("rb") as opened:
        return ContentFile(opened.read(), name=file.filename)


COPIERS: dict[type, Callable[[Any, KnowledgeBase], Any]] = {ArticleImage: _image, ArticleDocument: _document}
