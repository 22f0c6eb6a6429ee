"""Which article was written from which ticket."""

from typing import Self

from django.conf import settings
from django.db import models

from ground.actors import Actor
from support.models.tickets import Ticket
from support.policy import is_desk_staff


class WriteUpQuerySet(models.QuerySet["WriteUp"]):
    """Write-ups by who may see them."""

    def visible_to(self, actor: Actor) -> Self:
        """Staff of the desk have all; nobody else has any. See `access.can_work`."""
        return self if is_desk_staff(actor) else self.none()


class WriteUp(models.Model):
    """That an article was begun from a ticket."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="write_ups")
    article = models.ForeignKey("knowledgebase.Article", on_delete=models.CASCADE, related_name="write_ups")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    objects = WriteUpQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["ticket", "article"], name="written_up_once")]
        indexes = [models.Index(fields=["article", "-id"], name="write_up_of_article")]

    def __str__(self) -> str:
        return f"{self.ticket_id} → {self.article_id}"
