"""Images and documents of articles: opaque names in the private store, served by our own view alone."""

import uuid
from collections.abc import Mapping
from pathlib import PurePosixPath

import filetype
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition

READING_WIDTHS = ("width-800", "width-1600")  # what readers are served, made while publishing

HEAD = 8192  # octets that are looked at
ZIPPED = frozenset({"application/zip"})
RECOGNISED: Mapping[str, frozenset[str]] = {  # what the first octets of such a file are; every other kind we take is text
    "pdf": frozenset({"application/pdf"}),
    "gz": frozenset({"application/gzip"}),
    "tar": frozenset({"application/x-tar"}),
    "zip": ZIPPED,
    "docx": frozenset({*ZIPPED, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}),
    "xlsx": frozenset({*ZIPPED, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}),
    "pptx": frozenset({*ZIPPED, "application/vnd.openxmlformats-officedocument.presentationml.presentation"}),
    "odt": frozenset({*ZIPPED, "application/vnd.oasis.opendocument.text"}),
    "ods": frozenset({*ZIPPED, "application/vnd.oasis.opendocument.spreadsheet"}),
    "odp": frozenset({*ZIPPED, "application/vnd.oasis.opendocument.presentation"}),
    "mp4": frozenset({"video/mp4", "video/x-m4v", "video/quicktime"}),
    "webm": frozenset({"video/webm", "video/x-matroska"}),
}
FILMS: Mapping[str, str] = {"mp4": "video/mp4", "webm": "video/webm"}
CAPTIONS: Mapping[str, str] = {"vtt": "text/vtt"}


def is_what_it_says(extension: str, head: bytes) -> bool:
    """Whether a file of that name begins as such files do."""
    if extension in CAPTIONS:
        return head.removeprefix(b"\xef\xbb\xbf").startswith(b"WEBVTT")
    seen = filetype.guess_mime(head)
    return seen in RECOGNISED[extension] if extension in RECOGNISED else seen is None and b"\x00" not in head


def opaque_name(folder: str, filename: str) -> str:
    """A name that tells nothing, with the extension that tells the kind of file."""
    return f"{folder}/{uuid.uuid4().hex}{PurePosixPath(filename).suffix.lower()[:10]}"


def document_name(_document: "ArticleDocument", filename: str) -> str:
    return opaque_name("documents", filename)


class ArticleImage(AbstractImage):
    """An image of one knowledge base's collection."""

    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)

    admin_form_fields = (
        "title",
        "file",
        "description",
        "collection",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )

    def get_upload_to(self, filename: str) -> str:
        return opaque_name("images", filename)

    @property
    def url(self) -> str:
        return reverse("knowledgebase:image", args=[self.key, "original"])


class ArticleRendition(AbstractRendition):
    """An image at one size."""

    image = models.ForeignKey(ArticleImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="one_rendition_per_size")]

    def __str__(self) -> str:
        return f"{self.image} ({self.filter_spec})"

    def get_upload_to(self, filename: str) -> str:
        return opaque_name("renditions", filename)

    @property
    def url(self) -> str:
        return reverse("knowledgebase:image", args=[self.image.key, self.filter_spec])


class ArticleDocument(AbstractDocument):
    """A file to download, of one knowledge base's collection."""

    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    file = models.FileField(_("file"), upload_to=document_name)

    admin_form_fields = ("title", "file", "collection")

    def clean(self) -> None:
        super().clean()
        if not self.file or self.file._committed:  # type: ignore[attr-defined]  # Django's own mark of what is kept already
            return
        self.file.seek(0)
        head = self.file.read(HEAD)
        self.file.seek(0)
        if not is_what_it_says(self.file_extension, head):
            words = gettext("This is no file of the kind its name says (%(kind)s). Save it as that kind, or give it the name of its kind.")
            raise ValidationError({"file": words % {"kind": self.file_extension}})

    @property
    def url(self) -> str:
        return reverse("knowledgebase:document", args=[self.key])

    @property
    def shown_as(self) -> str:
        """The type of what plays inside a page; empty for what is saved."""
        return FILMS.get(self.file_extension) or CAPTIONS.get(self.file_extension, "")
