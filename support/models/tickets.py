"""A ticket, and what happened to it."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from communities.states import Party
from ground.actors import Actor
from ground.outbox import Waiting
from support.models.statuses import TicketStatus
from support.policy import communities_of, is_desk_staff, teams_of
from support.states import SYNC_LOOKS, GoneReason, Impact, Kind, MessageKind, Priority, Status, StatusGroup, SyncState


class TicketQuerySet(models.QuerySet["Ticket"]):
    """Tickets by whose turn it is and who may see them."""

    def visible_to(self, actor: Actor) -> Self:
        """Staff of the desk see all; a member their own and, as representative or champion, their community's. See `access.can_see`."""
        if is_desk_staff(actor):
            return self
        if actor.user is None:
            return self.none()
        team = Q(community__in=teams_of(actor), confidential=False)
        own = Q(opened_by=actor.user) | Q(requester__user=actor.user)
        return self.filter(team | (own & Q(community__in=communities_of(actor))))

    def here(self) -> Self:
        """Not gone from Freshdesk."""
        return self.exclude(sync_state=SyncState.GONE)

    def of_groups(self, *groups: str) -> Self:
        """In a status of one of these groups."""
        return self.filter(status__in=TicketStatus.objects.of_groups(*groups))

    def active(self) -> Self:
        return self.of_groups(StatusGroup.OPEN, StatusGroup.WAITING)

    def for_list(self) -> Self:
        """With everything a row of a list shows, and without what only the ticket's page shows."""
        return self.select_related("status", "community", "requester", "assignee", "hub").defer("body_html", "body_text", "remote_raw")


