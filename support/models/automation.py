"""Rules of the desk: what is edited, what runs, and what each run did."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from ground.actors import Actor
from support.models.conversation import Message
from support.models.tickets import Ticket, TicketEvent
from support.policy import is_desk_staff
from support.states import Match, RunOutcome, Trigger


class OfTheDesk(models.QuerySet[Any]):
    """Rows that the staff of the desk see, and nobody else."""

    def visible_to(self, actor: Actor) -> Self:
        """See `policy.is_desk_staff`."""
        return self if is_desk_staff(actor) else self.none()


class Rule(models.Model):
    """What a person edits. It runs in the version that was tried and switched on, whatever is edited since."""

    name = models.CharField(max_length=120)
    key = models.CharField(max_length=40, blank=True)
    """Of a rule that came with the site."""
    position = models.PositiveIntegerField(default=0)
    trigger = models.CharField(max_length=20, choices=Trigger)
    changed_field = models.CharField(max_length=40, blank=True)
    """For changes: which field must have changed; blank for any."""
    match = models.CharField(max_length=3, choices=Match, default=Match.ALL)
    conditions = models.JSONField(default=list, blank=True)
    """Of `{field, operator, values}` (`support.automation.conditions`)."""
    actions = models.JSONField(default=list)
    """Of `{do, value}`, with `texts` by language for a reply (`support.automation.actions`)."""
    most_an_hour = models.PositiveIntegerField(default=60)
    version = models.OneToOneField("support.RuleVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="running")
    """The version that runs; none: it is switched off."""
    tried_digest = models.CharField(max_length=64, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    tried_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)

    objects = OfTheDesk.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="rule_key_once", condition=~Q(key="")),
            models.CheckConstraint(condition=Q(most_an_hour__gte=1), name="rule_ceiling_lets_one_through"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_on(self) -> bool:
        return self.version_id is not None


class RuleVersion(models.Model):
    """A rule as it was switched on. It never changes."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    trigger = models.CharField(max_length=20, choices=Trigger)
    changed_field = models.CharField(max_length=40, blank=True)
    match = models.CharField(max_length=3, choices=Match)
    conditions = models.JSONField(default=list)
    actions = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    switched_on_at = models.DateTimeField()
    switched_on_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "number"], name="rule_version_number")]

    def __str__(self) -> str:
        return f"{self.rule} {self.number}"


class RuleRun(models.Model):
    """One rule met one ticket on one occasion, and what it did. Append-only; the occasion is met once."""

    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="runs")
    version = models.ForeignKey(RuleVersion, on_delete=models.PROTECT, related_name="runs")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="rule_runs")
    event = models.ForeignKey(TicketEvent, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    message = models.ForeignKey(Message, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    occasion = models.CharField(max_length=60)
    outcome = models.CharField(max_length=10, choices=RunOutcome)
    did = models.JSONField(default=list)
    """The actions that changed something."""
    at = models.DateTimeField()

    objects = OfTheDesk.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["rule", "-at", "-id"], name="rule_run_newest"),
            models.Index(fields=["ticket", "rule", "-at"], name="rule_run_of_ticket"),
        ]
        constraints = [models.UniqueConstraint(fields=["rule", "ticket", "occasion"], name="rule_run_once")]

    def __str__(self) -> str:
        return f"{self.rule_id} on {self.ticket_id}: {self.outcome}"
