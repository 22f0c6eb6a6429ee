"""What letters say before anybody edits them, by outcome and language, version by version."""

from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from onboarding.letter_words import example, filled
from onboarding.models.wordings import Wording, WordingVersion, WordingVersionQuerySet
from onboarding.states import Outcome


class LetterOccasion(models.TextChoices):
    """What a letter answers: an outcome, or that somebody took their application back."""

    ACCEPT = Outcome.ACCEPT, _("Accepted")
    ACCEPT_WITH_CONDITIONS = Outcome.ACCEPT_WITH_CONDITIONS, _("Accepted with conditions")
    WAITLIST = Outcome.WAITLIST, _("On the waiting list")
    REFER = Outcome.REFER, _("Referred elsewhere")
    DECLINE = Outcome.DECLINE, _("Not this time")
    WITHDRAWN = "withdrawn", _("Withdrawn by the applicant")


class LetterTemplate(Wording):
    """The letter of one outcome, as a draft."""

    PARTS = ("subject", "body")

    outcome = models.CharField(_("outcome"), max_length=30, choices=LetterOccasion)
    _revisions = GenericRelation("wagtailcore.Revision", related_query_name="letter_template")

    class Meta:
        verbose_name = _("letter template")
        verbose_name_plural = _("letter templates")
        ordering = ["programme", "pk"]
        constraints = [models.UniqueConstraint(fields=["programme", "outcome"], name="one_letter_template_an_outcome")]

    def __str__(self) -> str:
        return self.get_outcome_display()

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The letter to somebody who does not exist."""
        with translation.override(mode_name):
            values = example(self.outcome)
            words = {part: filled(text, values) for part, text in self.texts.get(mode_name, {}).items()}
            return render(request, "onboarding/letter_preview.html", {"letter": words, "template": self})


class LetterTemplateVersionQuerySet(WordingVersionQuerySet):
    """Versions by what they answer."""

    def current_for(self, programme_id: int, outcome: str) -> "LetterTemplateVersion | None":
        return self.current().filter(template__programme=programme_id, template__outcome=outcome).first()


class LetterTemplateVersion(WordingVersion):
    """A letter's template as it was published."""

    template = models.ForeignKey(LetterTemplate, on_delete=models.PROTECT, related_name="versions")

    objects = LetterTemplateVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a letter template")
        verbose_name_plural = _("versions of letter templates")
        ordering = ["template", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="letter_version_number"),
            models.UniqueConstraint(fields=["template", "sha256"], name="letter_version_content"),
            models.UniqueConstraint(fields=["template"], condition=Q(is_current=True), name="one_current_letter_version"),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.number}"

    def words(self, language: str) -> dict[str, Any]:
        """Subject and body in that language, else in English."""
        return dict(self.texts[self.language_for(language)])
