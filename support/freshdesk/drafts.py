"""What we send to Freshdesk. What is not said stays out of the request: an unknown or an unwanted key is refused there."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import Enum
from typing import Any


class Unsaid(Enum):
    """Where null is something to say, this is what is not said."""

    UNSAID = "unsaid"

    def __repr__(self) -> str:
        return "UNSAID"


UNSAID = Unsaid.UNSAID


@dataclass(frozen=True, kw_only=True)
class Draft:
    """The body of one request. None is not said."""

    def payload(self) -> dict[str, Any]:
        return {name: _plain(value) for name, value in self._fields().items() if value is not None}

    def _fields(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(self)}


@dataclass(frozen=True, kw_only=True)
class NewTicket(Draft):
    """`description` is HTML. Times cannot be sent: Freshdesk refuses back-dating."""

    subject: str
    description: str
    requester_id: int | None = None
    email: str | None = None
    name: str | None = None
    status: int = 2
    priority: int = 1
    source: int = 2
    type: str | None = None
    group_id: int | None = None
    responder_id: int | None = None
    company_id: int | None = None
    cc_emails: tuple[str, ...] | None = None
    tags: tuple[str, ...] | None = None
    custom_fields: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class TicketChanges(Draft):
    """Only what is said changes, and None empties a field; `tags` replaces the whole list."""

    status: int | Unsaid = UNSAID
    priority: int | Unsaid = UNSAID
    type: str | Unsaid | None = UNSAID
    group_id: int | Unsaid | None = UNSAID
    responder_id: int | Unsaid | None = UNSAID
    requester_id: int | Unsaid = UNSAID
    company_id: int | Unsaid | None = UNSAID
    subject: str | Unsaid = UNSAID
    description: str | Unsaid = UNSAID
    tags: tuple[str, ...] | Unsaid = UNSAID
    custom_fields: Mapping[str, Any] | Unsaid = UNSAID

    @classmethod
    def said(cls, values: Mapping[str, Any]) -> "TicketChanges":
        """From the names and values of what is to change; other names than these are left out."""
        return cls(**{each.name: values[each.name] for each in fields(cls) if each.name in values})

    def payload(self) -> dict[str, Any]:
        return {name: _plain(value) for name, value in self._fields().items() if value is not UNSAID}


@dataclass(frozen=True, kw_only=True)
class NewNote(Draft):
    """Private unless said otherwise. A member's post is public, incoming and by that contact: the one way in without mail."""

    body: str
    private: bool = True
    incoming: bool | None = None
    user_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class MergeNote(Draft):
    """What is written on a ticket when it is merged."""

    body: str
    private: bool = True


@dataclass(frozen=True, kw_only=True)
class NewRating(Draft):
    """What a requester thought of a ticket: the answer to the default question, and their words."""

    ratings: Mapping[str, int]
    feedback: str | None = None


@dataclass(frozen=True, kw_only=True)
class ContactFacts(Draft):
    """A contact to create or change."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    company_id: int | None = None
    unique_external_id: str | None = None
    language: str | None = None
    time_zone: str | None = None
    job_title: str | None = None
    view_all_tickets: bool | None = None
    custom_fields: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class CompanyFacts(Draft):
    """A company to create or change. No domains: two communities may share one, so contacts are assigned by id."""

    name: str | None = None
    description: str | None = None
    note: str | None = None
    custom_fields: Mapping[str, Any] | None = None


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, Mapping) else value
