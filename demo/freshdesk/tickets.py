"""Tickets over the API."""

from datetime import timedelta
from typing import Any

from demo.freshdesk import checking, companies, fields, paging, people, shapes
from demo.freshdesk.account import Account
from demo.freshdesk.clock import parse, stamp
from demo.freshdesk.exchange import Answer, Refusal, Request
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
REQUESTER_KEYS = ("requester_id", "email", "facebook_id", "phone", "twitter_id", "unique_external_id")
ORDERS = ("created_at", "due_by", "updated_at", "status")
LIST_INCLUDES = ("stats", "requester", "description")
VIEW_INCLUDES = ("conversations", "requester", "company", "stats")
PLACES = {"": "", "spam": "spam", "deleted": "deleted", "new_and_my_open": "", "watching": ""}
LONGEST_TAG = 32


def list_tickets(account: Account, request: Request) -> Answer:
    """Without updated_since only what was created in the last 30 days; never the spam or the deleted unless asked for."""
    query = checking.query(
        request,
        (
            *paging.PARAMETERS,
            "filter",
            "requester_id",
            "email",
            "unique_external_id",
            "company_id",
            "updated_since",
            "order_by",
            "order_type",
            "include",
        ),
    )
    window = paging.cut(query, last_page=paging.LAST_TICKET_PAGE)
    include = _includes(query.get("include", ""), LIST_INCLUDES)
    where, values = _wanted(account, query)
    order = checking.choice("order_by", query.get("order_by", "created_at"), ORDERS)
    direction = checking.choice("order_type", query.get("order_type", "desc"), ("asc", "desc"))
    # rows of one second come in no order anybody may rely on
    rows = account.store.tickets.find(
        where, *values, order=f"{order} {direction}, (id * 7919) % 997", limit=window.limit, offset=window.offset
    )
    return paging.paged(request, window, rows, lambda row: _listed(account, row, include), credits_used=1 + 2 * len(include))


def view_ticket(account: Account, request: Request, ticket_id: int) -> Answer:
    include = _includes(checking.query(request, ("include",)).get("include", ""), VIEW_INCLUDES)
    ticket = find(account, ticket_id)
    shown = shapes.ticket_viewed(ticket)
    if "conversations" in include:
        shown["conversations"] = [
            shapes.conversation_listed(row) for row in account.store.conversations.find("ticket_id = ?", ticket_id, limit=10)
        ]
    if "company" in include:
        company = account.store.companies.get(ticket.get("company_id") or 0)
        shown["company"] = {"id": company["id"], "name": company["name"]} if company else {}
    return Answer(200, {**shown, **_people_and_times(account, ticket, include)}, credits=1 + len(include))


def create_ticket(account: Account, request: Request) -> Answer:
    given = checking.body(request, CREATABLE, required=("subject", "description"))
    if not any(given.get(key) for key in REQUESTER_KEYS):
        checking.refuse("requester_id", f"It should be a/an valid {', '.join(REQUESTER_KEYS)}", "missing_field")
    _check_values(account, given)
    ticket = open_ticket(account, given)
    return Answer(201, shapes.ticket_created(ticket), {"location": f"{request.host}/api/v2/tickets/{ticket['id']}"})


def update_ticket(account: Account, request: Request, ticket_id: int) -> Answer:
    """Only what is said changes; the same said again leaves even updated_at alone."""
    ticket = find(account, ticket_id)
    if ticket["place"]:
        raise people.method_refused("PUT", "GET")
    given = checking.body(request, CHANGEABLE)
    _check_values(account, given)
    return Answer(200, shapes.ticket_viewed(change(account, ticket, given)))


def delete_ticket(account: Account, request: Request, ticket_id: int) -> Answer:
    ticket = find(account, ticket_id)
    if ticket["place"]:
        raise people.method_refused("DELETE", "GET")
    move(account, ticket, "deleted")
    return Answer(204)


def restore_ticket(account: Account, request: Request, ticket_id: int) -> Answer:
    move(account, find(account, ticket_id), "")
    return Answer(204)


def find(account: Account, ticket_id: int) -> Row:
    ticket = account.store.tickets.get(ticket_id)
    if ticket is None or ticket["place"] in {"archived", "purged"}:
        raise Refusal(404)
    return ticket


def open_ticket(account: Account, given: dict[str, Any]) -> Row:
    """A new ticket; due times follow by themselves."""
    requester, now = people.requester_for(account, given), account.now()
    said = {
        key: value
        for key, value in given.items()
        if key in CHANGEABLE and key not in {"email", "phone", "name", "unique_external_id", "requester_id"}
    }
    defaults: Row = {"status": 2, "priority": 1, "source": 2, "tags": [], "type": None, "custom_fields": dict.fromkeys(fields.CUSTOM)}
    ticket = account.store.tickets.put(
        {
            **defaults,
            **said,
            "custom_fields": {**defaults["custom_fields"], **(given.get("custom_fields") or {})},
            "requester_id": requester["id"],
            "company_id": given.get("company_id") or requester.get("company_id"),
            "description": shapes.as_html(given.get("description") or ""),
            "description_text": shapes.as_text(given.get("description") or ""),
            "cc_emails": given.get("cc_emails") or [],
            "place": "",
            "created_at": now,
            "updated_at": now,
            "stats": {"status_updated_at": now},
        }
    )
    account.later(account.knobs.due_by_delay, "due_times", ticket_id=ticket["id"])
    return ticket


