"""Meetings of the reviewers: which applications they talk about, in which order, and what they said."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from communities.models import Programme
from ground.actors import Actor
from onboarding.models.applications import Application
from onboarding.models.reviews import SCORERS, Conflict
from onboarding.states import Recommendation


class MeetingQuerySet(models.QuerySet["Meeting"]):
    """Words for meetings."""

    def visible_to(self, actor: Actor) -> Self:
        """Whoever scores applications knows of every meeting."""
        user = actor.user
        return self if user is not None and (user.is_superuser or user.staff_groups & SCORERS) else self.none()

    def open(self) -> Self:
        return self.filter(closed_at__isnull=True)


class Meeting(models.Model):
    """One meeting, planned or held; `closed_at` ends it, and what it says is a record from then on."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="meetings")
    date = models.DateField(_("day"))
    chair = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("chair"), on_delete=models.PROTECT, related_name="+")
    present = models.ManyToManyField(settings.AUTH_USER_MODEL, verbose_name=_("who is there"), blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-date", "-pk"]
        constraints = [models.UniqueConstraint(fields=["programme", "date"], name="one_meeting_a_day")]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("onboarding:meeting", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class MeetingItemQuerySet(models.QuerySet["MeetingItem"]):
    """Words for what a meeting talks about."""

    def visible_to(self, actor: Actor) -> Self:
        """What a meeting's list has of the applications this person reads, but for what a conflict of interest keeps from them."""
        user = actor.user
        if user is None or not (user.is_superuser or user.staff_groups & SCORERS):
            return self.none()
        rows = self.filter(application__in=Application.objects.visible_to(actor).values("pk"))
        return rows.exclude(application__in=Conflict.objects.hard().filter(person=user).values("application"))


class MeetingItem(models.Model):
    """One application on a meeting's list. What was agreed stands beside the reviews and changes none of them."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="items")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="meeting_items")
    order = models.PositiveSmallIntegerField(default=0)
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who presents it"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    agreed_scores = models.JSONField(_("agreed levels"), default=dict, blank=True, help_text=_("By criterion, beside the reviews."))
    outcome = models.CharField(_("what the meeting would answer"), max_length=30, choices=Recommendation, blank=True)
    minutes = models.TextField(_("minutes"), blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MeetingItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("item of a meeting")
        verbose_name_plural = _("items of meetings")
        ordering = ["meeting", "order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "application"], name="an_application_once_a_meeting"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(started_at__isnull=False), name="meeting_item_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting}: {self.application}"

    @property
    def is_running(self) -> bool:
        return self.started_at is not None and self.ended_at is None

    @property
    def minutes_taken(self) -> int | None:
        """How long it was talked about, in whole minutes."""
        if self.started_at is None or self.ended_at is None:
            return None
        return round((self.ended_at - self.started_at).total_seconds() / 60)
