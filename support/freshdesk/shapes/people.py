"""People on both sides, and the organisations they belong to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from support.freshdesk.reading import number
from support.freshdesk.shapes.base import Numbered


@dataclass(frozen=True, kw_only=True)
class Contact(Numbered):
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
    """Ids in lists, objects with `company_id` in a view."""
    view_all_tickets: bool = False
    unique_external_id: str = ""
    job_title: str = ""
    language: str = ""
    time_zone: str = ""
    tags: tuple[str, ...] = ()
    org_contact_id_str: str = ""
    """The id across products; as a number it is larger than some readers keep whole."""
    custom_fields: Mapping[str, Any] = field(default_factory=dict)

    @property
    def company_ids(self) -> tuple[int, ...]:
        """The primary company first."""
        others = [number(each.get("company_id") if isinstance(each, Mapping) else each) for each in self.other_companies]
        return tuple(dict.fromkeys(each for each in (self.company_id, *others) if each is not None))


@dataclass(frozen=True, kw_only=True)
class Company(Numbered):
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
class Agent(Numbered):
    """A person who answers. The id is also the `user_id` of what they write."""

    contact: Contact | None = None
    available: bool = False
    occasional: bool = False
    deactivated: bool = False
    ticket_scope: int | None = None
    type: str = ""
    group_ids: tuple[int, ...] = ()
    role_ids: tuple[int, ...] = ()
    skill_ids: tuple[int, ...] = ()
    signature: str = ""
    last_active_at: datetime | None = None

    @property
    def name(self) -> str:
        return self.contact.name if self.contact else ""

    @property
    def email(self) -> str:
        return self.contact.email if self.contact else ""


@dataclass(frozen=True, kw_only=True)
class Group(Numbered):
    """Agents who share a queue."""

    name: str = ""
    description: str = ""
    agent_ids: tuple[int, ...] = ()
    """Only where one group is asked for."""
    auto_ticket_assign: Any = None
    """0 off, 1 round robin, 2 by skill, 3 by load, 12 Omniroute; a plain yes or no on older accounts."""

    @property
    def assigns_by_itself(self) -> bool:
        return bool(self.auto_ticket_assign)
