"""What requesters thought of it: one survey, and its ratings; a word with a rating stands among the conversations too."""

from typing import Any

from demo.freshdesk import checking, conversations, paging, shapes, tickets
from demo.freshdesk.account import Account
from demo.freshdesk.exchange import Answer, Request
from demo.freshdesk.store import Row

SURVEY = 158018000001
RATINGS = (103, 102, 101, 100, -101, -102, -103)
FIELDS: checking.Fields = {"ratings": dict, "feedback": str}
SHOWN = ["id", "survey_id", "user_id", "agent_id", "feedback", "group_id", "ticket_id", "created_at", "updated_at", "ratings"]


def list_surveys(account: Account, request: Request) -> Answer:
    checking.query(request, ("state",))
    opened = account.me["created_at"]
    question = {"id": "default_question", "label": "How would you rate our help?", "accepted_ratings": list(RATINGS), "default": True}
    return Answer(200, [{"id": SURVEY, "title": "Default Survey", "questions": [question], "created_at": opened, "updated_at": opened}])


def list_ratings(account: Account, request: Request) -> Answer:
    """By the time they were given; there is no other cursor."""
    query = checking.query(request, (*paging.PARAMETERS, "created_since", "user_id"))
    where, values = ["1"], list[Any]()
    if "created_since" in query:
        where.append("created_at >= ?")
        values.append(checking.moment("created_since", query["created_since"]))
    if "user_id" in query:
        where.append("json_extract(body, '$.user_id') = ?")
        values.append(checking.number("user_id", query["user_id"]))
    window = paging.cut(query)
    rows = account.store.ratings.find(" AND ".join(where), *values, limit=window.limit, offset=window.offset)
    return paging.paged(request, window, rows, _shown)


def list_of_ticket(account: Account, request: Request, ticket_id: int) -> Answer:
    tickets.find(account, ticket_id)
    window = paging.cut(checking.query(request, paging.PARAMETERS))
    rows = account.store.ratings.find("ticket_id = ?", ticket_id, limit=window.limit, offset=window.offset)
    return paging.paged(request, window, rows, _shown)


def create_rating(account: Account, request: Request, ticket_id: int) -> Answer:
    ticket = tickets.find(account, ticket_id)
    given = checking.body(request, FIELDS, required=("ratings",))
    if any(value not in RATINGS for value in given["ratings"].values()) or "default_question" not in given["ratings"]:
        checking.refuse("ratings", f"It should be one of these values: '{','.join(map(str, RATINGS))}'", "invalid_value")
    return Answer(201, _shown(rate(account, ticket, ratings=given["ratings"], feedback=given.get("feedback"))))


def rate(account: Account, ticket: Row, *, ratings: dict[str, int], feedback: str | None) -> Row:
    """What a requester says of a ticket."""
    about = {"ticket_id": ticket["id"], "user_id": ticket["requester_id"], "agent_id": ticket.get("responder_id")}
    now = account.now()
    times = {"created_at": now, "updated_at": now}
    rating = account.store.ratings.put(
        {**about, **times, "group_id": ticket.get("group_id"), "survey_id": SURVEY, "ratings": ratings, "feedback": feedback}
    )
    if feedback:
        kind = {"source": conversations.SURVEY, "incoming": True}
        conversations.add(account, ticket, body=feedback, user_id=ticket["requester_id"], **kind)
    return rating


def _shown(row: Row) -> Row:
    return shapes.pick(row, SHOWN)
