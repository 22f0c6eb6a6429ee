"""Images and documents of articles: our own models from the first migration (docs/adr/0005)."""

from typing import Any

from django.db import models
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import AbstractImage, AbstractRendition, Image

from ground.references import new_reference


def opaque_name(_instance: models.Model, filename: str) -> str:
    """A path that says nothing of what the file is called or whose it is."""
    suffix = filename.rpartition(".")[2].lower() if "." in filename else "bin"
    return f"articles/{new_reference('f', groups=4).lower()}.{suffix[:8]}"


class ArticleImage(AbstractImage):
    """An image of an article."""

    admin_form_fields = (*Image.admin_form_fields, "description")

    def get_upload_to(self, filename: str) -> str:
        return opaque_name(self, filename)


class ArticleRendition(AbstractRendition):
    """An image at one size."""

    image = models.ForeignKey(ArticleImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)

    def get_upload_to(self, filename: str) -> str:
        return opaque_name(self, filename)


class ArticleDocument(AbstractDocument):
    """A file to download from an article."""

    admin_form_fields: Any = Document.admin_form_fields
