"""What the ticket form accepts: which keys, which values, which owners, and what a closed or a due ticket needs."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from demo.freshdesk import checking, fields
from demo.freshdesk.account import RUNNING_OUT, Account
from demo.freshdesk.clock import parse
from demo.freshdesk.store import Row

CHANGEABLE: checking.Fields = {
    "subject": str,
    "description": str,
    "status": int,
    "priority": int,
    "source": int,
    "type": str,
    "responder_id": int,
    "group_id": int,
    "product_id": int,
    "email_config_id": int,
    "company_id": int,
    "requester_id": int,
    "email": str,
    "phone": str,
    "name": str,
    "unique_external_id": str,
    "tags": list,
    "custom_fields": dict,
    "due_by": str,
    "fr_due_by": str,
}
CREATABLE: checking.Fields = {
    **CHANGEABLE,
    "cc_emails": list,
    "parent_id": int,
    "related_ticket_ids": list,
    "facebook_id": str,
    "twitter_id": str,
}
OUTBOUND = 10
NOT_SENT = {"responder_id", "requester_id", "phone", "unique_external_id", "source", "company_id", "product_id", "parent_id"}
SENDABLE: checking.Fields = {name: kind for name, kind in CREATABLE.items() if name not in NOT_SENT}
REQUESTER_KEYS = ("requester_id", "email", "facebook_id", "phone", "twitter_id", "unique_external_id")
LONGEST_TAG = 32
WITHOUT_TIMER = {3, 4, 5, 6, 7}
TYPED: Mapping[str, type | tuple[type, ...]] = {
    "custom_number": int,
    "custom_decimal": (int, float, str),
    "custom_checkbox": bool,
    "custom_date": str,
    "custom_dropdown": str,
}


def check_new(account: Account, given: dict[str, Any]) -> None:
    """Refuses a ticket that may not be made; a typed field cannot be left blank by saying null."""
    for name, value in (given.get("custom_fields") or {}).items():
        if value is None and account.custom.get(name, {}).get("type") in TYPED:
            checking.refuse(name, "Value set is of type Null.", "datatype_mismatch")
    check(account, given, {})


def check(account: Account, given: dict[str, Any], ticket: Mapping[str, Any]) -> None:
    """Refuses a change that may not be made of a ticket there is; of a new one there is nothing yet."""
    _check_words(given, ticket)
    _check_choices(given)
    _check_tags(given)
    _check_custom(account, given)
    _check_owners(account, given, ticket)
    _check_due(account, given, ticket)
    _check_closure(account, given, ticket)


def understand(account: Account, given: dict[str, Any]) -> None:
    """A form's words for custom fields, as the types these have."""
    for name, value in (given.get("custom_fields") or {}).items():
        kind = account.custom.get(name, {}).get("type")
        if kind == "custom_number" and re.fullmatch(r"-?\d+", str(value)):
            given["custom_fields"][name] = int(value)
        elif kind == "custom_checkbox" and value in {"true", "false"}:
            given["custom_fields"][name] = value == "true"


def _check_words(given: Mapping[str, Any], ticket: Mapping[str, Any]) -> None:
    """What was mailed is not unsaid."""
    for name in ("subject", "description"):
        if ticket.get("source") == OUTBOUND and name in given:
            checking.refuse(name, "Subject and description of an outbound email cannot be changed", "invalid_field")


def _check_choices(given: Mapping[str, Any]) -> None:
    for name, allowed in (
        ("status", fields.STATUSES),
        ("priority", fields.PRIORITIES.values()),
        ("source", fields.SOURCES.values()),
        ("type", fields.TYPES),
    ):
        if given.get(name) is not None and given[name] not in allowed:
            checking.refuse(name, f"It should be one of these values: '{','.join(map(str, allowed))}'", "invalid_value")


def _check_tags(given: Mapping[str, Any]) -> None:
    for tag in checking.strings(given, "tags"):
        if len(tag) > LONGEST_TAG or "," in tag:
            checking.refuse("tags", f"It should only contain elements that have maximum of {LONGEST_TAG} characters", "invalid_value")


def _check_custom(account: Account, given: Mapping[str, Any]) -> None:
    for name, value in (given.get("custom_fields") or {}).items():
        field = account.custom.get(name)
        if field is None:
            checking.refuse(name, "Unexpected/invalid field in request", "invalid_field")
        if value is not None:
            _check_typed(field, value)


def _check_typed(field: Row, value: Any) -> None:
    wanted = TYPED.get(field["type"])
    if wanted and (not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool)):
        checking.refuse(field["name"], f"Value set is of type {type(value).__name__}.", "datatype_mismatch")
    if field["type"] == "custom_dropdown" and value not in (field["choices"] or []):
        checking.refuse(field["name"], f"It should be one of these values: '{','.join(field['choices'] or [])}'", "invalid_value")
    if field["type"] == "custom_date" and not _is_date(value):
        checking.refuse(field["name"], "It should be in the 'yyyy-mm-dd' format", "invalid_value")


def _is_date(text: str) -> bool:
    try:
        return str(date.fromisoformat(text)) == text
    except ValueError:
        return False


def _check_owners(account: Account, given: dict[str, Any], ticket: Mapping[str, Any]) -> None:
    """A company only with the feature for it; a responder outside the group silently falls away."""
    if given.get("company_id") is not None:
        if not account.knobs.multiple_companies:
            checking.refuse("company_id", "Unexpected/invalid field in request", "incompatible_field")
        _check_there(account.store.companies.get(given["company_id"]), "company", "company_id")
    if given.get("group_id") is not None:
        _check_there(account.store.groups.get(given["group_id"]), "group", "group_id")
    if given.get("responder_id") is None:
        return
    group = account.store.groups.get(given.get("group_id", ticket.get("group_id")) or 0)
    if group and given["responder_id"] not in group["agent_ids"]:
        given["responder_id"] = None
        return
    _check_there(account.store.agents.get(given["responder_id"]), "agent", "responder_id")


def _check_there(row: Row | None, kind: str, name: str) -> None:
    if row is None:
        checking.refuse(name, f"There is no {kind} matching the given {name}", "invalid_value")


def _check_due(account: Account, given: dict[str, Any], ticket: Mapping[str, Any]) -> None:
    """Due times only ahead, and only while the clock of the promise runs."""
    asked = [name for name in ("due_by", "fr_due_by") if given.get(name) is not None]
    for name in asked:
        given[name] = checking.moment(name, given[name])
        if (given.get("status") or ticket.get("status") or 2) in WITHOUT_TIMER:
            checking.refuse(name, "Cannot set due time when the status doesn't have sla timer on", "invalid_value")
        if parse(given[name]) <= account.clock.now():
            checking.refuse(name, "Has to be greater than ticket creation time", "invalid_value")


def _check_closure(account: Account, given: Mapping[str, Any], ticket: Mapping[str, Any]) -> None:
    if given.get("status") not in RUNNING_OUT:
        return
    values = {**(ticket.get("custom_fields") or {}), **(given.get("custom_fields") or {})}
    for name in account.knobs.required_for_closure:
        if values.get(name) in (None, ""):
            checking.refuse(name, "It should not be blank as this is a mandatory field for closure", "missing_field")
