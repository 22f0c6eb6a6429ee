"""What one person keeps at the desk: words not yet sent, and how they like it laid out."""

from django.conf import settings
from django.db import models

from communities.models import User
from support.models.tickets import Ticket
from support.states import AfterSend, DraftKind


class Draft(models.Model):
    """What a person is writing in a ticket, one of each kind. It is gone when the words are sent."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="desk_drafts")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=10, choices=DraftKind)
    body = models.TextField()
    ticket_version = models.PositiveIntegerField()
    """The version of the ticket that was read while writing."""
    revision = models.PositiveIntegerField(default=1)
    """Counts what was kept, so that two windows of one person never write over each other."""
    choices = models.JSONField(default=dict, blank=True)
    """What was chosen beside the words: the form's fields by name."""
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "user", "kind"], name="draft_once")]

    def __str__(self) -> str:
        return f"{self.user} on {self.ticket}"


class DeskPreferences(models.Model):
    """How one person likes the desk. A person without a row has the defaults."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="desk_preferences")
    keys = models.JSONField(default=dict, blank=True)
    """Key by action, only where it differs from the default."""
    keys_are_off = models.BooleanField(default=False)
    is_dense = models.BooleanField(default=False)
    columns = models.JSONField(default=list, blank=True)
    """What a row shows besides its subject; empty for the default."""
    panels = models.JSONField(default=dict, blank=True)
    """Whether each panel beside a ticket is open, by its key."""
    after_send = models.CharField(max_length=10, choices=AfterSend, default=AfterSend.STAY)

    def __str__(self) -> str:
        return str(self.user)

    @classmethod
    def of(cls, user: User) -> "DeskPreferences":
        """That person's, or the defaults, unsaved."""
        return cls.objects.filter(user=user).first() or cls(user=user)
