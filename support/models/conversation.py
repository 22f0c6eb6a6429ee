"""The conversation of a ticket. Notes are for staff: whoever serves a community starts from `public()` or `visible_to()`."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from ground.actors import Actor
from ground.outbox import Waiting
from support.models.relations import TicketLink
from support.models.tickets import Ticket, TicketQuerySet
from support.policy import is_desk_staff
from support.states import DELIVERY_LOOKS, SYNC_LOOKS, Delivery, LinkKind, MessageKind, SyncState


def meant_for(tickets: TicketQuerySet) -> Q:
    """Answers in the ticket that one of these was merged into, written while it was: they were sent to the requesters of both.

    Not where that ticket has become confidential since, or another community's.
    """
    merges = TicketLink.objects.filter(
        kind=LinkKind.MERGED,
        ticket__in=tickets,
        ticket__community=OuterRef("ticket__community"),
        other=OuterRef("ticket"),
        created_at__lte=OuterRef("created_at"),
    )
    held = Q(undone_at=None) | Q(undone_at__gt=OuterRef("created_at"))
    return Q(Exists(merges.filter(held)), kind=MessageKind.REPLY, ticket__confidential=False)


class MessageQuerySet(models.QuerySet["Message"]):
    """Messages by who may read them."""

    def public(self) -> Self:
        """Without notes and without what can still be taken back: the only messages that may be loaded for a community."""
        return self.exclude(kind=MessageKind.NOTE).filter(held=None)

    def visible_to(self, actor: Actor) -> Self:
        """Staff of the desk read all; members the public messages of the tickets they may see, and what answered those elsewhere."""
        if is_desk_staff(actor):
            return self
        seen = Ticket.objects.visible_to(actor)
        return self.public().filter(Q(ticket__in=seen) | meant_for(seen))

    def as_asked(self, ticket: Ticket) -> Self:
        """What belongs to this ticket for those who asked: its own public letters, and the answers of the one it was merged into."""
        return self.public().filter(Q(ticket=ticket) | meant_for(Ticket.objects.filter(pk=ticket.pk)))

    def in_order(self) -> Self:
        return self.select_related("author_user", "author_contact", "held").defer("remote_raw").order_by("created_at", "pk")


class Message(Waiting):
    """One letter of the exchange: a reply to the requester, a note among staff, or what came from the requester's side."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=10, choices=MessageKind)
    author_user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    author_contact = models.ForeignKey("support.Contact", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    author_label = models.CharField(max_length=200, blank=True)
    body_html = models.TextField(blank=True)
    body_text = models.TextField(blank=True)
    is_automatic = models.BooleanField(default=False, help_text=_("Nobody wrote it: it answers nothing and stops no clock."))
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True, help_text=_("When it was seen to be deleted in Freshdesk."))
    ticket_version = models.PositiveIntegerField(default=1, help_text=_("The ticket's version that this message made."))

    message_id = models.CharField(
        max_length=500, blank=True, help_text=_("The Message-ID of the mail that carried it, without its brackets.")
    )
    in_reply_to = models.CharField(max_length=500, blank=True)
    references = models.JSONField(default=list, blank=True)
    cc = models.JSONField(default=list, blank=True, help_text=_("Who else the mail was addressed to, or copied to."))
    delivery = models.CharField(max_length=10, choices=Delivery, blank=True)
    delivery_note = models.CharField(max_length=255, blank=True, help_text=_("Why it did not arrive, in the words of the refusing server."))
    mailed_at = models.DateTimeField(null=True, blank=True)

    freshdesk_id = models.BigIntegerField(null=True, blank=True, unique=True)
    sync_state = models.CharField(max_length=20, choices=SyncState, default=SyncState.LOCAL)
    external_key = models.CharField(max_length=26, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)
    remote_hash = models.CharField(max_length=64, blank=True, help_text=_("Freshdesk's words as last seen, to tell an edit."))
    attempted_at = models.DateTimeField(null=True, blank=True, help_text=_("When it left for Freshdesk and the answer has not come."))
    synced_at = models.DateTimeField(null=True, blank=True)
    remote_raw = models.JSONField(default=dict, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["ticket", "created_at", "id"], name="message_of_ticket"),
            models.Index(fields=["kind", "-created_at", "-id"], name="message_of_kind"),
            models.Index(fields=["next_attempt_at"], name="message_due", condition=Q(next_attempt_at__isnull=False)),
            models.Index(fields=["-created_at", "-id"], name="message_dead", condition=Q(sync_state=SyncState.DEAD)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["external_key"], name="message_external_key_once", condition=~Q(external_key="")),
            models.UniqueConstraint(fields=["message_id"], name="message_id_of_mail_once", condition=~Q(message_id="")),
            models.CheckConstraint(condition=~Q(delivery=Delivery.SENT) | Q(mailed_at__isnull=False), name="message_mailed_has_time"),
            models.CheckConstraint(
                condition=~Q(sync_state=SyncState.SYNCED) | Q(freshdesk_id__isnull=False), name="message_synced_has_freshdesk_id"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def is_held(self) -> bool:
        """Whether it has not left yet and can be taken back."""
        return hasattr(self, "held")

    @property
    def author(self) -> str:
        return self.author_label or str(self.author_user or self.author_contact or "")

    @property
    def sync_tone(self) -> str:
        return SYNC_LOOKS[SyncState(self.sync_state)].tone

    @property
    def delivery_tone(self) -> str:
        return DELIVERY_LOOKS[Delivery(self.delivery)].tone if self.delivery else ""
