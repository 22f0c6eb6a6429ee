"""How tickets belong together: one that was merged into another, one that was split off, ones that are about the same thing."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ground.actors import Actor
from support.models.tickets import Ticket
from support.policy import is_desk_staff
from support.states import LinkKind


class TicketLinkQuerySet(models.QuerySet["TicketLink"]):
    """Links by what they say and whether they still hold."""

    def visible_to(self, actor: Actor) -> Self:
        """Staff of the desk have all; nobody else has any. See `access.can_work`."""
        return self if is_desk_staff(actor) else self.none()

    def standing(self) -> Self:
        """Not taken back."""
        return self.filter(undone_at=None)

    def of(self, ticket: Ticket) -> Self:
        """On either side of it."""
        return self.filter(Q(ticket=ticket) | Q(other=ticket))


class TicketLink(models.Model):
    """One ticket and another. `ticket` was merged into, or split off from, `other`; of two related ones it is the older row.

    A merge that was taken back stays as a row: the answers that were meant for both while it held were sent to both.
    """

    kind = models.CharField(max_length=10, choices=LinkKind)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="links")
    other = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="links_from")
    status_before = models.PositiveSmallIntegerField(null=True, blank=True)
    """The status a merged ticket had, which it gets again when the merge is taken back."""
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_label = models.CharField(max_length=200, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = TicketLinkQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["other", "kind", "created_at"], name="link_of_other")]
        constraints = [
            models.UniqueConstraint(fields=["ticket"], name="merged_once", condition=Q(kind=LinkKind.MERGED, undone_at__isnull=True)),
            models.UniqueConstraint(fields=["kind", "ticket", "other"], name="linked_once", condition=Q(undone_at__isnull=True)),
            models.CheckConstraint(condition=~Q(ticket=F("other")), name="link_of_two"),
            models.CheckConstraint(condition=Q(kind=LinkKind.MERGED) | Q(status_before__isnull=True), name="link_status_of_merged"),
            models.CheckConstraint(condition=~Q(kind=LinkKind.RELATED) | Q(ticket__lt=F("other")), name="link_related_older_first"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.kind} {self.other_id}"
