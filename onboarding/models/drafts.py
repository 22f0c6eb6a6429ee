"""What an operator edits: one draft a form, a rubric and a plan, with history, preview and lock. Published versions are compiled from it."""

from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import StreamBlock
from wagtail.fields import StreamField
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, Revision, RevisionMixin

from communities.models import Programme
from onboarding.blocks.forms import FORM, form_schema
from onboarding.blocks.plans import PLAN, plan_document
from onboarding.blocks.rubrics import RUBRIC, rubric_document
from onboarding.models.forms import FormDefinition
from onboarding.models.rubrics import Rubric

LANGUAGES = [("en", _("English")), ("es", _("Spanish")), ("pt", _("Portuguese")), ("fr", _("French"))]


class BlocksField(StreamField):
    """A stream of blocks; which blocks there are is code, not schema, so migrations do not repeat them."""

    def __init__(self, blocks: StreamBlock | list[Any], **options: Any) -> None:
        super().__init__(blocks, **options)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, _args, options = super().deconstruct()
        options.pop("block_lookup", None)
        return name, path, [[]], options


class Draft(PreviewableMixin, LockableMixin, DraftStateMixin, RevisionMixin, models.Model):
    """What the three have in common; `document` is what publishing would freeze."""

    changelog = models.CharField(
        _("what changes"), max_length=500, blank=True, help_text=_("A sentence for the list of versions. It is empty again once published.")
    )

    class Meta:
        abstract = True

    @property
    def revisions(self) -> models.QuerySet[Revision]:
        """Every save; Wagtail asks for it by this name."""
        return self._revisions.all()

    @property
    def document(self) -> dict[str, Any]:
        raise NotImplementedError

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        """One language each."""
        return list(LANGUAGES)

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:  # noqa: ARG002  Wagtail's signature
        return f"onboarding/editing/{self._meta.model_name}_preview.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        return {"request": request, "document": self.document, "language": mode_name}


class FormDraft(Draft):
    """The next version of a form, as far as it is written."""

    definition = models.OneToOneField(FormDefinition, on_delete=models.PROTECT, related_name="draft", editable=False)
    body = BlocksField(FORM, blank=True, verbose_name=_("pages and questions"))
    _revisions = GenericRelation("wagtailcore.Revision", related_query_name="form_draft")

    class Meta:
        verbose_name = _("form")
        verbose_name_plural = _("forms")

    def __str__(self) -> str:
        return str(self.definition)

    @property
    def document(self) -> dict[str, Any]:
        return form_schema(self.body, key=self.definition.key)


class RubricDraft(Draft):
    """The next version of a rubric, as far as it is written."""

    rubric = models.OneToOneField(Rubric, on_delete=models.PROTECT, related_name="draft", editable=False)
    body = BlocksField(RUBRIC, blank=True, verbose_name=_("criteria, gates and rules"))
    _revisions = GenericRelation("wagtailcore.Revision", related_query_name="rubric_draft")

    class Meta:
        verbose_name = _("rubric")
        verbose_name_plural = _("rubrics")

    def __str__(self) -> str:
        return str(self.rubric)

    @property
    def document(self) -> dict[str, Any]:
        return rubric_document(self.body, key=self.rubric.key)


class PlanDraft(Draft):
    """The next version of a programme's onboarding plan, as far as it is written."""

    programme = models.OneToOneField(Programme, on_delete=models.PROTECT, related_name="plan_draft", editable=False)
    body = BlocksField(PLAN, blank=True, verbose_name=_("phases and their items"))
    _revisions = GenericRelation("wagtailcore.Revision", related_query_name="plan_draft")

    class Meta:
        verbose_name = _("onboarding plan")
        verbose_name_plural = _("onboarding plans")

    def __str__(self) -> str:
        return str(self.programme)

    @property
    def document(self) -> dict[str, Any]:
        return plan_document(self.body)
