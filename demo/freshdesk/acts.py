"""What is done to a ticket, whoever does it: opening, changing, moving it to the trash or to spam and back."""

from typing import Any

from demo.freshdesk import people, rules, shapes
from demo.freshdesk.account import RUNNING_OUT, Account
from demo.freshdesk.exchange import Refusal
from demo.freshdesk.store import Row

OF_THE_REQUESTER = {"email", "phone", "name", "unique_external_id"}
NEVER_BLANK = {"status", "priority", "source"}
DUE = ("due_by", "fr_due_by")


def existing(account: Account, ticket_id: int) -> Row:
    """A ticket that is neither archived nor gone, whoever may see it."""
    ticket = account.store.tickets.get(ticket_id)
    if ticket is None or ticket["place"] == "archived":
        raise Refusal(404)
    return ticket


def open_ticket(account: Account, given: dict[str, Any]) -> Row:
    """A new ticket; due times follow by themselves."""
    requester, now = people.requester_for(account, given), account.now()
    said = {key: value for key, value in _said(given).items() if key in rules.CHANGEABLE and key != "requester_id"}
    defaults: Row = {"status": 2, "priority": 1, "source": 2, "tags": [], "type": None}
    ticket = account.keep(
        {
            **defaults,
            **said,
            "custom_fields": {**dict.fromkeys(account.custom), **(given.get("custom_fields") or {})},
            "requester_id": requester["id"],
            "company_id": given.get("company_id") or requester.get("company_id"),
            **_described(given.get("description") or ""),
            "cc_emails": given.get("cc_emails") or [],
            "ticket_cc_emails": given.get("cc_emails") or [],
            "place": "",
            "created_at": now,
            "updated_at": now,
            "stats": {"status_updated_at": now},
        }
    )
    account.later(account.knobs.due_by_delay, "due_times", ticket_id=ticket["id"])
    if account.knobs.escalation_delay:
        account.later(account.knobs.escalation_delay, "escalate", ticket_id=ticket["id"])
    return ticket


def change(account: Account, ticket: Row, given: dict[str, Any]) -> Row:
    """Only what is said changes; the same said again leaves even updated_at alone."""
    said = _said(given)
    if given.get("email") or given.get("unique_external_id"):
        said["requester_id"] = people.requester_for(account, given)["id"]
    if "custom_fields" in said:
        said["custom_fields"] = {**ticket["custom_fields"], **(said["custom_fields"] or {})}
    if "description" in said:
        said |= _described(said["description"] or "")
    _put_off_due_times(account, ticket, said)
    if all(ticket.get(key) == value for key, value in said.items()):
        return ticket
    if said.get("status", ticket["status"]) != ticket["status"]:
        said["stats"] = {**ticket["stats"], **_times_of(ticket["status"], said["status"], account.now())}
    return account.keep({**ticket, **said, "updated_at": account.now()})


def move(account: Account, ticket: Row, place: str) -> Row:
    """To the trash, to spam, or back."""
    return account.keep({**ticket, "place": place, "spam": place == "spam", "updated_at": account.now()})


def _said(given: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in given.items() if key not in OF_THE_REQUESTER and not (key in NEVER_BLANK and value is None)}


def _described(text: str) -> dict[str, str]:
    return {"description": shapes.as_html(text), "description_text": shapes.as_text(text)}


def _put_off_due_times(account: Account, ticket: Row, said: dict[str, Any]) -> None:
    """Newer accounts show a changed due time only seconds later."""
    asked = {name: said.pop(name) for name in DUE if account.knobs.late_due_by and name in said}
    if any(ticket.get(name) != value for name, value in asked.items()):
        account.later(account.knobs.due_by_delay, "due_times", ticket_id=ticket["id"], given=asked)


def _times_of(before: int, status: int, now: str) -> dict[str, str | None]:
    match status:
        case 4:
            return {"status_updated_at": now, "resolved_at": now}
        case 5:
            return {"status_updated_at": now, "resolved_at": now, "closed_at": now}
        case 3:
            return {"status_updated_at": now, "pending_since": now}
    reopened = {"reopened_at": now} if before in RUNNING_OUT else {}
    return {"status_updated_at": now, "resolved_at": None, "closed_at": None, "pending_since": None, **reopened}
