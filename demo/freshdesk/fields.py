"""The ticket form: statuses, priorities, types and sources, and the other fields, as GET /ticket_fields tells them."""

from collections.abc import Mapping
from typing import Any

from demo.freshdesk.account import Account
from demo.freshdesk.exchange import Answer, Request

STATUSES = {
    2: ["Open", "Open"],
    3: ["Pending", "Pending"],
    4: ["Resolved", "Resolved"],
    5: ["Closed", "Closed"],
    6: ["Waiting on Customer", "Awaiting your Reply"],
    7: ["Waiting on Third Party", "Being Processed"],
    9000: ["Assigned to AI Agent", "Being Processed"],
}
PRIORITIES = {"Low": 1, "Medium": 2, "High": 3, "Urgent": 4}
SOURCES = {"Email": 1, "Portal": 2, "Phone": 3, "Feedback Widget": 9, "Outbound Email": 10, "Web Chat": 15, "Web Form": 16, "SMS": 22}
TYPES = ["Question", "Incident", "Problem", "Feature Request"]

FORM: tuple[tuple[str, str, str, Any], ...] = (
    ("requester", "Search a requester", "default_requester", None),
    ("subject", "Subject", "default_subject", None),
    ("ticket_type", "Type", "default_ticket_type", TYPES),
    ("source", "Source", "default_source", SOURCES),
    ("status", "Status", "default_status", {str(code): words for code, words in STATUSES.items()}),
    ("priority", "Priority", "default_priority", PRIORITIES),
    ("group", "Group", "default_group", {}),
    ("agent", "Agent", "default_agent", {}),
    ("description", "Description", "default_description", None),
    ("company", "Company", "default_company", None),
)


def list_fields(account: Account, request: Request) -> Answer:
    custom = [(row["name"], row["label"], row["type"], row["choices"]) for row in account.custom.values()]
    furnished = {"group": _by_name(account, "groups"), "agent": _by_name(account, "agents")}
    form = [(name, label, kind, furnished.get(name, choices)) for name, label, kind, choices in FORM]
    return Answer(200, [_field(account, place, row) for place, row in enumerate([*form, *custom], start=1)])


def _by_name(account: Account, kind: str) -> dict[str, int]:
    if kind == "groups":
        return {row["name"]: row["id"] for row in account.store.groups.find()}
    return {row["contact"]["name"]: row["id"] for row in account.store.agents.find()}


def _field(account: Account, place: int, row: tuple[str, str, str, Any]) -> Mapping[str, Any]:
    name, label, kind, choices = row
    opened = account.me["created_at"]
    field = {
        "id": 158000800000 + place,
        "name": name,
        "label": label,
        "description": "",
        "position": place,
        "required_for_closure": name in account.knobs.required_for_closure,
        "required_for_agents": name in {"requester", "subject", "status", "priority", "description"},
        "type": kind,
        "default": kind.startswith("default_"),
        "customers_can_edit": name in {"requester", "subject", "description"},
        "customers_can_filter": False,
        "label_for_customers": label,
        "required_for_customers": name in {"requester", "subject", "description"},
        "displayed_to_customers": True,
        "created_at": opened,
        "updated_at": opened,
    }
    return field if choices is None else {**field, "choices": choices}
