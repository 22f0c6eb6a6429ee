"""What we send to Freshdesk. None means "not said" and stays out of the request: an unknown or an unwanted key is refused there."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Draft:
    """The body of one request."""

    def payload(self) -> dict[str, Any]:
        said = {each.name: getattr(self, each.name) for each in fields(self) if getattr(self, each.name) is not None}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()}


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
    tags: tuple[str, ...] | None = None
    custom_fields: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class TicketChanges(Draft):
    """Only what is named changes; `tags` replaces the whole list."""

    status: int | None = None
    priority: int | None = None
    type: str | None = None
    group_id: int | None = None
    responder_id: int | None = None
    subject: str | None = None
    description: str | None = None
    tags: tuple[str, ...] | None = None
    custom_fields: Mapping[str, Any] | None = None
    nobody_responds: bool = False

    def payload(self) -> dict[str, Any]:
        said = super().payload()
        return {**said, "responder_id": None} if said.pop("nobody_responds") else said


@dataclass(frozen=True, kw_only=True)
class NewNote(Draft):
    """Private unless said otherwise. A member's post is public, incoming and by that contact: the one way in without mail."""

    body: str
    private: bool = True
    incoming: bool | None = None
    user_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class ContactFacts(Draft):
    """A contact to create or change."""

    name: str | None = None
    email: str | None = None
    company_id: int | None = None
    unique_external_id: str | None = None
    language: str | None = None
    time_zone: str | None = None
    job_title: str | None = None
    view_all_tickets: bool | None = None


@dataclass(frozen=True, kw_only=True)
class CompanyFacts(Draft):
    """A company to create or change. No domains: two communities may share one, so contacts are assigned by id."""

    name: str | None = None
    description: str | None = None
    note: str | None = None
    custom_fields: Mapping[str, Any] | None = None
