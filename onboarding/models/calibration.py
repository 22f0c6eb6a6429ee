"""Examples to practise on before a first review: applications nobody sent, with the levels the team agreed on."""

from collections.abc import Mapping
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.models import Programme, User
from ground.texts import pick
from onboarding.models.applications import Application


class CalibrationExampleQuerySet(models.QuerySet["CalibrationExample"]):
    """Examples by programme and by who has scored them."""

    def of(self, programme: Programme | int) -> Self:
        return self.filter(application__programme=programme)

    def left_for(self, user: User, programme: Programme | int) -> Self:
        """Those this person has not scored yet."""
        return self.of(programme).exclude(practices__reviewer=user)


class CalibrationExample(models.Model):
    """An example: its agreed level by criterion, and its words by language, `{"en": {"title", "why", "answers": {…}}}`."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="example")
    key = models.SlugField(max_length=40)
    agreed = models.JSONField(_("agreed levels"))
    words = models.JSONField(_("words"))

    objects = CalibrationExampleQuerySet.as_manager()

    class Meta:
        verbose_name = _("example to practise on")
        verbose_name_plural = _("examples to practise on")
        ordering = ["pk"]

    def __str__(self) -> str:
        return pick(self._by_language("title"))

    @property
    def why(self) -> str:
        """Why the levels are as they are."""
        return pick(self._by_language("why"))

    @property
    def answers(self) -> dict[str, Any]:
        """The answers as they are read in the active language."""
        return dict(self.application.answers) | {key: pick(text) for key, text in self._answers_by_language().items()}

    def _by_language(self, key: str) -> Mapping[str, str]:
        return {language: words[key] for language, words in self.words.items()}

    def _answers_by_language(self) -> dict[str, dict[str, str]]:
        texts: dict[str, dict[str, str]] = {}
        for language, words in self.words.items():
            for key, text in words["answers"].items():
                texts.setdefault(key, {})[language] = text
        return texts


class CalibrationPractice(models.Model):
    """How one person scored one example. Nothing else counts these."""

    example = models.ForeignKey(CalibrationExample, on_delete=models.CASCADE, related_name="practices")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="practices")
    levels = models.JSONField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("practice")
        verbose_name_plural = _("practices")
        constraints = [models.UniqueConstraint(fields=["example", "reviewer"], name="an_example_practised_once")]

    def __str__(self) -> str:
        return f"{self.example} · {self.reviewer}"
