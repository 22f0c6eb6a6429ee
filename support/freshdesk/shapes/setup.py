"""How an account is set up, and what it measures beside tickets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from support.freshdesk.reading import number
from support.freshdesk.shapes.base import Numbered, Shape
from support.freshdesk.shapes.tickets import Attachment


@dataclass(frozen=True, kw_only=True)
class TicketField(Numbered):
    """A field of the ticket form. `choices` is a list for a type, {label: id} for a priority, {"2": [agent, customer]} for a status."""

    name: str = ""
    label: str = ""
    type: str = ""
    default: bool = False
    required_for_agents: bool = False
    required_for_closure: bool = False
    required_for_customers: bool = False
    position: int | None = None
    choices: Any = None
    nested_ticket_fields: tuple[Any, ...] = ()

    def options(self) -> dict[str, str]:
        """Value → the word agents read, whatever the choices look like; of nested choices the outermost."""
        match self.choices:
            case list():
                return {word: word for choice in self.choices for word in (choice if isinstance(choice, Mapping) else [str(choice)])}
            case Mapping():
                return dict(_option(str(name), value) for name, value in self.choices.items())
        return {}


def _option(name: str, value: Any) -> tuple[str, str]:
    """{"2": [agents' word, customers' word]}, {word: code}, or {word: what is nested in it}."""
    match value:
        case [first, *_] if name.isdigit():
            return name, str(first)
        case int() | str():
            return str(value), name
    return name, name


@dataclass(frozen=True, kw_only=True)
class CannedResponse(Numbered):
    """Words kept for many tickets, with Liquid placeholders. `visibility`: 0 everybody, 1 its author, 2 groups."""

    title: str = ""
    content: str = ""
    content_html: str = ""
    folder_id: int | None = None
    visibility: int | None = None
    group_ids: tuple[int, ...] = ()
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CannedFolder(Numbered):
    """Where canned responses lie; asked for alone it names them."""

    name: str = ""
    personal: bool = False
    responses_count: int | None = None
    canned_responses: tuple[CannedResponse, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SatisfactionRating(Numbered):
    """What a requester thought: 103 … 101 good, 100 neither, −101 … −103 bad; 1, 2, 3 in the classic survey."""

    survey_id: int | None = None
    ticket_id: int | None = None
    user_id: int | None = None
    agent_id: int | None = None
    group_id: int | None = None
    feedback: str = ""
    ratings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def overall(self) -> int | None:
        return number(self.ratings.get("default_question"))


@dataclass(frozen=True, kw_only=True)
class TimeEntry(Numbered):
    """Work somebody wrote down on a ticket; it does not show on the ticket's times."""

    ticket_id: int | None = None
    agent_id: int | None = None
    company_id: int | None = None
    billable: bool = False
    note: str = ""
    timer_running: bool = False
    time_spent: str = ""
    time_spent_in_seconds: int | None = None
    executed_at: datetime | None = None
    start_time: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Job(Shape):
    """Work that goes on after the answer; ids are strings, numbers in older accounts."""

    id: str = ""
    job_id: str = ""
    status: str = ""
    href: str = ""

    @property
    def key(self) -> str:
        return self.job_id or self.id


@dataclass(frozen=True, kw_only=True)
class CollaborationThread(Shape):
    """A talk among agents beside a ticket; its ids are strings."""

    id: str = ""
    parent_id: str = ""
    title: str = ""
