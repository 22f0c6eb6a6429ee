"""Time spent on a ticket; it does not show on the ticket."""

import re
from typing import Any

from demo.freshdesk import checking, paging, tickets
from demo.freshdesk.account import Account
from demo.freshdesk.exchange import Answer, Refusal, Request
from demo.freshdesk.store import Row

FIELDS: checking.Fields = {
    "time_spent": str,
    "note": str,
    "billable": bool,
    "agent_id": int,
    "executed_at": str,
    "start_time": str,
    "timer_running": bool,
}
FILTERS = ("company_id", "agent_id", "executed_after", "executed_before", "billable")
SHOWN = (
    "billable",
    "note",
    "id",
    "timer_running",
    "agent_id",
    "ticket_id",
    "company_id",
    "time_spent",
    "executed_at",
    "start_time",
    "created_at",
    "updated_at",
    "time_spent_in_seconds",
)


def list_of_ticket(account: Account, request: Request, ticket_id: int) -> Answer:
    tickets.find(account, ticket_id)
    return _page(account, request, ["ticket_id = ?"], [ticket_id], checking.query(request, paging.PARAMETERS))


def list_all(account: Account, request: Request) -> Answer:
    query = checking.query(request, (*paging.PARAMETERS, *FILTERS))
    where, values = ["1"], list[Any]()
    for name in ("company_id", "agent_id"):
        if name in query:
            where.append(f"json_extract(body, '$.{name}') = ?")
            values.append(checking.number(name, query[name]))
    for name, comparison in (("executed_after", ">="), ("executed_before", "<=")):
        if name in query:
            where.append(f"executed_at {comparison} ?")
            values.append(checking.moment(name, query[name]))
    if "billable" in query:
        where.append("json_extract(body, '$.billable') = ?")
        values.append(query["billable"] == "true")
    return _page(account, request, where, values, query)


def create_entry(account: Account, request: Request, ticket_id: int) -> Answer:
    ticket = tickets.find(account, ticket_id)
    given = _given(request)
    now = account.now()
    about = {"ticket_id": ticket_id, "company_id": ticket.get("company_id"), "agent_id": account.me["id"], "executed_at": now}
    blank = {"billable": True, "note": None, "timer_running": False, "time_spent": "00:00", "start_time": now}
    return Answer(201, _shown(account.store.time_entries.put({**blank, **about, **given, "created_at": now, "updated_at": now})))


def update_entry(account: Account, request: Request, entry_id: int) -> Answer:
    entry = _find(account, entry_id)
    return Answer(200, _shown(account.store.time_entries.put({**entry, **_given(request), "updated_at": account.now()})))


def delete_entry(account: Account, request: Request, entry_id: int) -> Answer:
    account.store.time_entries.remove(_find(account, entry_id)["id"])
    return Answer(204)


def _given(request: Request) -> Row:
    given = {name: value for name, value in checking.body(request, FIELDS).items() if value is not None}
    if not re.fullmatch(r"\d{1,3}:[0-5]\d", given.get("time_spent", "0:00")):
        checking.refuse("time_spent", "It should be in the 'hh:mm' format", "invalid_value")
    for name in ("executed_at", "start_time"):
        if given.get(name):
            given[name] = checking.moment(name, given[name])
    return given


def _page(account: Account, request: Request, where: list[str], values: list[Any], query: Any) -> Answer:
    window = paging.cut(query)
    rows = account.store.time_entries.find(" AND ".join(where), *values, limit=window.limit, offset=window.offset)
    return paging.paged(request, window, rows, _shown)


def _shown(row: Row) -> Row:
    hours, _, minutes = row["time_spent"].partition(":")
    return {key: row.get(key) for key in SHOWN} | {"time_spent_in_seconds": int(hours) * 3600 + int(minutes) * 60}


def _find(account: Account, entry_id: int) -> Row:
    entry = account.store.time_entries.get(entry_id)
    if entry is None:
        raise Refusal(404)
    return entry
