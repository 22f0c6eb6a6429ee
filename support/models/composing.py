"""What staff write with: ready-made answers, replies that can still be taken back, and what a letter points at."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ground.actors import Actor
from ground.outbox import Waiting
from ground.texts import pick
from support.models.conversation import Message
from support.models.statuses import TicketStatus
from support.models.tickets import Ticket
from support.policy import is_desk_staff
from support.states import Kind, MacroAssignee


class MacroQuerySet(models.QuerySet["Macro"]):
    """Macros by who may use them."""

    def visible_to(self, actor: Actor) -> Self:
        """The desk's own, and one's own. See `access.can_use`."""
        if not is_desk_staff(actor):
            return self.none()
        return self.filter(Q(owner=None) | Q(owner=actor.user))


class Macro(models.Model):
    """A ready-made answer and what it changes on the ticket. Without an owner it is everybody's."""

    name = models.CharField(_("name"), max_length=100)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="macros")
    text = models.JSONField(default=dict, blank=True, help_text=_("Markdown by language, with placeholders; empty for a change alone."))
    status = models.ForeignKey(TicketStatus, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    priority = models.PositiveSmallIntegerField(null=True, blank=True)
    kind = models.CharField(max_length=20, choices=Kind, blank=True)
    assignee = models.CharField(max_length=10, choices=MacroAssignee, blank=True)
    tags_added = models.JSONField(default=list, blank=True)
    tags_removed = models.JSONField(default=list, blank=True)
    snooze_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    used = models.PositiveIntegerField(default=0, help_text=_("How often it was sent."))
    used_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = MacroQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=Q(owner=None), name="shared_macro_once"),
            models.UniqueConstraint(fields=["owner", "name"], condition=Q(owner__isnull=False), name="own_macro_once"),
            models.CheckConstraint(condition=Q(used=0) | Q(used_at__isnull=False), name="macro_used_has_time"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_shared(self) -> bool:
        return self.owner_id is None

    def said_in(self, language: str) -> str:
        """Its words in that language, or in the one that stands in."""
        return pick(self.text, language)


class HeldReply(Waiting):
    """A reply that waits a moment before it leaves. Until a worker claims the row, its ticket knows nothing of it and it can be taken back."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="held")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    source = models.TextField(help_text=_("What was typed."))
    changes = models.JSONField(default=dict, blank=True, help_text=_("What changes on the ticket when it leaves."))
    macro = models.ForeignKey(Macro, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    leaves_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "held replies"
        indexes = [models.Index(fields=["next_attempt_at"], name="held_reply_due", condition=Q(next_attempt_at__isnull=False))]

    def __str__(self) -> str:
        return f"{self.message}"

    @property
    def can_be_undone(self) -> bool:
        """Whether no worker has it. See `undoing.UNDOABLE`."""
        return self.attempts == 0 or bool(self.last_error)

    @property
    def has_given_up(self) -> bool:
        return self.next_attempt_at is None and bool(self.last_error)


class Citation(models.Model):
    """That a letter of a ticket points at an article."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="citations")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="citations")
    article = models.ForeignKey("knowledgebase.Article", on_delete=models.CASCADE, related_name="citations")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "article"], name="citation_once")]
        indexes = [models.Index(fields=["article", "-id"], name="citation_of_article")]

    def __str__(self) -> str:
        return f"{self.article_id} in {self.message_id}"


class Mention(models.Model):
    """That a note calls a person of the desk."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="desk_mentions")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "user"], name="mention_once")]

    def __str__(self) -> str:
        return f"{self.user} in {self.message}"
