"""What a translation follows: the text of the original it was made from, and what changed there since."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from knowledgebase.significance import Reason, Significance


class Change(models.Model):
    """That a new text of an article with translations was published, and what it means for them. The newest has the greatest key."""

    article = models.ForeignKey("knowledgebase.Article", on_delete=models.CASCADE, related_name="changes")
    before = models.ForeignKey("wagtailcore.Revision", null=True, on_delete=models.SET_NULL, related_name="+")
    revision = models.ForeignKey("wagtailcore.Revision", null=True, on_delete=models.SET_NULL, related_name="+")
    proposed = models.CharField(max_length=10, choices=Significance)
    significance = models.CharField(_("what it means for translations"), max_length=10, choices=Significance)
    share = models.PositiveSmallIntegerField(help_text=_("How many of a hundred words changed."))
    reasons = models.JSONField(default=list, help_text=_("Why that was proposed."))
    at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True, help_text=_("When somebody said so; until then what was proposed counts."))

    class Meta:
        indexes = [models.Index(fields=["article", "-id"], name="change_of_article")]
        constraints = [models.CheckConstraint(condition=Q(share__lte=100), name="change_share_of_hundred")]

    def __str__(self) -> str:
        return f"{self.article_id}: {self.significance}"

    @property
    def words(self) -> list[str]:
        """The reasons, as one reads them."""
        return [str(Reason(reason).label) for reason in self.reasons if reason in Reason.values]


class TranslationQuerySet(models.QuerySet["Translation"]):
    """Translations by what they need."""

    def inside(self, knowledge_base_path: str) -> Self:
        """Of one knowledge base, by the path of its page."""
        return self.filter(article__path__startswith=knowledge_base_path)

    def standing(self) -> Self:
        """Still linked to an article."""
        return self.filter(article__translation_of=F("original"))

    def behind(self) -> Self:
        """Published, and the original has changed in a way that matters."""
        return self.standing().filter(article__live=True, lag__in=[Significance.MEDIUM, Significance.LARGE])

    def begun(self) -> Self:
        """Not published yet."""
        return self.standing().filter(article__live=False)


class Translation(models.Model):
    """Which text of its original an article follows. `lag` is the most significant change published there since; empty when up to date."""

    article = models.OneToOneField("knowledgebase.Article", primary_key=True, on_delete=models.CASCADE, related_name="following")
    original = models.ForeignKey("knowledgebase.Article", on_delete=models.CASCADE, related_name="followed_by")
    based_on = models.ForeignKey("wagtailcore.Revision", null=True, on_delete=models.SET_NULL, related_name="+")
    follows = models.ForeignKey(Change, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    lag = models.CharField(_("how far behind"), max_length=10, choices=Significance, blank=True)
    since = models.DateTimeField(null=True, blank=True, help_text=_("When the first of those changes was published."))

    objects = TranslationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["original"], name="translation_of_original")]
        constraints = [
            models.CheckConstraint(condition=~Q(article=F("original")), name="translation_of_another"),
            models.CheckConstraint(condition=Q(lag="") | Q(since__isnull=False), name="translation_behind_has_time"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} ← {self.original_id}"

    @property
    def is_behind(self) -> bool:
        return self.lag in {Significance.MEDIUM, Significance.LARGE}
