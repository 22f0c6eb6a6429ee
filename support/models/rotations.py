"""Whose turn it is to take a ticket, and who is away."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ground.actors import Actor
from support.models.automation import OfTheDesk
from support.policy import is_desk_staff


class Rotation(models.Model):
    """People who take tickets in turn. Empty lists take every ticket."""

    name = models.CharField(max_length=120, unique=True)
    position = models.PositiveIntegerField(default=0)
    is_on = models.BooleanField(default=True)
    communities = models.ManyToManyField("communities.Community", blank=True, related_name="rotations")
    kinds = models.JSONField(default=list, blank=True)
    languages = models.JSONField(default=list, blank=True)

    objects = OfTheDesk.as_manager()

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class Turn(models.Model):
    """One person's place in a rotation."""

    rotation = models.ForeignKey(Rotation, on_delete=models.CASCADE, related_name="turns")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="turns")
    position = models.PositiveIntegerField(default=0)
    weight = models.PositiveSmallIntegerField(default=1)
    most_open = models.PositiveSmallIntegerField(null=True, blank=True)
    """How many open tickets at most; empty for no limit."""
    kinds = models.JSONField(default=list, blank=True)
    languages = models.JSONField(default=list, blank=True)
    given_at = models.DateTimeField(null=True, blank=True)
    """When the rotation last gave this person a ticket."""

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["rotation", "user"], name="turn_once"),
            models.CheckConstraint(condition=Q(weight__gte=1), name="turn_weighs_something"),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.rotation}"


class AbsenceQuerySet(models.QuerySet["Absence"]):
    """Absences by who may know of them."""

    def visible_to(self, actor: Actor) -> Self:
        """Staff of the desk alone."""
        return self if is_desk_staff(actor) else self.none()


class Absence(models.Model):
    """One person is away on whole days of their own zone, both included."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="absences")
    first_day = models.DateField()
    last_day = models.DateField()
    note = models.CharField(max_length=200, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["first_day", "pk"]
        indexes = [models.Index(fields=["last_day"], name="absence_last_day")]
        constraints = [models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="absence_ends_after_it_begins")]

    def __str__(self) -> str:
        return f"{self.user}: {self.first_day} – {self.last_day}"
