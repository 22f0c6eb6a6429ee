"""What the mirror knows of Freshdesk beside tickets: companies, agents, groups, ready-made answers, ratings, and how far each walk is."""

from django.conf import settings
from django.db import models

from ground.outbox import Waiting
from support.models.tickets import Ticket


class CompanyLink(Waiting):
    """A company of Freshdesk and the community it stands for. Without a community it waits to be matched by hand."""

    community = models.OneToOneField("communities.Community", null=True, blank=True, on_delete=models.PROTECT, related_name="company_link")
    freshdesk_company_id = models.BigIntegerField(null=True, blank=True, unique=True)
    name = models.CharField(max_length=255)
    domains = models.JSONField(default=list, blank=True)
    remote_updated_at = models.DateTimeField(null=True, blank=True)
    remote_raw = models.JSONField(default=dict, blank=True)
    ignored = models.BooleanField(default=False)
    """Whether somebody said that this company is no community of ours."""
    given_up_at = models.DateTimeField(null=True, blank=True)
    """When somebody said that making it need not be tried any more."""

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
    remote_raw = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["is_ours"], condition=models.Q(is_ours=True), name="one_integration_agent")]

    def __str__(self) -> str:
        return self.name or self.email or f"#{self.freshdesk_id}"


class CannedResponse(models.Model):
    """A ready-made answer of Freshdesk's, with its Liquid placeholders as they are there."""

    freshdesk_id = models.BigIntegerField(unique=True)
    title = models.CharField(max_length=255)
    folder = models.CharField(max_length=255, blank=True)
    body_html = models.TextField(blank=True)
    remote_updated_at = models.DateTimeField(null=True, blank=True)
    remote_raw = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["folder", "title"]

    def __str__(self) -> str:
        return self.title


class SatisfactionRating(Waiting):
    """What a requester said of how they were helped: asked by Freshdesk, or here, and then told to Freshdesk."""

    freshdesk_id = models.BigIntegerField(null=True, blank=True, unique=True)
    ticket = models.ForeignKey(Ticket, null=True, blank=True, on_delete=models.CASCADE, related_name="ratings")
    ticket_freshdesk_id = models.BigIntegerField(null=True, blank=True)
    rating = models.IntegerField(null=True, blank=True)
    """103 to -103, 100 in the middle; older surveys 1 to 3 (fact sheet §6)."""
    feedback = models.TextField(blank=True)
    created_at = models.DateTimeField()
    is_ours = models.BooleanField(default=False)
    """Whether it was given here."""
    is_current = models.BooleanField(default=True)
    """Whether it is what the requester said last; one they changed after Freshdesk had it is kept, and no longer counts."""
    attempted_at = models.DateTimeField(null=True, blank=True)
    """When it left for Freshdesk and the answer has not come."""
    remote_raw = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["ticket", "-created_at"], name="rating_of_ticket"),
            models.Index(fields=["next_attempt_at"], name="rating_due", condition=models.Q(next_attempt_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], name="one_current_rating_of_ours", condition=models.Q(is_ours=True, is_current=True)
            ),
            models.CheckConstraint(
                condition=models.Q(is_ours=True, ticket__isnull=False) | models.Q(is_ours=False, freshdesk_id__isnull=False),
                name="rating_is_somebodys",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rating} for ticket {self.ticket_freshdesk_id or self.ticket_id}"


class SyncCursor(models.Model):
    """How far one walk through Freshdesk's lists has come; written with the page it has read, so that a crash repeats and never skips."""

    name = models.CharField(max_length=40, primary_key=True)
    value = models.JSONField(default=dict)
    updated_at = models.DateTimeField(auto_now=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    """Until when one walk has it for itself."""

    def __str__(self) -> str:
        return self.name
