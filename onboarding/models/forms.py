"""Forms as data: a definition, and its published versions, which never change."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communities.models import Programme, User
from onboarding.questions.shape import Form


class FormDefinition(models.Model):
    """A form by its key; what it asks stands in its versions."""

    key = models.SlugField(max_length=40, unique=True)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="forms")
    is_public = models.BooleanField(_("anybody may fill it in"), default=False)

    def __str__(self) -> str:
        return self.key


class FormVersionQuerySet(models.QuerySet["FormVersion"]):
    """Versions by whether they are the one to fill in."""

    def current(self) -> Self:
        return self.filter(is_current=True)

    def public(self) -> Self:
        return self.current().filter(definition__is_public=True)

    def titled(self) -> Self:
        """With `title` in every language, and without the questions."""
        return self.select_related("definition").defer("schema").annotate(title=F("schema__title"))


class FormVersion(models.Model):
    """What a form asked from one day on. Answers are read with the version they were given on.

    The database refuses a change of `schema` and `sha256`, and a delete (migration 0002).
    """

    definition = models.ForeignKey(FormDefinition, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    schema = models.JSONField()
    sha256 = models.CharField(max_length=64)
    changelog = models.CharField(max_length=500, blank=True)
    is_current = models.BooleanField(default=False)
    published_at = models.DateTimeField(auto_now_add=True)
    published_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = FormVersionQuerySet.as_manager()

    class Meta:
        ordering = ["definition", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["definition", "number"], name="form_version_number"),
            models.UniqueConstraint(fields=["definition", "sha256"], name="form_version_content"),
            models.UniqueConstraint(fields=["definition"], condition=Q(is_current=True), name="one_current_form_version"),
        ]

    def __str__(self) -> str:
        return f"{self.definition} {self.number}"

    @property
    def form(self) -> Form:
        """The form to draw and to read answers with; pages leave `schema` deferred, it is fetched once a process."""
        return Form.of_version(self.sha256, lambda: self.schema)


class FieldRename(models.Model):
    """A new key for the same question, from one version on: the only way to say so. Answers move along when they are upgraded."""

    definition = models.ForeignKey(FormDefinition, on_delete=models.PROTECT, related_name="renames")
    from_key = models.CharField(max_length=60)
    to_key = models.CharField(max_length=60)
    since_number = models.PositiveIntegerField(help_text=_("The version that first asks under the new key."))

    class Meta:
        verbose_name = _("renamed question")
        verbose_name_plural = _("renamed questions")
        ordering = ["definition", "since_number", "to_key"]
        constraints = [
            models.UniqueConstraint(fields=["definition", "from_key"], name="a_key_is_renamed_once"),
            models.UniqueConstraint(fields=["definition", "to_key"], name="a_key_has_one_earlier_key"),
            models.CheckConstraint(condition=~Q(from_key=F("to_key")), name="a_rename_changes_the_key"),
        ]

    def __str__(self) -> str:
        return f"{self.from_key} → {self.to_key}"
