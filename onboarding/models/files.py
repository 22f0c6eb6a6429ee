"""Files that an applicant sends along: in the private store, each served by one view that asks who may have it."""

import uuid
from collections.abc import Sequence
from functools import partial
from pathlib import PurePosixPath
from typing import Self

from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ground.actors import Actor
from onboarding.models.applications import Application


def opaque_name(_file: "ApplicationFile", filename: str) -> str:
    """A name in the store that tells nothing but the kind of file."""
    return f"applications/{uuid.uuid4().hex}{PurePosixPath(filename).suffix.lower()[:10]}"


class ApplicationFileQuerySet(models.QuerySet["ApplicationFile"]):
    """Files by who may have them."""

    def visible_to(self, actor: Actor) -> Self:
        """Whoever reads the application has the files that were sent with it, and with those joined with it.

        The applicant has them by holding it (views.files).
        """
        read = Application.objects.visible_to(actor)
        return self.standing().filter(Q(application__in=read) | Q(application__duplicate_of__in=read), sent_at__isnull=False)

    def standing(self) -> Self:
        """Not taken out again."""
        return self.filter(removed_at=None)

    def forget(self) -> int:
        """Delete the rows, and after commit what they kept in the store; how many there were."""
        names = [name for name in self.values_list("file", flat=True) if name]
        rows, _by_model = self.delete()
        transaction.on_commit(partial(_clear, names))
        return rows


def _clear(names: Sequence[str]) -> None:
    for name in names:
        default_storage.delete(name)


class ApplicationFile(models.Model):
    """One file of one question. What reviewers read is what the answers name; `sent_at` says since when they may."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="files")
    field_key = models.CharField(max_length=100)
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=150)
    size = models.PositiveBigIntegerField(help_text=_("In bytes."))
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to=opaque_name)
    uploaded_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True, help_text=_("When it was sent with the answers."))
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = ApplicationFileQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "field_key", "sha256"], name="application_file_once", condition=Q(removed_at__isnull=True)
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="application_file_holds_something"),
        ]

    def __str__(self) -> str:
        return self.name
