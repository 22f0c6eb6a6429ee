"""Images and documents of an imported folder: each is brought into the knowledge base's collection once."""

from dataclasses import dataclass, field
from pathlib import Path

from django.core.files import File
from django.core.files.images import ImageFile
from PIL.Image import DecompressionBombError
from wagtail.images.utils import get_allowed_image_extensions
from wagtail.utils.file import hash_filelike

from ground.actors import Actor
from knowledgebase.importing.paths import inside
from knowledgebase.importing.reading import SourceArticle
from knowledgebase.models import ArticleDocument, ArticleImage, KnowledgeBase

DOCUMENTS = frozenset(
    {
        *("pdf", "csv", "tsv", "txt", "json", "geojson", "yml", "yaml", "toml", "xml", "bib", "vtt", "srt", "mp4", "webm", "mp3"),
        *(
            "zip",
            "gz",
            "tar",
            "ipynb",
            "py",
            "r",
            "jl",
            "sh",
            "doc",
            "docx",
            "xls",
            "xlsx",
            "ppt",
            "pptx",
            "odt",
            "ods",
            "odp",
            "nc",
            "tif",
        ),
    }
)
LARGEST = 50 * 2**20


@dataclass
class FolderShelf:
    """The files of one folder on their way into one knowledge base; `saved` are those this import wrote."""

    root: Path
    knowledge_base: KnowledgeBase
    by: Actor
    saved: list[ArticleImage | ArticleDocument] = field(default_factory=list)
    images: dict[Path, ArticleImage | None] = field(default_factory=dict)
    documents: dict[Path, ArticleDocument | None] = field(default_factory=dict)

    def image(self, source: SourceArticle, target: str) -> str | None:
        """The address of the image of that path, for inside a text."""
        image = self.image_of(source, target)
        return f"/files/images/{image.key}/width-800/" if image else None

    def document(self, source: SourceArticle, target: str) -> str | None:
        document = self.document_of(source, target)
        return f"/files/documents/{document.key}/" if document else None

    def image_of(self, source: SourceArticle, target: str) -> ArticleImage | None:
        """The image of that path; None for what is no image we take."""
        path = self._path(source, target)
        if path is None or path.suffix.lower().lstrip(".") not in get_allowed_image_extensions():
            return None
        if path not in self.images:
            self.images[path] = self._bring_image(path)
        return self.images[path]

    def document_of(self, source: SourceArticle, target: str) -> ArticleDocument | None:
        """The document of that path; None for what we do not offer."""
        path = self._path(source, target)
        if path is None or path.suffix.lower().lstrip(".") not in DOCUMENTS or path.stat().st_size > LARGEST:
            return None
        if path not in self.documents:
            self.documents[path] = self._bring_document(path)
        return self.documents[path]

    def forget(self) -> None:
        """Take back the files that were written: nothing refers to them."""
        for row in self.saved:
            row.file.storage.delete(str(row.file.name))

    def _path(self, source: SourceArticle, target: str) -> Path | None:
        """That file, if it lies in the folder."""
        here = source.path.rpartition("/")[0] or "."
        path = (self.root / inside(here, target.partition("#")[0])).resolve()
        return path if path.is_relative_to(self.root.resolve()) and path.is_file() else None

    def _bring_image(self, path: Path) -> ArticleImage | None:
        with path.open("rb") as opened:
            file_hash = hash_filelike(opened)
            existing = ArticleImage.objects.filter(collection=self.knowledge_base.collection, file_hash=file_hash).first()
            if existing:
                return existing
            image = ArticleImage(title=path.stem[:255], collection=self.knowledge_base.collection, uploaded_by_user=self.by.user)
            image.file = ImageFile(opened, name=path.name)
            if not _is_readable(image):
                return None
            image._set_image_file_metadata()  # Wagtail's own door for files that come from no form
            image.save()
        self.saved.append(image)
        return image

    def _bring_document(self, path: Path) -> ArticleDocument:
        with path.open("rb") as opened:
            file_hash = hash_filelike(opened)
            existing = ArticleDocument.objects.filter(collection=self.knowledge_base.collection, file_hash=file_hash).first()
            if existing:
                return existing
            document = ArticleDocument(title=path.stem[:255], collection=self.knowledge_base.collection, uploaded_by_user=self.by.user)
            document.file = File(opened, name=path.name)
            document._set_document_file_metadata()  # the same for documents
            document.save()
        self.saved.append(document)
        return document


def _is_readable(image: ArticleImage) -> bool:
    """Whether it is an image and not only named like one."""
    try:
        return bool(image.file.width and image.file.height)
    except (OSError, ValueError, DecompressionBombError):
        return False
