"""What a letter changes on its ticket besides being written: decided with it, applied when it leaves."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from communities.models import User
from support.models import Ticket, TicketStatus
from support.states import MacroAssignee
from support.vocabulary import tags


@dataclass(frozen=True, kw_only=True)
class Changes:
    """Each empty one changes nothing. `assignee`: the person who writes, or nobody."""

    status: TicketStatus | None = None
    priority: int | None = None
    kind: str = ""
    assignee: str = ""
    tags_added: tuple[str, ...] = ()
    tags_removed: tuple[str, ...] = ()
    snooze_hours: int | None = None

    @property
    def fields(self) -> set[str]:
        """The fields of the ticket that may change."""
        named: dict[str, object] = {"status": self.status, "priority": self.priority, "kind": self.kind, "assignee": self.assignee}
        named |= {"tags": self.tags_added or self.tags_removed, "snoozed_until": self.snooze_hours}
        return {name for name, value in named.items() if value}

    def with_status(self, status: TicketStatus | None) -> "Changes":
        """The same, with that status if one is named."""
        return replace(self, status=status) if status else self

    def values(self, ticket: Ticket, *, user: User | None, now: datetime) -> dict[str, Any]:
        """What to set on the ticket as it is then."""
        found: dict[str, Any] = {}
        if self.status:
            found["status"] = self.status
        if self.priority:
            found["priority"] = self.priority
        if self.kind:
            found["kind"] = self.kind
        if self.assignee:
            found["assignee"] = user if self.assignee == MacroAssignee.ME else None
        if self.tags_added or self.tags_removed:
            found["tags"] = self._tags(ticket)
        if self.snooze_hours:
            found["snoozed_until"] = now + timedelta(hours=self.snooze_hours)
        return found

    def _tags(self, ticket: Ticket) -> list[str]:
        return tags.together(ticket.tags, added=self.tags_added, removed=self.tags_removed)

    def as_json(self) -> dict[str, Any]:
        """As a row keeps it."""
        found = {name: getattr(self, name) for name in ("priority", "kind", "assignee", "snooze_hours") if getattr(self, name)}
        found |= {name: list(getattr(self, name)) for name in ("tags_added", "tags_removed") if getattr(self, name)}
        return found | ({"status": self.status.code} if self.status else {})

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> "Changes":
        """From what a row kept."""
        values = {**kept, "tags_added": tuple(kept.get("tags_added", ())), "tags_removed": tuple(kept.get("tags_removed", ()))}
        if "status" in values:
            values["status"] = TicketStatus.objects.filter(code=values["status"]).first()
        return cls(**values)


NOTHING = Changes()
