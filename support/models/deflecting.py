"""What became of articles that were suggested while somebody wrote: counted, never tied to a person."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SuggestedQuerySet(models.QuerySet["Suggested"]):
    """Words for steps."""

    def of_forms(self) -> Self:
        """Each step of a form once."""
        return self.filter(article=None)

    def of_articles(self) -> Self:
        """Which articles it were."""
        return self.exclude(article=None)


class Suggested(models.Model):
    """One step of one form, written once: articles were shown, one was opened, the ticket was sent. Append-only, until the ticket is confidential: then nothing is kept of the form.

    Beside the row of the step stands one for each article that was shown or opened.
    """

    class Step(models.TextChoices):
        SHOWN = "shown", _("Articles were shown")
        OPENED = "opened", _("One was opened")
        SENT = "sent", _("The ticket was sent")

    class Place(models.TextChoices):
        PORTAL = "portal", _("A community's page")
        WIDGET = "widget", _("The widget")
        SEARCH = "search", _("The search page")

    form = models.CharField(max_length=32)
    """A random word of the form that was filled in; it names nobody."""
    step = models.CharField(max_length=10, choices=Step)
    place = models.CharField(max_length=10, choices=Place)
    community = models.ForeignKey("communities.Community", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    article = models.ForeignKey("knowledgebase.Article", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    objects = SuggestedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["at"], name="suggested_at"),
            models.Index(fields=["community", "at"], name="suggested_of_community"),
            models.Index(fields=["article", "at"], name="suggested_article"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["form", "step"], condition=Q(article=None), name="suggested_step_once"),
            models.UniqueConstraint(fields=["form", "step", "article"], name="suggested_article_once"),
        ]
        verbose_name_plural = "suggested"

    def __str__(self) -> str:
        return f"{self.form} {self.step}"
