"""A ticket, and what happened to it."""

import json
from collections.abc import Sequence
from typing import Self

from django.conf import settings
from django.db import connection, models
from django.db.models import F, Q
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from communities.models import User
from communities.states import Party
from ground.actors import Actor
from ground.outbox import Waiting
from support.models.statuses import TicketStatus
from support.models.terms import SupportTerms
from support.policy import championed_by, communities_of, is_desk_staff, represented_by, teams_of
from support.states import (
    SYNC_LOOKS,
    ClockKind,
    Escalation,
    GoneReason,
    Impact,
    Kind,
    MessageKind,
    Priority,
    Status,
    StatusGroup,
    SyncState,
)


class TicketQuerySet(models.QuerySet["Ticket"]):
    """Tickets by whose turn it is and who may see them."""

    def visible_to(self, actor: Actor) -> Self:
        """Staff of the desk see all; a member their own, what names them, and what their community's terms show. See `access.can_see`."""
        if is_desk_staff(actor):
            return self
        if actor.user is None:
            return self.none()
        mine = communities_of(actor)
        inside = Q(community__in=mine) | Q(community__in=SupportTerms.objects.open_to_anybody().values("community"))
        own = Q(opened_by=actor.user) | Q(requester__user=actor.user)
        named = Q(pk__in=self.model.readers.through._base_manager.filter(user=actor.user).values("ticket"))
        return self.filter((own & inside) | (Q(community__in=mine) & (named | (Q(confidential=False) & _shared_with(actor)))))

    def within_reach_of(self, actor: Actor) -> Self:
        """Of what a member may see, nothing left out; said so that an index of communities finds it. See `visible_to`."""
        mine, anybody = communities_of(actor), SupportTerms.objects.open_to_anybody().values("community")
        outside = self.model._base_manager.filter(community__in=anybody).exclude(community__in=mine)
        asked = outside.filter(opened_by=actor.user), outside.filter(requester__user=actor.user)
        own = list(asked[0].values_list("pk", flat=True).union(asked[1].values_list("pk", flat=True)))
        return self.filter(Q(community__in=mine) | Q(pk__in=own))

    def to_approve_by(self, actor: Actor) -> Self:
        """Waiting for approval, and this person may give it. See `access.can_approve`."""
        waiting = self.filter(sync_state=SyncState.AWAITING_APPROVAL, approval__outcome="")
        return waiting if is_desk_staff(actor) else waiting.filter(_approved_by(actor), confidential=False)

    def asked_by(self, user: User | None) -> Self:
        """Opened by this person, or for them."""
        return self.filter(Q(opened_by=user) | Q(requester__user=user)) if user else self.none()

    def kept(self) -> Self:
        """Not gone from Freshdesk; also what has not been let through to the desk."""
        return self.exclude(sync_state=SyncState.GONE)

    def here(self) -> Self:
        """What the desk works on: not gone from Freshdesk, and not waiting for a representative's approval."""
        return self.kept().exclude(sync_state=SyncState.AWAITING_APPROVAL)

    def of_groups(self, *groups: str) -> Self:
        """In a status of one of these groups."""
        return self.filter(status__in=TicketStatus.objects.of_groups(*groups))

    def tagged(self, tag: str) -> Self:
        """With that very tag; tags hold no quotation mark."""
        written = json.dumps(tag, ensure_ascii=connection.vendor == "sqlite")
        return self.annotate(tags_written=Cast("tags", models.TextField())).filter(tags_written__contains=written)

    def active(self) -> Self:
        return self.of_groups(StatusGroup.OPEN, StatusGroup.WAITING)

    def for_list(self) -> Self:
        """With everything a row of a list shows, and without what only the ticket's page shows."""
        return self.select_related("status", "community", "requester", "assignee", "hub").defer("body_html", "body_text", "remote_raw")


def _shared_with(actor: Actor) -> Q:
    """What the terms of this person's communities show them of others' tickets."""
    only_own = SupportTerms.objects.seen_by_who_asked().values("community")
    team = Q(community__in=teams_of(actor)) & ~Q(community__in=only_own)
    everybody = Q(community__in=SupportTerms.objects.seen_by_all().values("community"))
    let_through = ~Q(sync_state=SyncState.AWAITING_APPROVAL)
    return (let_through & (team | everybody)) | (~let_through & _approved_by(actor))


