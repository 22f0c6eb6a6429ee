"""Files that came with a ticket or a message: in the private store, served by one view that asks who may see the letter."""

import uuid
from pathlib import PurePosixPath
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ground.actors import Actor
from ground.outbox import Waiting
from support.models.conversation import Message, meant_for
from support.models.tickets import Ticket
from support.policy import is_desk_staff
from support.states import MessageKind


def opaque_name(_attachment: "Attachment", filename: str) -> str:
    """A name in the store that tells nothing but the kind of file."""
    return f"attachments/{uuid.uuid4().hex}{PurePosixPath(filename).suffix.lower()[:10]}"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Files by who may have them."""

    def standing(self) -> Self:
        """Not deleted in Freshdesk, nor the letter that carried them."""
        return self.filter(removed_at=None, message__removed_at=None)

    def visible_to(self, actor: Actor) -> Self:
        """Whoever may read the letter may have its files; a note's are for staff. See `access.can_have`."""
        if is_desk_staff(actor):
            return self
        seen = Ticket.objects.visible_to(actor)
        answers = Q(message__in=Message.objects.filter(meant_for(seen)))
        return self.filter(Q(ticket__in=seen) | answers).exclude(message__kind=MessageKind.NOTE).filter(message__held=None)


class Attachment(Waiting):
    """One file of a ticket's description (no message) or of a message.

    A file written here has content and, once Freshdesk has it, its number. One that came from there has the number at once
    and content when it has been fetched; Freshdesk's address of it expires and is never kept. The row waits for the fetching.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="files")
    message = models.ForeignKey(Message, null=True, blank=True, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=150, blank=True)
    size = models.PositiveBigIntegerField(null=True, blank=True, help_text=_("In bytes."))
    file = models.FileField(upload_to=opaque_name, blank=True)
    freshdesk_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True, help_text=_("When it was seen to be deleted in Freshdesk."))
    given_up_at = models.DateTimeField(null=True, blank=True, help_text=_("When somebody said that it need not be tried any more."))

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["next_attempt_at"], name="attachment_due", condition=Q(next_attempt_at__isnull=False)),
            models.Index(
                fields=["id"],
                name="attachment_dead",
                condition=Q(next_attempt_at__isnull=True, given_up_at__isnull=True) & ~Q(last_error=""),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "freshdesk_id"], name="attachment_of_freshdesk_once", condition=Q(freshdesk_id__isnull=False)
            ),
            models.CheckConstraint(condition=~Q(file="") | Q(freshdesk_id__isnull=False), name="attachment_is_somewhere"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_here(self) -> bool:
        """Whether we hold the content."""
        return bool(self.file)

    @property
    def ending(self) -> str:
        """The kind of file as people say it: PDF."""
        return PurePosixPath(self.name).suffix[1:].upper()[:10]
