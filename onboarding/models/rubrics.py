"""Rubrics and their published versions: one frozen document each, which reviews point to."""

from functools import cached_property

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import Programme
from onboarding.rubric import RubricContent


class Rubric(models.Model):
    """A programme's rubric; what it says stands in its versions."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="rubrics")
    key = models.SlugField(max_length=60)

    class Meta:
        verbose_name = _("rubric")
        verbose_name_plural = _("rubrics")
        constraints = [models.UniqueConstraint(fields=["programme", "key"], name="rubric_once_a_programme")]

    def __str__(self) -> str:
        return self.key


class RubricVersionQuerySet(models.QuerySet["RubricVersion"]):
    """Words for rubric versions."""

    def current(self, programme: Programme | int) -> "RubricVersion":
        """The version new reviews of that programme are scored with."""
        return self.select_related("rubric").filter(rubric__programme=programme, is_current=True).latest("published_at")


class RubricVersion(models.Model):
    """A published rubric. The database refuses a change to its document (docs/adr/0013)."""

    rubric = models.ForeignKey(Rubric, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    sha256 = models.CharField(max_length=64)
    changelog = models.CharField(max_length=500, null=True, blank=True)  # noqa: DJ001  SQLite would rebuild the table and drop its triggers
    is_current = models.BooleanField(default=True)
    published_at = models.DateTimeField(auto_now_add=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = RubricVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("rubric version")
        verbose_name_plural = _("rubric versions")
        ordering = ["rubric", "number"]
        constraints = [
            models.UniqueConstraint(fields=["rubric", "number"], name="rubric_version_number"),
            models.UniqueConstraint(fields=["rubric"], condition=Q(is_current=True), name="one_current_rubric_version"),
        ]

    def __str__(self) -> str:
        return f"{self.rubric} {self.number}"

    @cached_property
    def content(self) -> RubricContent:
        return RubricContent(self.document)
