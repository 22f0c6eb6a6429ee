"""The template of responsibility matrices: one draft a programme, and the versions published from it, which never change."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import RevisionMixin

from communities.blocks import AREAS
from communities.models.communities import Programme
from communities.models.people import User


class MatrixTemplateVersion(models.Model):
    """One published version of the default matrix: `areas` holds areas with rows, texts by language. The database refuses a change."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="matrix_templates")
    number = models.PositiveIntegerField()
    areas = models.JSONField()
    sha256 = models.CharField(max_length=64)
    is_current = models.BooleanField(default=True)
    published_at = models.DateTimeField(auto_now_add=True)
    published_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    FROZEN = ("programme_id", "number", "areas", "sha256")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="matrix_template_number"),
            models.UniqueConstraint(fields=["programme"], condition=Q(is_current=True), name="one_current_matrix_template"),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.number}"


class AreasField(StreamField):
    """The stream of areas; which blocks there are is code, not schema, so migrations do not repeat them."""

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, _args, options = super().deconstruct()
        options.pop("block_lookup", None)
        return name, path, [[]], options


class MatrixTemplate(RevisionMixin, models.Model):
    """What an operator edits; nobody's matrix moves until it is published."""

    programme = models.OneToOneField(Programme, on_delete=models.PROTECT, related_name="matrix_template", editable=False)
    areas = AreasField(AREAS, blank=True, verbose_name=_("areas"))

    panels: ClassVar[list[Any]] = [FieldPanel("areas")]

    class Meta:
        verbose_name = _("template of responsibilities")
        verbose_name_plural = _("templates of responsibilities")

    def __str__(self) -> str:
        return str(self.programme)
