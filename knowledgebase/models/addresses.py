"""Where an article stood before: old addresses lead on to it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FormerAddress(models.Model):
    """An address of one knowledge base that once was this article's."""

    knowledge_base = models.ForeignKey("knowledgebase.KnowledgeBase", on_delete=models.CASCADE, related_name="former_addresses")
    address = models.CharField(_("address"), max_length=255)
    article = models.ForeignKey("knowledgebase.Article", on_delete=models.CASCADE, related_name="former_addresses")
    kept_at = models.DateTimeField(_("kept at"), auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["knowledge_base", "address"], name="one_article_per_former_address")]
        indexes = [models.Index(fields=["address"], name="former_address")]

    def __str__(self) -> str:
        return self.address
