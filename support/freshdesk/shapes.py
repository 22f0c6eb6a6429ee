"""What Freshdesk sends: every field optional, enumerations open, unknown keys kept in `raw`. A key that is absent was not cleared."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from functools import cache
from typing import Any, Self, cast, get_args, get_origin, get_type_hints


def moment(text: str) -> datetime | None:
    """A time of Freshdesk's: seconds, mostly UTC, older samples with an offset."""
    try:
        value = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Shape:
    """One object of the API. `raw` is what came, unchanged."""

    id: int | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def read(cls, payload: Mapping[str, Any]) -> Self:
        """The typed view of a payload; null and absent both become the field's default."""
        shape: Any = cls
        known = {name: read(payload[name]) for name, read in _readers(shape).items() if payload.get(name) is not None}
        return cls(**known, raw=payload)

    def has(self, name: str) -> bool:
        """Whether the answer held this key at all, be it null."""
        return name in self.raw


@cache
def _readers(shape: type[Shape]) -> dict[str, Callable[[Any], Any]]:
    hints = get_type_hints(shape)
    return {each.name: _reader(hints[each.name]) for each in fields(shape) if each.name != "raw"}


def _reader(hint: Any) -> Callable[[Any], Any]:
    """How a value becomes what its annotation says: times and nested shapes are read, everything else stays as it came."""
    inner = next((part for part in get_args(hint) or (hint,) if part not in {type(None), Ellipsis}), hint)
    is_shape = isinstance(inner, type) and issubclass(inner, Shape)
    if get_origin(hint) is tuple:
        return (lambda rows: tuple(inner.read(row) for row in rows)) if is_shape else tuple
    if is_shape:
        return cast("Callable[[Any], Any]", inner.read)
    return moment if inner is datetime else _as_it_is


def _as_it_is(value: Any) -> Any:
    return value


@dataclass(frozen=True, kw_only=True)
class Attachment(Shape):
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
class Conversation(Shape):
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
    last_edited_at: datetime | None = None
    last_edited_user_id: int | None = None
    attachments: tuple[Attachment, ...] = ()

    @property
    def changed_at(self) -> datetime | None:
        """An edit shows in `last_edited_at` only."""
        return max(filter(None, (self.created_at, self.updated_at, self.last_edited_at)), default=None)


@dataclass(frozen=True, kw_only=True)
class Requester(Shape):
    """The short contact inside a ticket asked for with include=requester."""

    name: str = ""
    email: str = ""
    phone: str = ""
    mobile: str = ""


@dataclass(frozen=True, kw_only=True)
class TicketCompany(Shape):
    """The short company inside a ticket asked for with include=company."""

    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Stats(Shape):
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
class Ticket(Shape):
    """A ticket in any of its three shapes: as created, as viewed, as listed."""

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
    to_emails: tuple[str, ...] = ()
    custom_fields: Mapping[str, Any] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    conversations: tuple[Conversation, ...] = ()
    requester: Requester | None = None
    company: TicketCompany | None = None
    stats: Stats | None = None


@dataclass(frozen=True, kw_only=True)
class Contact(Shape):
    """A person who asks. Custom fields have no cf_ prefix here."""

    name: str = ""
    email: str = ""
    other_emails: tuple[str, ...] = ()
    phone: str = ""
    mobile: str = ""
    active: bool = False
    deleted: bool = False
    company_id: int | None = None
    other_companies: tuple[Any, ...] = ()
    view_all_tickets: bool = False
    unique_external_id: str = ""
    job_title: str = ""
    language: str = ""
    time_zone: str = ""
    custom_fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Company(Shape):
    """An organisation; each of our communities is one."""

    name: str = ""
    description: str = ""
    note: str = ""
    domains: tuple[str, ...] = ()
    account_tier: str = ""
    health_score: str = ""
    industry: str = ""
    renewal_date: datetime | None = None
    custom_fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Agent(Shape):
    """A person who answers. The id is also the `user_id` of what they write."""

    contact: Contact | None = None
    available: bool = False
    occasional: bool = False
    deactivated: bool = False
    ticket_scope: int | None = None
    type: str = ""
    group_ids: tuple[int, ...] = ()
    role_ids: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        return self.contact.name if self.contact else ""

    @property
    def email(self) -> str:
        return self.contact.email if self.contact else ""


@dataclass(frozen=True, kw_only=True)
class Group(Shape):
    """Agents who share a queue."""

    name: str = ""
    description: str = ""
    agent_ids: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TicketField(Shape):
    """A field of the ticket form. `choices` is a list for a type, {label: id} for a priority, {"2": [agent, customer]} for a status."""

    name: str = ""
    label: str = ""
    type: str = ""
    default: bool = False
    required_for_agents: bool = False
    required_for_closure: bool = False
    choices: Any = None

    def options(self) -> dict[str, str]:
        """Value → the word agents read, whatever the choices look like."""
        match self.choices:
            case list():
                return {str(choice): str(choice) for choice in self.choices if not isinstance(choice, Mapping)}
            case Mapping() if all(isinstance(words, list) for words in self.choices.values()):
                return {str(value): str(words[0]) for value, words in self.choices.items() if words}
            case Mapping():
                return {str(value): str(word) for word, value in self.choices.items() if not isinstance(value, Mapping)}
        return {}