class FreshdeskGroup(models.Model):
    """Agents of the Freshdesk account who share a queue."""

    freshdesk_id = models.BigIntegerField(unique=True)
    name = models.CharField(max_length=200)
    remote_raw = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Ticket(Waiting):
    """What somebody asked of the desk. Lives here first; the mirror carries it to Freshdesk and back.

    Fields that describe the last message and whose turn it is are kept by `recording`, never set by hand.
    """

    reference = models.CharField(max_length=20, unique=True)
    community = models.ForeignKey("communities.Community", null=True, blank=True, on_delete=models.PROTECT, related_name="tickets")
    subject = models.CharField(max_length=255)
    body_html = models.TextField(blank=True)
    body_text = models.TextField(blank=True)
    requester = models.ForeignKey("support.Contact", null=True, blank=True, on_delete=models.PROTECT, related_name="tickets")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="tickets_opened")
    status = models.ForeignKey(TicketStatus, default=Status.OPEN, on_delete=models.PROTECT, related_name="tickets")
    priority = models.PositiveSmallIntegerField(default=Priority.LOW)
    kind = models.CharField(max_length=20, choices=Kind, blank=True)
    agreed_kind = models.CharField(max_length=20, choices=Kind, blank=True, help_text=_("The kind that Freshdesk's type last stood for."))
    impact = models.CharField(max_length=10, choices=Impact, blank=True)
    responsible = models.CharField(max_length=20, choices=Party, blank=True)
    responsibility_row = models.CharField(
        max_length=100, blank=True, help_text=_("The key of the row of the community's matrix that says so.")
    )
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="tickets_assigned")
    assignee_label = models.CharField(max_length=200, blank=True, help_text=_("The agent's name, also of one who has no account here."))
    group = models.ForeignKey(FreshdeskGroup, null=True, blank=True, on_delete=models.SET_NULL, related_name="tickets")
    hub = models.ForeignKey("hubs.Hub", null=True, blank=True, on_delete=models.SET_NULL, related_name="tickets")
    tags = models.JSONField(default=list, blank=True)
    file_count = models.PositiveIntegerField(default=0, help_text=_("Of its description and its messages together."))
    confidential = models.BooleanField(default=False, help_text=_("Only its requester and the desk see it, not the rest of the team."))
    origin = models.CharField(
        max_length=100, blank=True, help_text=_("What opened it by itself, so that it does so once: a failed deployment.")
    )
    message_id = models.CharField(
        max_length=500, blank=True, help_text=_("The Message-ID of the mail that opened it, without its brackets.")
    )
    cc = models.JSONField(default=list, blank=True, help_text=_("Who else that mail was addressed to."))
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    waiting_since = models.DateTimeField(
        null=True, blank=True, help_text=_("Since when the requester has waited for us; empty when it is not our turn.")
    )
    next_due_at = models.DateTimeField(null=True, blank=True)
    last_message_at = models.DateTimeField(null=True, blank=True)
    last_message_kind = models.CharField(max_length=10, choices=MessageKind, blank=True)
    last_message_label = models.CharField(max_length=200, blank=True)
    last_message_excerpt = models.CharField(max_length=160, blank=True)
    last_public_excerpt = models.CharField(max_length=160, blank=True)
    last_public_kind = models.CharField(max_length=10, choices=MessageKind, blank=True)

    freshdesk_id = models.BigIntegerField(null=True, blank=True, unique=True)
    sync_state = models.CharField(max_length=20, choices=SyncState, default=SyncState.LOCAL)
    gone_reason = models.CharField(max_length=10, choices=GoneReason, blank=True)
    external_key = models.CharField(max_length=26, blank=True)
    attempted_at = models.DateTimeField(null=True, blank=True, help_text=_("When a create left for Freshdesk whose answer has not come."))
    synced_at = models.DateTimeField(null=True, blank=True)
    remote_updated_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True, help_text=_("Freshdesk's own clock when it was last read whole."))
    remote_raw = models.JSONField(default=dict, blank=True)
    description_hash = models.CharField(max_length=64, blank=True, help_text=_("Freshdesk's description as last seen, to tell an edit."))
    missing_since = models.DateTimeField(
        null=True, blank=True, help_text=_("When Freshdesk first answered that it has no such ticket; one answer proves nothing.")
    )
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="merged_from")
    pushed_until = models.DateTimeField(null=True, blank=True, help_text=_("Until when one worker alone tells Freshdesk about it."))

    objects = TicketQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-updated_at", "-id"], name="ticket_newest"),
            models.Index(fields=["status", "-updated_at", "-id"], name="ticket_status_newest"),
            models.Index(fields=["assignee", "status", "-updated_at", "-id"], name="ticket_of_assignee"),
            models.Index(fields=["community", "-updated_at", "-id"], name="ticket_community_newest"),
            models.Index(fields=["waiting_since", "id"], name="ticket_longest_waiting", condition=Q(waiting_since__isnull=False)),
            models.Index(fields=["next_due_at", "id"], name="ticket_due", condition=Q(next_due_at__isnull=False)),
            models.Index(fields=["kind", "status", "-updated_at", "-id"], name="ticket_of_kind"),
            models.Index(fields=["sync_state", "-updated_at", "-id"], name="ticket_sync_newest"),
            models.Index(fields=["next_attempt_at"], name="ticket_outbox_due", condition=Q(next_attempt_at__isnull=False)),
            models.Index(fields=["missing_since"], name="ticket_missing", condition=Q(missing_since__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["external_key"], name="ticket_external_key_once", condition=~Q(external_key="")),
            models.UniqueConstraint(fields=["origin"], name="ticket_origin_once", condition=~Q(origin="")),
            models.UniqueConstraint(fields=["message_id"], name="ticket_message_id_once", condition=~Q(message_id="")),
            models.CheckConstraint(condition=Q(sync_state=SyncState.GONE) | Q(gone_reason=""), name="ticket_gone_has_state"),
            models.CheckConstraint(
                condition=~Q(sync_state=SyncState.SYNCED) | Q(freshdesk_id__isnull=False), name="ticket_synced_has_freshdesk_id"
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="ticket_version_counts"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.subject}"

    def get_absolute_url(self) -> str:
        return reverse("support:desk_ticket", args=[self.reference])

    @property
    def tone(self) -> str:
        return self.status.tone

    @property
    def sync_tone(self) -> str:
        return SYNC_LOOKS[SyncState(self.sync_state)].tone

    @property
    def requester_label(self) -> str:
        return str(self.requester or self.opened_by or _("Hubdesk"))

    @property
    def we_spoke_last(self) -> bool:
        return self.last_message_kind == MessageKind.REPLY

    @property
    def is_over(self) -> bool:
        return self.status.is_over


class TicketEvent(models.Model):
    """One change of one field of a ticket, or that something happened to it. Append-only."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="events")
    field = models.CharField(max_length=40, help_text=_("The field that changed; 'opened' for the first row."))
    before = models.CharField(max_length=255, blank=True)
    after = models.CharField(max_length=255, blank=True)
    note = models.TextField(blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    actor_role = models.CharField(max_length=40, blank=True)
    actor_label = models.CharField(max_length=200, blank=True)
    ticket_version = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["ticket", "at", "id"], name="ticket_event_of_ticket")]

    def __str__(self) -> str:
        return f"{self.field}: {self.before} → {self.after}"


NEWEST = (F("updated_at").desc(), F("pk").desc())
