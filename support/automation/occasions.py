"""What a rule may wait for: an event or a message, and which of a rule's triggers it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from support.models import Message, TicketEvent
from support.states import MessageKind, Trigger

EVENTS: Mapping[str, Trigger] = {
    "opened": Trigger.OPENED,
    "approved": Trigger.APPROVED,
    "clock_warned": Trigger.CLOCK_WARNED,
    "clock_missed": Trigger.CLOCK_MISSED,
    "rated": Trigger.RATED,
    "timebox_over": Trigger.TIMEBOX,
}
MESSAGES: Mapping[str, Trigger] = {MessageKind.INCOMING: Trigger.CAME, MessageKind.REPLY: Trigger.WENT}
FIELDS = ("kind", "impact", "responsible", "status", "priority", "assignee", "community", "group", "hub", "tags", "subject", "escalation")
"""Whose change is one: what else stands in a history happened without changing the ticket."""


@dataclass(frozen=True)
class Occasion:
    """One event or message as rules look at it."""

    key: str
    trigger: str
    at: datetime
    is_by_rule: bool
    field: str = ""
    event: TicketEvent | None = None
    message: Message | None = None

    @classmethod
    def of_event(cls, event: TicketEvent) -> "Occasion":
        trigger = EVENTS.get(event.field) or (Trigger.CHANGED if event.field in FIELDS else "")
        by_rule = event.actor_role == "rule"
        return cls(f"event:{event.pk}", trigger, event.at, by_rule, field=event.field, event=event)

    @classmethod
    def of_message(cls, message: Message) -> "Occasion":
        by_rule = message.kind != MessageKind.INCOMING and message.author_user_id is None and bool(message.external_key)
        return cls(f"message:{message.pk}", MESSAGES.get(message.kind, ""), message.created_at, by_rule, message=message)

    def is_for(self, trigger: str, changed_field: str) -> bool:
        return self.trigger == trigger and (trigger != Trigger.CHANGED or changed_field in {"", self.field})
