"""What the desk holds on one person: to be given to them, and to be forgotten with their account."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import CASCADE, F, ForeignKey, Model, Q

from communities.models import User
from support.models import (
    Absence,
    Approval,
    ChecklistItem,
    Draft,
    IncidentEvent,
    IncidentUpdate,
    Mention,
    Message,
    Notice,
    SatisfactionRating,
    Ticket,
    TicketLink,
    TicketReader,
    TimeEntry,
    Watch,
)

Held = dict[str, Any]
LABELS: Mapping[type[Model], tuple[str, str]] = {
    TimeEntry: ("user", "label"),
    ChecklistItem: ("done_by", "done_label"),
    TicketLink: ("created_by", "created_label"),
    IncidentUpdate: ("by", "by_label"),
    IncidentEvent: ("actor", "actor_label"),
}
"""Rows that stay when their writer is forgotten: whose they are, and the name that stood there."""


def is_held(email: str) -> bool:
    """Whether somebody asked the desk something from that address."""
    return Ticket.objects.filter(requester__email__iexact=email).exists()


def held(email: str, user: User | None) -> Held:
    """What they asked and said, and what they did and set at the desk, as plain values. Words of others are not theirs."""
    reference = F("ticket__reference")
    asked = Ticket.objects.filter(Q(requester__email__iexact=email) | Q(opened_by=user) if user else Q(requester__email__iexact=email))
    said = Q(author_contact__email__iexact=email) | Q(author_user=user) if user else Q(author_contact__email__iexact=email)
    return {
        "tickets": list(
            asked.order_by("pk").values("reference", "subject", "body_text", "created_at", "satisfaction", page=F("widget_ask__page_url"))
        ),
        "messages": list(Message.objects.filter(said).order_by("pk").values("kind", "body_text", "created_at", ticket_reference=reference)),
        "ratings": list(
            SatisfactionRating.objects.filter(ticket__in=asked)
            .order_by("pk")
            .values("rating", "feedback", "created_at", ticket_reference=reference)
        ),
        **(_done_by(user) if user else {}),
    }


def forget(user: User) -> None:
    """Delete what was theirs alone, and take their name off what stays for others."""
    for field in _owned():
        field.model._base_manager.filter(**{field.name: user}).delete()
    for model, (whose, label) in LABELS.items():
        model._base_manager.filter(**{whose: user}).update(**{label: ""})


def _done_by(user: User) -> Held:
    reference = F("ticket__reference")
    mine = Q(user=user)
    return {
        "named_in": list(TicketReader.objects.filter(mine).order_by("pk").values("added_at", ticket_reference=reference)),
        "approvals": list(
            Approval.objects.filter(decided_by=user).order_by("pk").values("outcome", "answer", "decided_at", ticket_reference=reference)
        ),
        "watches": list(Watch.objects.filter(mine).order_by("pk").values("why", "since", "stopped_at", ticket_reference=reference)),
        "notices": list(Notice.objects.filter(mine).order_by("pk").values("kind", "made_at", "read_at", ticket_reference=reference)),
        "mentions": list(
            Mention.objects.filter(mine)
            .order_by("pk")
            .values(at=F("message__created_at"), ticket_reference=F("message__ticket__reference"))
        ),
        "drafts": list(Draft.objects.filter(mine).order_by("pk").values("kind", "body", "updated_at", ticket_reference=reference)),
        "time_spent": list(TimeEntry.objects.filter(mine).order_by("pk").values("minutes", "note", "spent_at", ticket_reference=reference)),
        "absences": list(Absence.objects.filter(mine).order_by("pk").values("first_day", "last_day", "note")),
    }


def _owned() -> Iterator[ForeignKey[Any, Any]]:
    """Every column of the desk that says whose a row is and takes the row along; a table that comes later is among them."""
    for relation in User._meta.get_fields(include_hidden=True):
        is_ours = relation.auto_created and relation.related_model is not None and relation.related_model._meta.app_label == "support"
        if is_ours and getattr(relation, "on_delete", None) is CASCADE:
            yield relation.field  # type: ignore[union-attr,misc]  # a relation from another table has one
