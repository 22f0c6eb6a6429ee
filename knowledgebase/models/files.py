"""Images and documents of articles: opaque names in the private store, served by our own view alone."""

import uuid
from pathlib import PurePosixPath

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition

READING_WIDTHS = ("width-800", "width-1600")  # what readers are served, made while publishing


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

    @property
    def url(self) -> str:
        return reverse("knowledgebase:document", args=[self.key])
