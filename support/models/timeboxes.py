"""The half hour in which an agent solves a ticket, hands it on, or escalates it."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ground.actors import Actor
from support.models.tickets import Ticket
from support.policy import is_desk_staff
from support.states import TimeboxOutcome


class TimeboxQuerySet(models.QuerySet["Timebox"]):
    """Timeboxes by whether they run."""

    def visible_to(self, actor: Actor) -> Self:
        """How the desk spends its time is the desk's to know."""
        return self if is_desk_staff(actor) else self.none()

    def running(self) -> Self:
        """Not ended. One whose ticket was solved meanwhile has ended, though nobody has written it down yet."""
        return self.filter(ended_at=None, ticket__solved_at=None)

    def over(self, now: datetime) -> Self:
        """Running, and longer than was meant."""
        return self.running().filter(ends_at__lte=now)


class Timebox(models.Model):
    """One agent's time for one ticket. It is not paused: it is ended, or given more minutes with a reason."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="timeboxes")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="timeboxes")
    minutes = models.PositiveSmallIntegerField()
    """Minutes meant at first."""
    extra_minutes = models.PositiveSmallIntegerField(default=0)
    """Minutes added since."""
    extensions = models.PositiveSmallIntegerField(default=0)
    began_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=TimeboxOutcome, blank=True)
    told_over_at = models.DateTimeField(null=True, blank=True)
    """When it was written down that it is over."""

    objects = TimeboxQuerySet.as_manager()

    class Meta:
        ordering = ["-began_at", "-pk"]
        verbose_name_plural = "timeboxes"
        indexes = [
            models.Index(fields=["ends_at"], name="timebox_running", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["ticket", "-began_at"], name="timebox_of_ticket"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["agent"], name="timebox_one_an_agent", condition=Q(ended_at__isnull=True)),
            models.UniqueConstraint(fields=["ticket"], name="timebox_one_a_ticket", condition=Q(ended_at__isnull=True)),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, outcome="") | (Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="timebox_ended_has_outcome",
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("began_at")), name="timebox_lasts"),
        ]

    def __str__(self) -> str:
        return f"{self.agent} on {self.ticket_id}"

    @property
    def total_minutes(self) -> int:
        return self.minutes + self.extra_minutes
