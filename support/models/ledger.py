"""The ledger of the mirror: what came, what went, and what each pass cost. Append-only; old lines are swept away."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from support.models.tickets import Ticket


class SyncPass(models.Model):
    """One walk or whole pass: when, how far, at what cost. Without an end it is still going, or its worker died."""

    class Kind(models.TextChoices):
        POLL = "poll", _("Poll")
        WHOLE = "whole", _("Whole pass")
        FULL = "full", _("Everything again")
        IMPORT = "import", _("First import")
        RECONCILE = "reconcile", _("Comparison")

    kind = models.CharField(max_length=10, choices=Kind)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    pushed = models.PositiveIntegerField(default=0)
    pulled = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    credits = models.FloatField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["-began_at", "-pk"]
        indexes = [models.Index(fields=["-began_at", "-id"], name="sync_pass_newest")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.began_at:%Y-%m-%d %H:%M}"


class SyncEntry(models.Model):
    """One thing that crossed, or did not."""

    class Direction(models.TextChoices):
        IN = "in", _("From Freshdesk")
        OUT = "out", _("To Freshdesk")

    class What(models.TextChoices):
        TICKET = "ticket", _("Ticket")
        MESSAGE = "message", _("Message")
        FILE = "file", _("File")
        COMPANY = "company", _("Company")
        CONTACT = "contact", _("Contact")
        ACCOUNT = "account", _("Account")
        RATING = "rating", _("Rating")

    class Outcome(models.TextChoices):
        CREATED = "created", _("Created")
        UPDATED = "updated", _("Updated")
        GONE = "gone", _("Gone")
        SENT = "sent", pgettext_lazy("outcome", "Sent")
        WAITING = "waiting", _("Waiting")
        UNKNOWN = "unknown", _("Sent, not yet confirmed")
        DEAD = "dead", _("Not accepted")
        CLASH = "clash", _("Changed on both sides")
        DOUBLE = "double", _("Double removed")
        ALERT = "alert", _("Needs a look")
        REPLAYED = "replayed", _("Tried again by hand")
        GIVEN_UP = "given_up", _("Given up by hand")

    at = models.DateTimeField()
    direction = models.CharField(max_length=3, choices=Direction)
    what = models.CharField(max_length=10, choices=What)
    outcome = models.CharField(max_length=10, choices=Outcome)
    ticket = models.ForeignKey(Ticket, null=True, blank=True, on_delete=models.CASCADE, related_name="sync_entries")
    number = models.BigIntegerField(null=True, blank=True, help_text=_("Freshdesk's number of the thing."))
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="sync_entry_newest"),
            models.Index(fields=["outcome", "-at", "-id"], name="sync_entry_outcome"),
            models.Index(fields=["ticket", "-at"], name="sync_entry_of_ticket"),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()} {self.get_outcome_display()}"
