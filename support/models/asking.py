"""What surrounds a question: what it waits for, who else may read it, and whether its requester was asked how it went."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from support.models.tickets import Ticket
from support.states import ApprovalOutcome, HeldFor, Topic


class ApprovalQuerySet(models.QuerySet["Approval"]):
    """Approvals by where they stand."""

    def waiting(self) -> Self:
        return self.filter(outcome="")


class Approval(models.Model):
    """That a ticket waited, or waits, for somebody to let it through to the desk."""

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, related_name="approval")
    reason = models.CharField(max_length=10, choices=HeldFor)
    topic = models.CharField(max_length=10, choices=Topic, blank=True)
    asked_at = models.DateTimeField()
    reminders = models.PositiveSmallIntegerField(default=0)
    """How often whoever may approve was reminded."""
    desk_told_at = models.DateTimeField(null=True, blank=True)
    """When the desk was told that nobody decides."""
    outcome = models.CharField(max_length=10, choices=ApprovalOutcome, blank=True)
    answer = models.TextField(blank=True)
    """Why it was declined, as the requester reads it."""
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["asked_at", "id"], name="approval_waiting", condition=Q(outcome=""))]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", decided_at__isnull=True) | (~Q(outcome="") & Q(decided_at__isnull=False)),
                name="approval_decided_has_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.ticket}: {self.get_outcome_display() or self.get_reason_display()}"


class TicketReader(models.Model):
    """Somebody of the community who may follow a ticket though its terms would not let them."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="named")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tickets_named_in")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "ticket"], name="ticket_reader_once")]

    def __str__(self) -> str:
        return f"{self.user} reads {self.ticket}"


class Survey(models.Model):
    """That a requester was asked by mail how they were helped; a ticket is asked about once."""

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, related_name="survey")
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.ticket)
