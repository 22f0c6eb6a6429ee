"""What a list needs to know besides the rows: who looks, when, the table of statuses, and the views that were kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Q
from django.utils import timezone

from ground.actors import Actor
from support.models import SavedView, TicketStatus
from support.states import StatusGroup

MOST_SAVED = 30


@dataclass(frozen=True)
class Moment:
    """Who looks at the desk, and when."""

    actor: Actor
    now: datetime
    statuses: Mapping[int, TicketStatus]

    def codes(self, *groups: str) -> list[int]:
        return [code for code, status in self.statuses.items() if status.group in groups]

    @property
    def active(self) -> Q:
        return Q(status__in=self.codes(StatusGroup.OPEN, StatusGroup.WAITING))

    @property
    def awake(self) -> Q:
        """Not snoozed, or no longer."""
        return Q(snoozed_until=None) | Q(snoozed_until__lte=self.now)

    @cached_property
    def saved(self) -> Mapping[str, SavedView]:
        """The kept views this person may use, by key, in the rail's order. One query, when it is first asked for."""
        views = SavedView.objects.visible_to(self.actor).in_rail()[:MOST_SAVED]
        return {view.key: view for view in views}


def moment(actor: Actor) -> Moment:
    """Now, for this person. One query: the table of statuses."""
    return Moment(actor=actor, now=timezone.now(), statuses={status.pk: status for status in TicketStatus.objects.all()})
