"""Tickets, and what is said on them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from support.freshdesk.shapes.base import Numbered


@dataclass(frozen=True, kw_only=True)
class Attachment(Numbered):
    """The address in `attachment_url` expires: keep id, name and size."""

    name: str = ""
    content_type: str = ""
    size: int | None = None
    file_size: int | None = None
    attachment_url: str = ""

    @property
    def octets(self) -> int | None:
        return self.size if self.size is not None else self.file_size


@dataclass(frozen=True, kw_only=True)
class Conversation(Numbered):
    """A reply, a note or a requester's post on a ticket."""

    ticket_id: int | None = None
    user_id: int | None = None
    body: str = ""
    body_text: str = ""
    incoming: bool = False
    private: bool = False
    source: int | None = None
    category: int | None = None
    support_email: str = ""
    from_email: str = ""
    to_emails: tuple[str, ...] = ()
    cc_emails: tuple[str, ...] = ()
    bcc_emails: tuple[str, ...] = ()
    thread_id: str = ""
    email_failure_count: int | None = None
    auto_response: bool = False
    last_edited_at: datetime | None = None
    last_edited_user_id: int | None = None
    attachments: tuple[Attachment, ...] = ()

    @property
    def changed_at(self) -> datetime | None:
        """An edit shows in `last_edited_at` only."""
        return max(filter(None, (self.created_at, self.updated_at, self.last_edited_at)), default=None)


@dataclass(frozen=True, kw_only=True)
class Requester(Numbered):
    """The short contact inside a ticket asked for with include=requester."""

    name: str = ""
    email: str = ""
    phone: str = ""
    mobile: str = ""


@dataclass(frozen=True, kw_only=True)
class TicketCompany(Numbered):
    """The short company inside a ticket asked for with include=company."""

    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Stats(Numbered):
    """A ticket's times, with include=stats."""

    agent_responded_at: datetime | None = None
    requester_responded_at: datetime | None = None
    first_responded_at: datetime | None = None
    status_updated_at: datetime | None = None
    reopened_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    pending_since: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Ticket(Numbered):
    """A ticket in any of its shapes: as created, viewed, listed, found or archived."""

    subject: str = ""
    description: str = ""
    description_text: str = ""
    status: int | None = None
    priority: int | None = None
    source: int | None = None
    type: str = ""
    requester_id: int | None = None
    responder_id: int | None = None
    group_id: int | None = None
    company_id: int | None = None
    product_id: int | None = None
    email_config_id: int | None = None
    spam: bool = False
    deleted: bool = False
    archived: bool = False
    association_type: int | None = None
    associated_tickets_list: tuple[int, ...] = ()
    source_info: int | None = None
    form_id: int | None = None
    sentiment_score: int | None = None
    support_email: str = ""
    due_by: datetime | None = None
    fr_due_by: datetime | None = None
    nr_due_by: datetime | None = None
    is_escalated: bool = False
    fr_escalated: bool = False
    nr_escalated: bool = False
    tags: tuple[str, ...] = ()
    cc_emails: tuple[str, ...] = ()
    fwd_emails: tuple[str, ...] = ()
    reply_cc_emails: tuple[str, ...] = ()
    ticket_cc_emails: tuple[str, ...] = ()
    to_emails: tuple[str, ...] = ()
    custom_fields: Mapping[str, Any] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    conversations: tuple[Conversation, ...] = ()
    requester: Requester | None = None
    company: TicketCompany | None = None
    stats: Stats | None = None
