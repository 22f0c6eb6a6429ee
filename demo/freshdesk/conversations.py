"""Replies and notes over the API; each shows on its ticket's updated_at."""

from typing import Any

from demo.freshdesk import acts, attachments, checking, paging, people, shapes, tickets
from demo.freshdesk.account import RUNNING_OUT, Account
from demo.freshdesk.exchange import Answer, Refusal, Request
from demo.freshdesk.store import Row

REPLY_FIELDS: checking.Fields = {
    "body": str,
    "structured_body": dict,
    "from_email": str,
    "user_id": int,
    "cc_emails": list,
    "bcc_emails": list,
}
NOTE_FIELDS: checking.Fields = {"body": str, "private": bool, "incoming": bool, "notify_emails": list, "user_id": int}
SUPPORT_ADDRESS = "support@desk.example"
REPLY, NOTE, SURVEY, FORWARD = 0, 2, 6, 8
CATEGORY = {REPLY: 3, NOTE: 2, SURVEY: 7, FORWARD: 2}


def list_conversations(account: Account, request: Request, ticket_id: int) -> Answer:
    """Oldest first."""
    tickets.find(account, ticket_id)
    return page(account, request, ticket_id)


def page(account: Account, request: Request, ticket_id: int) -> Answer:
    """Of whatever ticket, the archived too."""
    window = paging.cut(checking.query(request, paging.PARAMETERS))
    rows = account.store.conversations.find("ticket_id = ?", ticket_id, limit=window.limit, offset=window.offset)
    files = attachments.of_ticket(account, request, ticket_id)
    return paging.paged(request, window, rows, lambda row: shapes.conversation_listed({**row, "attachments": files.get(row["id"])}))


def create_reply(account: Account, request: Request, ticket_id: int) -> Answer:
    ticket = _open_to_words(account, ticket_id)
    given = checking.body(request, REPLY_FIELDS, required=("body",), files=True)
    mail = {"cc_emails": given.get("cc_emails"), "bcc_emails": given.get("bcc_emails")}
    reply = add(account, ticket, body=given["body"], user_id=_author(account, given), source=REPLY, **mail)
    attach(account, reply, given.get("attachments") or [])
    return Answer(201, shapes.reply(_with_files(account, request, reply)), _location(request, reply))


def create_note(account: Account, request: Request, ticket_id: int) -> Answer:
    """Private unless said otherwise."""
    ticket = _open_to_words(account, ticket_id)
    given = checking.body(request, NOTE_FIELDS, required=("body",), files=True)
    kind = {"private": given.get("private", True), "incoming": given.get("incoming", False)}
    told = {"to_emails": given.get("notify_emails") or []}
    note = add(account, ticket, body=given["body"], user_id=_author(account, given), source=NOTE, **kind, **told)
    attach(account, note, given.get("attachments") or [])
    return Answer(201, shapes.note(_with_files(account, request, note)), _location(request, note))


def update_conversation(account: Account, request: Request, conversation_id: int) -> Answer:
    """Notes only."""
    row = _find(account, conversation_id)
    if row["source"] != NOTE:
        raise people.method_refused("PUT", "DELETE")
    given = checking.body(request, {"body": str}, required=("body",), files=True)
    edited = edit(account, row, body=given["body"], user_id=account.me["id"])
    attach(account, edited, given.get("attachments") or [])
    return Answer(200, shapes.note(_with_files(account, request, edited)))


def delete_conversation(account: Account, request: Request, conversation_id: int) -> Answer:
    """Without a trace."""
    erase(account, _find(account, conversation_id))
    return Answer(204)


def edit(account: Account, row: Row, *, body: str, user_id: int) -> Row:
    """Other words in the same place; only last_edited_at tells, unless edits show on the ticket too."""
    words = {"body": shapes.as_html(body), "body_text": shapes.as_text(body)}
    edited = account.store.conversations.put({**row, **words, "last_edited_at": account.now(), "last_edited_user_id": user_id})
    _show_edit(account, row["ticket_id"])
    return edited


def erase(account: Account, row: Row) -> None:
    attachments.remove(account, account.store.attachments.find("conversation_id = ?", row["id"]))
    account.store.conversations.remove(row["id"])
    _show_edit(account, row["ticket_id"])


def attach(account: Account, row: Row, files: list[Any]) -> None:
    attachments.keep(account, files, ticket_id=row["ticket_id"], conversation_id=row["id"])


def add(account: Account, ticket: Row, *, body: str, user_id: int, source: int, **more: Any) -> Row:
    """Words on a ticket, whoever's they are."""
    now, requester = account.now(), account.store.contacts.get(ticket["requester_id"]) or {}
    mail = (
        {"from_email": SUPPORT_ADDRESS, "support_email": SUPPORT_ADDRESS, "to_emails": [requester.get("email")]}
        if source == REPLY
        else {"to_emails": []}
    )
    words = {"body": shapes.as_html(body), "body_text": shapes.as_text(body), "source": source, "category": CATEGORY[source]}
    row = account.store.conversations.put(
        {**mail, **words, **more, "ticket_id": ticket["id"], "user_id": user_id, "created_at": now, "updated_at": now}
    )
    _count_times(account, ticket, row)
    _reopen(account, ticket["id"], row)
    account.bump_after_conversation(ticket["id"], now)
    return row


def _author(account: Account, given: dict[str, Any]) -> int:
    """The key's agent, or a contact spoken for; never another agent."""
    wanted = given.get("user_id")
    if wanted in {None, account.me["id"]}:
        return int(account.me["id"])
    if account.store.agents.get(wanted):
        raise Refusal(403, {"code": "invalid_user", "message": "You are not authorized to perform this action on behalf of this user"})
    if account.store.contacts.get(wanted) is None:
        checking.refuse("user_id", "There is no contact matching the given user_id", "invalid_value")
    return int(wanted)


def _open_to_words(account: Account, ticket_id: int) -> Row:
    ticket = tickets.find(account, ticket_id)
    if ticket["place"]:
        raise people.method_refused("POST", "GET")
    return ticket


def _find(account: Account, conversation_id: int) -> Row:
    """One whose ticket the key may see."""
    row = account.store.conversations.get(conversation_id)
    if row is None:
        raise Refusal(404)
    tickets.find(account, row["ticket_id"])
    return row


def _with_files(account: Account, request: Request, row: Row) -> Row:
    return {**row, "attachments": attachments.of_ticket(account, request, row["ticket_id"]).get(row["id"])}


def _show_edit(account: Account, ticket_id: int) -> None:
    if account.knobs.edits_bump:
        account.bump(ticket_id, account.now())


def _reopen(account: Account, ticket_id: int, row: Row) -> None:
    """Where an automation says so, a requester's words open the ticket again."""
    ticket = account.store.tickets.get(ticket_id)
    if account.knobs.reopens and row.get("incoming") and ticket and ticket["status"] in RUNNING_OUT:
        acts.change(account, ticket, {"status": 2})


def _count_times(account: Account, ticket: Row, row: Row) -> None:
    if row.get("private"):
        return
    times = {"requester_responded_at": row["created_at"]} if row.get("incoming") else {"agent_responded_at": row["created_at"]}
    if not row.get("incoming") and row["source"] == REPLY:
        times["first_responded_at"] = ticket["stats"].get("first_responded_at") or row["created_at"]
    account.keep({**ticket, "stats": {**ticket["stats"], **times}})


def _location(request: Request, row: Row) -> dict[str, str]:
    return {"location": f"{request.host}/api/v2/conversations/{row['id']}"}
