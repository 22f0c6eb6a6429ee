"""What the calendar keeps: how the tasks of an event stand, who reads it in a program of their own, and what was told once."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from hubs.models.requests import HubRequest


class EventTask(models.Model):
    """How one task of an event stands, once somebody has said so. What there is to do follows from the event (`hubs.events`)."""

    class Status(models.TextChoices):
        MET = "met", _("done")
        NOT_NEEDED = "not-needed", _("not needed")

    request = models.ForeignKey(HubRequest, on_delete=models.CASCADE, related_name="event_tasks")
    key = models.SlugField(max_length=40)
    status = models.CharField(max_length=10, choices=Status)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "key"], name="event_task_once")]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.key}"


class CalendarSubscriptionQuerySet(models.QuerySet["CalendarSubscription"]):
    """Words for subscriptions."""

    def working(self) -> Self:
        """Those that still open the calendar, of people who may still sign in."""
        return self.filter(revoked_at__isnull=True, user__is_active=True)


class CalendarSubscription(models.Model):
    """An address under which one person's calendar program reads what that person may see; the secret in it is kept as its SHA-256."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_subscriptions")
    community = models.ForeignKey(
        Community, null=True, blank=True, on_delete=models.CASCADE, related_name="+", help_text=_("Empty: everything this person may see.")
    )
    sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = CalendarSubscriptionQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["user"], name="calendar_of_person", condition=Q(revoked_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.made_at:%Y-%m-%d}"


class Said(models.Model):
    """That something was told, written with the mail that tells it: `key` names what, and about which thing. Never told twice."""

    key = models.CharField(max_length=120, unique=True)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.key

    @classmethod
    def of(cls, before: str, reference: OuterRef, after: str = "") -> Exists:
        """Whether that was told of the row around this query, whose `reference` stands in the key between the two words."""
        return Exists(cls.objects.filter(key=Concat(Value(before), reference, Value(after))))
