"""What each person of the desk has read of a ticket, and whether they are at it now."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from communities.models import User
from support.models.tickets import Ticket

PRESENT_FOR = timedelta(seconds=60)
WRITING_FOR = timedelta(seconds=30)
NEWS_FOR = timedelta(days=30)


class SeenQuerySet(models.QuerySet["Seen"]):
    """What was read, and by whom who is still there."""

    def present(self, now: datetime) -> Self:
        """Of people who are at it now."""
        return self.filter(here_at__gt=now - PRESENT_FOR)


class Seen(models.Model):
    """Up to which version a person read a ticket. `here_at` and `writing_at` say when they last were at it, and typed."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="seen")
    version = models.PositiveIntegerField()
    at = models.DateTimeField()
    here_at = models.DateTimeField(null=True, blank=True)
    writing_at = models.DateTimeField(null=True, blank=True)

    objects = SeenQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "ticket"], name="seen_once")]
        indexes = [
            models.Index(fields=["user", "-at"], name="seen_lately"),
            models.Index(fields=["here_at"], name="seen_present", condition=Q(here_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.user} read {self.ticket} up to {self.version}"


def is_unread_by(user: User | None, now: datetime) -> Q:
    """Tickets that changed since that person read them; of those never opened, what moved in the last thirty days."""
    read = Seen.objects.filter(ticket=OuterRef("pk"), user=user)
    return Q(Exists(read.filter(version__lt=OuterRef("version")))) | (Q(updated_at__gt=now - NEWS_FOR) & ~Q(Exists(read)))