def _approved_by(actor: Actor) -> Q:
    """In a community whose tickets this person approves."""
    with_champions = SupportTerms.objects.with_champions().values("community")
    return Q(community__in=represented_by(actor)) | (Q(community__in=championed_by(actor)) & Q(community__in=with_champions))


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
    confidential = models.BooleanField(
        default=False, help_text=_("Only its requester, who they name and the desk see it, not the rest of the team.")
    )
    readers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="support.TicketReader", through_fields=("ticket", "user"), related_name="+"
    )
    satisfaction = models.SmallIntegerField(null=True, blank=True, help_text=_("What its requester said last of how they were helped."))
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
    next_due_at = models.DateTimeField(null=True, blank=True, help_text=_("When the first of its running clocks is due."))
    due_clock = models.CharField(max_length=10, choices=ClockKind, blank=True, help_text=_("The clock that `next_due_at` is of."))
    first_replied_at = models.DateTimeField(null=True, blank=True)
    solved_at = models.DateTimeField(null=True, blank=True, help_text=_("Since when nobody holds a next step; empty while somebody does."))
    snoozed_until = models.DateTimeField(null=True, blank=True, help_text=_("Until when it stays out of the desk's way."))
    escalation = models.CharField(max_length=10, choices=Escalation, blank=True)
    incident = models.ForeignKey("support.Incident", null=True, blank=True, on_delete=models.SET_NULL, related_name="tickets")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="children")
    followed_version = models.PositiveIntegerField(
        default=0, help_text=_("Up to which version its rules have run and its watchers were told.")
    )
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

    merged_here: Sequence["Ticket"] = ()
    """The tickets that were merged into it, where `relating.found` looked."""

    objects = TicketQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-updated_at", "-id"], name="ticket_newest"),
            models.Index(fields=["-created_at", "-id"], name="ticket_opened"),
            models.Index(fields=["-priority", "-updated_at", "-id"], name="ticket_urgent"),
            models.Index(fields=["status", "-updated_at", "-id"], name="ticket_status_newest"),
            models.Index(fields=["assignee", "status", "-updated_at", "-id"], name="ticket_of_assignee"),
            models.Index(fields=["community", "-updated_at", "-id"], name="ticket_community_newest"),
            models.Index(fields=["waiting_since", "id"], name="ticket_longest_waiting", condition=Q(waiting_since__isnull=False)),
            models.Index(fields=["next_due_at", "id"], name="ticket_due", condition=Q(next_due_at__isnull=False)),
            models.Index(fields=["kind", "status", "-updated_at", "-id"], name="ticket_of_kind"),
            models.Index(fields=["id"], name="ticket_merged_waiting", condition=Q(merged_into__isnull=False, waiting_since__isnull=False)),
            models.Index(fields=["snoozed_until"], name="ticket_snoozed", condition=Q(snoozed_until__isnull=False)),
            models.Index(fields=["-updated_at", "-id"], name="ticket_escalated", condition=~Q(escalation="")),
            models.Index(fields=["id"], name="ticket_to_follow", condition=Q(followed_version__lt=F("version"))),
            models.Index(fields=["solved_at"], name="ticket_lately_solved", condition=Q(solved_at__isnull=False)),
            models.Index(fields=["sync_state", "-updated_at", "-id"], name="ticket_sync_newest"),
            models.Index(fields=["created_at", "community"], name="ticket_reported_opened"),
            models.Index(fields=["solved_at", "community"], name="ticket_reported_solved", condition=Q(solved_at__isnull=False)),
            models.Index(fields=["community"], name="ticket_reported_left", condition=Q(solved_at__isnull=True)),
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
    def told_status(self) -> TicketStatus:
        """Where it stands for its community: a merged ticket as the one in which it is answered now."""
        primary = self.merged_into if not self.gone_reason else None
        is_told = primary is not None and primary.community_id == self.community_id and primary.confidential == self.confidential
        return primary.status if primary and is_told else self.status

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
        indexes = [
            models.Index(fields=["ticket", "at", "id"], name="ticket_event_of_ticket"),
            models.Index(fields=["field", "-at", "-id"], name="ticket_event_of_field"),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.before} → {self.after}"


NEWEST = (F("updated_at").desc(), F("pk").desc())
