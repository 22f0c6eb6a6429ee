"""What was done to many tickets at once, for as long as it can be taken back."""

from datetime import datetime, timedelta
from typing import Self, TypedDict

from django.conf import settings
from django.db import models

from ground.actors import Actor

UNDO_FOR = timedelta(minutes=5)


class BulkItem(TypedDict):
    """One ticket of it: its version afterwards, and what stood in each field before."""

    ticket: int
    version: int
    before: dict[str, object]


class BulkChangeQuerySet(models.QuerySet["BulkChange"]):
    """Changes by what may still be done about them."""

    def undoable(self, actor: Actor, now: datetime) -> Self:
        """What this person may still take back, newest first."""
        return self.filter(by=actor.user, at__gt=now - UNDO_FOR, undone_at=None).order_by("-at")


class BulkChange(models.Model):
    """One change of many tickets, by one person."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    items = models.JSONField(default=list)
    """A list of `BulkItem`."""
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = BulkChangeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["by", "-at"], name="bulk_change_of_person")]

    def __str__(self) -> str:
        return f"{self.by} changed {len(self.items)} tickets"
