"""What the mirror knows beside tickets: companies, agents, and how far each walk has come."""

from django.conf import settings
from django.db import models

from ground.outbox import Waiting


class CompanyLink(Waiting):
    """A company of Freshdesk and the community it stands for. Without a community it waits to be matched by hand."""

    community = models.OneToOneField("communities.Community", null=True, blank=True, on_delete=models.PROTECT, related_name="company_link")
    freshdesk_company_id = models.BigIntegerField(null=True, blank=True, unique=True)
    name = models.CharField(max_length=255)
    remote_updated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["next_attempt_at"], name="company_due", condition=models.Q(next_attempt_at__isnull=False))]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(community__isnull=False) | models.Q(freshdesk_company_id__isnull=False),
                name="company_link_links_something",
            )
        ]

    def __str__(self) -> str:
        return self.name


class FreshdeskAgent(models.Model):
    """An agent of the Freshdesk account; linked to the person who works here under the same address."""

    freshdesk_id = models.BigIntegerField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="freshdesk_agents")
    is_ours = models.BooleanField(default=False)
    """Whether this is the agent whose key we write with (`/agents/me`)."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["is_ours"], condition=models.Q(is_ours=True), name="one_integration_agent")]

    def __str__(self) -> str:
        return self.name or self.email or f"#{self.freshdesk_id}"


class SyncCursor(models.Model):
    """How far one walk through Freshdesk's lists has come; written with the page it has read, so that a crash repeats and never skips."""

    name = models.CharField(max_length=40, primary_key=True)
    value = models.JSONField(default=dict)
    updated_at = models.DateTimeField(auto_now=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    """Until when one walk has it for itself."""

    def __str__(self) -> str:
        return self.name
