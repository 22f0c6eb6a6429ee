"""Tickets over the API: the list, one of them, and what may be done to it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from demo.freshdesk import acts, attachments, checking, paging, people, rules, shapes
from demo.freshdesk.account import Account
from demo.freshdesk.clock import stamp
from demo.freshdesk.exchange import Answer, Refusal, Request
from demo.freshdesk.store import Row

ORDERS = ("created_at", "due_by", "updated_at", "status")
LIST_INCLUDES = ("stats", "requester", "description")
VIEW_INCLUDES = ("conversations", "requester", "company", "stats")
PLACES = {"": "", "spam": "spam", "deleted": "deleted", "new_and_my_open": "", "watching": ""}
LIST_PARAMETERS = (
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
)
INCLUDED_CONVERSATIONS = 10


def list_tickets(account: Account, request: Request) -> Answer:
    """Without updated_since only what was created in the last 30 days; never the spam or the deleted unless asked for."""
    query = checking.query(request, LIST_PARAMETERS)
    window = paging.cut(query, last_page=paging.LAST_TICKET_PAGE)
    include = _includes(query.get("include", ""), LIST_INCLUDES)
    where, values = _wanted(account, query)
    order = checking.choice("order_by", query.get("order_by", "created_at"), ORDERS)
    direction = checking.choice("order_type", query.get("order_type", "desc"), ("asc", "desc"))
    rows = account.store.tickets.find(
        where, *values, order=f"{order} {direction}, tie {direction}", limit=window.limit, offset=window.offset
    )
    return paging.paged(request, window, rows, lambda row: _listed(account, row, include), credits_used=1 + 2 * len(include))


def view_ticket(account: Account, request: Request, ticket_id: int) -> Answer:
    include = _includes(checking.query(request, ("include",)).get("include", ""), VIEW_INCLUDES)
    ticket = find(account, ticket_id)
    files = attachments.of_ticket(account, request, ticket_id)
    shown = shapes.ticket_viewed({**whole(account, ticket), "attachments": files.get(0)})
    if "conversations" in include:
        rows = account.store.conversations.find("ticket_id = ?", ticket_id, limit=INCLUDED_CONVERSATIONS)
        shown["conversations"] = [shapes.conversation_listed({**row, "attachments": files.get(row["id"])}) for row in rows]
    if "company" in include:
        company = account.store.companies.get(ticket.get("company_id") or 0)
        shown["company"] = {"id": company["id"], "name": company["name"]} if company else {}
    return Answer(200, {**shown, **_people_and_times(account, ticket, include)}, credits=1 + len(include))


def create_ticket(account: Account, request: Request) -> Answer:
    given = _given(account, request, rules.CREATABLE, required=("subject", "description"))
    if not any(given.get(key) for key in rules.REQUESTER_KEYS):
        checking.refuse("requester_id", f"It should be a/an valid {', '.join(rules.REQUESTER_KEYS)}", "missing_field")
    if _is_known_by_phone_alone(given) and not given.get("name"):
        checking.refuse("name", "Mandatory attribute missing", "missing_field")
    rules.check_new(account, given)
    files = given.pop("attachments", [])
    ticket = acts.open_ticket(account, given)
    attachments.keep(account, files, ticket_id=ticket["id"])
    shown = shapes.ticket_created(_with_files(account, request, ticket))
    return Answer(201, shown, {"location": f"{request.host}/api/v2/tickets/{ticket['id']}"})


def send_outbound_email(account: Account, request: Request) -> Answer:
    """A ticket that begins with our mail: closed unless said otherwise, and its words stay as they are."""
    given = _given(account, request, rules.SENDABLE, required=("email", "subject", "email_config_id"))
    rules.check_new(account, given)
    files = given.pop("attachments", [])
    ticket = acts.open_ticket(account, {"status": 5, **given, "source": rules.OUTBOUND})
    attachments.keep(account, files, ticket_id=ticket["id"])
    shown = shapes.ticket_created(_with_files(account, request, ticket))
    return Answer(201, shown, {"location": f"{request.host}/api/v2/tickets/{ticket['id']}"})


def update_ticket(account: Account, request: Request, ticket_id: int) -> Answer:
    """Only what is said changes; the same said again leaves even updated_at alone."""
    ticket = find(account, ticket_id)
    if ticket["place"]:
        raise people.method_refused("PUT", "GET")
    given = _given(account, request, rules.CHANGEABLE)
    rules.check(account, given, ticket)
    if given.get("requester_id") is not None:
        people.requester_for(account, given)
    files = given.pop("attachments", [])
    changed = acts.change(account, ticket, given)
    if files:
        attachments.keep(account, files, ticket_id=ticket_id)
        changed = account.keep({**changed, "updated_at": account.now()})
    return Answer(200, shapes.ticket_viewed(_with_files(account, request, changed)))


def delete_ticket(account: Account, request: Request, ticket_id: int) -> Answer:
    ticket = find(account, ticket_id)
    if ticket["place"]:
        raise people.method_refused("DELETE", "GET")
    acts.move(account, ticket, "deleted")
    return Answer(204)


def restore_ticket(account: Account, request: Request, ticket_id: int) -> Answer:
    acts.move(account, find(account, ticket_id), "")
    return Answer(204)


def find(account: Account, ticket_id: int) -> Row:
    """A ticket the key may see."""
    ticket = acts.existing(account, ticket_id)
    if not is_visible(account, ticket):
        raise Refusal(404)
    return ticket


def is_visible(account: Account, ticket: Row) -> bool:
    groups = account.knobs.visible_groups
    return not account.knobs.scope_lost and (groups is None or ticket.get("group_id") in groups)


def visible(account: Account) -> tuple[str, list[int]]:
    """The same as a condition of a query."""
    if account.knobs.scope_lost:
        return "0", []
    if account.knobs.visible_groups is None:
        return "1", []
    groups = list(account.knobs.visible_groups)
    return f"group_id IN ({', '.join('?' * len(groups))})", groups


def whole(account: Account, row: Row) -> Row:
    """With every field the form has by now."""
    said = row.get("custom_fields") or {}
    return {**row, "custom_fields": {name: said.get(name) for name in account.custom}}


def listed(account: Account, row: Row) -> Row:
    return shapes.ticket_listed(whole(account, row))


def _given(account: Account, request: Request, known: checking.Fields, *, required: tuple[str, ...] = ()) -> dict[str, Any]:
    given = checking.body(request, known, required=required, files=True)
    if request.boundary:
        rules.understand(account, given)
    return given


def _is_known_by_phone_alone(given: Mapping[str, Any]) -> bool:
    return [key for key in rules.REQUESTER_KEYS if given.get(key)] == ["phone"]


def _with_files(account: Account, request: Request, ticket: Row) -> Row:
    return {**whole(account, ticket), "attachments": attachments.of_ticket(account, request, ticket["id"]).get(0)}


def _wanted(account: Account, query: Mapping[str, str]) -> tuple[str, list[Any]]:
    chosen = checking.choice("filter", query.get("filter", ""), tuple(PLACES))
    seen, groups = visible(account)
    where, values = ["place = ?", seen], [PLACES[chosen], *groups]
    if chosen == "new_and_my_open":
        where.append("status = 2")
    if "updated_since" in query:
        ordered_by_change = query.get("order_by") == "updated_at"
        where.append("updated_at >= ?" if ordered_by_change else "+updated_at >= ?")  # the plus keeps the index for the order
        values.append(checking.moment("updated_since", query["updated_since"]))
    else:
        where.append("created_at >= ?")
        values.append(stamp(account.clock.now() - timedelta(days=30)))
    for name in ("requester_id", "company_id"):
        if name in query:
            where.append(f"{name} = ?")
            values.append(checking.number(name, query[name]))
    for name in ("email", "unique_external_id"):
        if name in query:
            where.append("requester_id = ?")
            values.append(_holder(account, name, query[name]))
    return " AND ".join(where), values


def _holder(account: Account, name: str, value: str) -> int:
    sought = value.lower() if name == "email" else value
    return next((int(row["id"]) for row in account.store.contacts.find(f"{name} = ?", sought)), 0)


def _includes(text: str, allowed: tuple[str, ...]) -> list[str]:
    return [checking.choice("include", name, allowed) for name in text.split(",") if name]


def _listed(account: Account, row: Row, include: list[str]) -> Row:
    words = shapes.described(row) if "description" in include else {}
    return {**listed(account, row), **words, **_people_and_times(account, row, include)}


def _people_and_times(account: Account, row: Row, include: list[str]) -> Row:
    more: Row = {}
    if "requester" in include:
        person = people.person(account, row["requester_id"])
        more["requester"] = shapes.requester(person) if person else None
    if "stats" in include:
        more["stats"] = shapes.stats(row)
    return more
