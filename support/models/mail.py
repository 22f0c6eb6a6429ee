"""Every mail that came in and what it led to: the guard against taking one twice, against loops, and what an operator looks up."""

from django.db import models

from support.models.conversation import Message
from support.models.tickets import Ticket
from support.states import MailOutcome


class IncomingMail(models.Model):
    """One mail that came in. Append-only."""

    message_id = models.CharField(max_length=500, unique=True)
    """Its Message-ID without brackets, or a fingerprint of one that has none."""
    from_address = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=255, blank=True)
    outcome = models.CharField(max_length=10, choices=MailOutcome)
    reason = models.CharField(max_length=255, blank=True)
    ticket = models.ForeignKey(Ticket, null=True, blank=True, on_delete=models.SET_NULL, related_name="mails")
    letter = models.ForeignKey(Message, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    received_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["from_address", "received_at"], name="incoming_mail_from"),
            models.Index(fields=["-received_at", "-id"], name="incoming_mail_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.from_address}: {self.subject}"