def change(account: Account, ticket: Row, given: dict[str, Any]) -> Row:
    said = {key: value for key, value in given.items() if key not in {"email", "phone", "name", "unique_external_id"}}
    if "custom_fields" in said:
        said["custom_fields"] = {**ticket["custom_fields"], **said["custom_fields"]}
    if "description" in said:
        said |= {"description": shapes.as_html(said["description"]), "description_text": shapes.as_text(said["description"])}
    if all(ticket.get(key) == value for key, value in said.items()):
        return ticket
    if said.get("status", ticket["status"]) != ticket["status"]:
        said["stats"] = {**ticket["stats"], **_times_of(said["status"], account.now())}
    return account.store.tickets.put({**ticket, **said, "updated_at": account.now()})


def move(account: Account, ticket: Row, place: str) -> Row:
    """To the trash, to spam, or back."""
    return account.store.tickets.put({**ticket, "place": place, "spam": place == "spam", "updated_at": account.now()})


def _wanted(account: Account, query: Any) -> tuple[str, list[Any]]:
    chosen = checking.choice("filter", query.get("filter", ""), tuple(PLACES))
    where = ["place = ?"]
    values: list[Any] = [PLACES[chosen]]
    if chosen == "new_and_my_open":
        where.append("status = 2")
    if "updated_since" in query:
        where.append("updated_at >= ?")
        values.append(_since(query["updated_since"]))
    else:
        where.append("created_at >= ?")
        values.append(stamp(account.clock.now() - timedelta(days=30)))
    for name in ("requester_id", "company_id"):
        if name in query:
            where.append(f"{name} = ?")
            values.append(query[name])
    for name in ("email", "unique_external_id"):
        if name in query:
            where.append("requester_id = ?")
            values.append(next((row["id"] for row in account.store.contacts.find(f"{name} = ?", query[name].lower())), 0))
    return " AND ".join(where), values


def _since(text: str) -> str:
    try:
        return stamp(parse(text))
    except ValueError:
        checking.refuse("updated_since", "Value set is not a valid date-time", "invalid_value")


def _includes(text: str, allowed: tuple[str, ...]) -> list[str]:
    return [checking.choice("include", name, allowed) for name in text.split(",") if name]


def _listed(account: Account, row: Row, include: list[str]) -> Row:
    words = {"description": row["description"], "description_text": row["description_text"]} if "description" in include else {}
    return {**shapes.ticket_listed(row), **words, **_people_and_times(account, row, include)}


def _people_and_times(account: Account, row: Row, include: list[str]) -> Row:
    more: Row = {}
    if "requester" in include:
        person = account.store.contacts.get(row["requester_id"])
        more["requester"] = shapes.requester(person) if person else None
    if "stats" in include:
        more["stats"] = shapes.stats(row)
    return more


def _check_values(account: Account, given: dict[str, Any]) -> None:
    for name, allowed in (
        ("status", fields.STATUSES),
        ("priority", fields.PRIORITIES.values()),
        ("source", fields.SOURCES.values()),
        ("type", fields.TYPES),
    ):
        if given.get(name) is not None and given[name] not in allowed:
            checking.refuse(name, f"It should be one of these values: '{','.join(map(str, allowed))}'", "invalid_value")
    for name in given.get("custom_fields") or {}:
        if name not in fields.CUSTOM:
            checking.refuse(name, "Unexpected/invalid field in request", "invalid_field")
    for tag in given.get("tags") or []:
        if len(tag) > LONGEST_TAG or "," in tag:
            checking.refuse("tags", f"It should only contain elements that have maximum of {LONGEST_TAG} characters", "invalid_value")
    _check_owners(account, given)


def _check_owners(account: Account, given: dict[str, Any]) -> None:
    """A company only with the feature for it; a responder outside the group silently falls away."""
    if given.get("company_id") is not None:
        if not account.knobs.multiple_companies:
            checking.refuse("company_id", "Unexpected/invalid field in request", "incompatible_field")
        companies.find(account, given["company_id"])
    group = account.store.groups.get(given.get("group_id") or 0)
    if group and given.get("responder_id") not in {None, *group["agent_ids"]}:
        given["responder_id"] = None


def _times_of(status: int, now: str) -> dict[str, str | None]:
    match status:
        case 4:
            return {"status_updated_at": now, "resolved_at": now}
        case 5:
            return {"status_updated_at": now, "resolved_at": now, "closed_at": now}
        case 3:
            return {"status_updated_at": now, "pending_since": now}
    return {"status_updated_at": now, "resolved_at": None, "closed_at": None, "pending_since": None}
