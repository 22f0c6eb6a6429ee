"""What everybody may read of us (privacy, terms, accessibility), version by version, and who agreed to which version."""

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from onboarding.models.applications import Application
from onboarding.models.wordings import Wording, WordingVersion, WordingVersionQuerySet


class StatementKind(models.TextChoices):
    """The value is the page's address, and what a consent question of a form names."""

    PRIVACY = "privacy", _("Privacy notice")
    TERMS = "terms", _("Terms of use")
    ACCESSIBILITY = "accessibility", _("Accessibility statement")


class Statement(Wording):
    """One statement of a programme, as a draft."""

    PARTS = ("title", "body")

    kind = models.CharField(_("kind"), max_length=20, choices=StatementKind)
    _revisions = GenericRelation("wagtailcore.Revision", related_query_name="statement")

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["programme", "kind"]
        constraints = [models.UniqueConstraint(fields=["programme", "kind"], name="one_statement_a_kind")]

    def __str__(self) -> str:
        return self.get_kind_display()

    def as_published(self) -> dict[str, dict[str, str]]:
        """The texts with our name and address in them: what somebody agreed to never changes with a setting."""
        return {language: {part: _with_our_name(words) for part, words in parts.items()} for language, parts in self.texts.items()}

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The page as readers of that language would get it."""
        with translation.override(mode_name):
            shown = StatementVersion(
                statement=self, number=self.versions.count() + 1, texts=self.as_published(), published_at=timezone.now()
            )
            return render(request, "onboarding/statement.html", {"version": shown, "is_current": True, **shown.page()})


class StatementVersion(WordingVersion):
    """A statement as it was published, with the operator's name filled in."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="versions")

    objects = WordingVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a statement")
        verbose_name_plural = _("versions of statements")
        ordering = ["statement", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["statement", "number"], name="statement_version_number"),
            models.UniqueConstraint(fields=["statement", "sha256"], name="statement_version_content"),
            models.UniqueConstraint(fields=["statement"], condition=Q(is_current=True), name="one_current_statement_version"),
        ]

    def __str__(self) -> str:
        return f"{self.statement} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("onboarding:statement_version", args=[self.statement.kind, self.number])

    def page(self, language: str = "") -> dict[str, Any]:
        """The words for a reader of that language (the active one), and whether they had to be taken from another."""
        wanted = (language or translation.get_language() or "en").split("-", maxsplit=1)[0]
        found = self.language_for(wanted)
        return {"text": self.texts.get(found, {}), "language": found, "is_untranslated": found != wanted}


def _with_our_name(words: str) -> str:
    return words.replace("{operator}", settings.OPERATOR_NAME).replace("{support_email}", settings.SUPPORT_EMAIL)


class Consent(models.Model):
    """That somebody agreed, which version they read, and when."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="consents")
    field_key = models.CharField(_("question"), max_length=80)
    statement_version = models.ForeignKey(StatementVersion, on_delete=models.PROTECT, related_name="consents")
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["given_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["application", "field_key", "statement_version"], name="one_consent_a_version")]

    def __str__(self) -> str:
        return f"{self.field_key}: {self.statement_version_id}"
