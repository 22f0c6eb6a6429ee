"""Agents and their groups over the API; only one of them told alone says who is in it."""

from demo.freshdesk import checking, paging, shapes
from demo.freshdesk.account import Account
from demo.freshdesk.exchange import Answer, Refusal, Request


def list_agents(account: Account, request: Request) -> Answer:
    query = checking.query(request, (*paging.PARAMETERS, "email", "mobile", "phone", "state"))
    window = paging.cut(query)
    where, values = ("email = ?", [query["email"]]) if "email" in query else ("1", [])
    return paging.paged(
        request, window, account.store.agents.find(where, *values, limit=window.limit, offset=window.offset), shapes.agent_listed
    )


def view_me(account: Account, request: Request) -> Answer:
    return Answer(200, shapes.agent_viewed(account.me))


def view_agent(account: Account, request: Request, agent_id: int) -> Answer:
    agent = account.store.agents.get(agent_id)
    if agent is None:
        raise Refusal(404)
    return Answer(200, shapes.agent_viewed(agent))


def list_groups(account: Account, request: Request) -> Answer:
    query = checking.query(request, paging.PARAMETERS)
    window = paging.cut(query)
    rows = account.store.groups.find(limit=window.limit, offset=window.offset)
    return paging.paged(request, window, rows, lambda row: {key: value for key, value in row.items() if key != "agent_ids"})


def view_group(account: Account, request: Request, group_id: int) -> Answer:
    group = account.store.groups.get(group_id)
    if group is None:
        raise Refusal(404)
    return Answer(200, group)
