"""Each time a clock of a ticket ran: what was promised, and what became of it."""

from django.db import models
from django.db.models import Q

from support.models.tickets import Ticket
from support.states import ClockKind, ClockOutcome


class ClockRun(models.Model):
    """One run of one clock. Reports count these; the ticket's own `next_due_at` is the earliest that still runs."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="clock_runs")
    clock = models.CharField(max_length=10, choices=ClockKind)
    began_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    """When it is or was due; empty while it is paused."""
    ended_at = models.DateTimeField(null=True, blank=True)
    target_minutes = models.PositiveIntegerField()
    """Working minutes promised."""
    used_minutes = models.PositiveIntegerField(default=0)
    """Working minutes used, kept when it ends or pauses."""
    outcome = models.CharField(max_length=10, choices=ClockOutcome, blank=True)
    warn_at = models.DateTimeField(null=True, blank=True)
    """When people are to be warned that it is due soon; empty while it is paused."""
    warned_at = models.DateTimeField(null=True, blank=True)
    missed_at = models.DateTimeField(null=True, blank=True)
    """When it was said that it is late."""

    class Meta:
        ordering = ["began_at", "pk"]
        indexes = [
            models.Index(fields=["ticket", "began_at"], name="clock_run_of_ticket"),
            models.Index(fields=["clock", "ended_at"], name="clock_run_ended"),
            models.Index(fields=["warn_at"], name="clock_run_to_warn", condition=Q(ended_at__isnull=True, warned_at__isnull=True)),
            models.Index(fields=["due_at"], name="clock_run_to_miss", condition=Q(ended_at__isnull=True, missed_at__isnull=True)),
            models.Index(fields=["due_at"], name="clock_run_due", condition=Q(ended_at__isnull=True, due_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "clock"], name="clock_runs_once", condition=Q(ended_at__isnull=True)),
            models.CheckConstraint(condition=Q(ended_at__isnull=True) | ~Q(outcome=""), name="clock_run_ended_has_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.get_clock_display()} of {self.ticket_id}"
