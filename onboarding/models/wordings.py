"""Words that an operator edits as a draft, and the versions they were published in, which never change."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, RevisionMixin

from communities.models import Programme


class Wording(PreviewableMixin, DraftStateMixin, LockableMixin, RevisionMixin, models.Model):
    """What the editor edits: `texts` are {language: {part: words}}. What readers get stands in the versions."""

    PARTS: tuple[str, ...] = ()

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    texts = models.JSONField(_("texts"), default=dict, blank=True)

    class Meta:
        abstract = True

    def as_published(self) -> dict[str, dict[str, str]]:
        """The texts that a version is made of."""
        return dict(self.texts)

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        """A preview a language."""
        return list(settings.LANGUAGES)


class WordingVersionQuerySet(models.QuerySet[Any]):
    """Versions by whether they are the one that counts."""

    def current(self) -> Self:
        return self.filter(is_current=True)


class WordingVersion(models.Model):
    """Words as they were published. The database refuses a change of them, and a delete (`ground.frozen`)."""

    number = models.PositiveIntegerField(_("version"))
    texts = models.JSONField()
    sha256 = models.CharField(max_length=64)
    is_current = models.BooleanField(default=False)
    published_at = models.DateTimeField(auto_now_add=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    def language_for(self, wanted: str) -> str:
        """The language this can be read in by who reads that one: English where there is no such text."""
        code = wanted.split("-", maxsplit=1)[0]
        return code if code in self.texts else "en" if "en" in self.texts else next(iter(self.texts), "en")
