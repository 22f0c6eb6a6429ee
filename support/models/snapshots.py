"""How a hub stood when a ticket about it was reported."""

from typing import Self

from django.db import models

from ground.actors import Actor
from support.models.tickets import Ticket
from support.policy import is_desk_staff


class HubSnapshotQuerySet(models.QuerySet["HubSnapshot"]):
    """Snapshots by who reads them."""

    def visible_to(self, actor: Actor) -> Self:
        """Staff of the desk have all; nobody else has any. See `access.can_work`."""
        return self if is_desk_staff(actor) else self.none()


class HubSnapshot(models.Model):
    """The facts of one hub at one moment, as `hub_facts.facts_of` writes them. Written once, never changed."""

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, related_name="hub_snapshot")
    hub = models.ForeignKey("hubs.Hub", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    facts = models.JSONField(default=dict)
    taken_at = models.DateTimeField()

    objects = HubSnapshotQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.facts.get("hub", ""))
