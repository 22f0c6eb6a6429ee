"""The Freshdesk account as every worker shares it: its minute of credits, and whether it answers."""

from django.db import models


class FreshdeskAccount(models.Model):
    """One account. Each call reserves its credits on this row, so that all processes together stay below the limit."""

    name = models.CharField(max_length=255, primary_key=True)
    """The host of FRESHDESK_URL."""
    ledger = models.JSONField(default=dict)
    day = models.DateField(null=True, blank=True)
    credits_today = models.PositiveIntegerField(default=0)
    last_answer_at = models.DateTimeField(null=True, blank=True)
    away_since = models.DateTimeField(null=True, blank=True)
    away_reason = models.TextField(blank=True)
    key_refused_at = models.DateTimeField(null=True, blank=True)
    agent_id = models.BigIntegerField(null=True, blank=True)
    agent_scope = models.PositiveSmallIntegerField(null=True, blank=True)
    """What the key's agent may see: 1 everything, 2 its groups, 3 its own."""

    def __str__(self) -> str:
        return self.name
