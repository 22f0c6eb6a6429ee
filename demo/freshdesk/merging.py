"""Tickets merged into one: the others are closed, say nothing of it, and their words are with the first from then on."""

from collections.abc import Mapping
from typing import Any

from demo.freshdesk import acts, checking, conversations, tickets
from demo.freshdesk.account import Account
from demo.freshdesk.exchange import Answer, Refusal, Request
from demo.freshdesk.store import Row

FIELDS: checking.Fields = {
    "primary_id": int,
    "ticket_ids": list,
    "note_in_primary": dict,
    "note_in_secondary": dict,
    "convert_recepients_to_cc": bool,
}
NOTE_FIELDS: checking.Fields = {"body": str, "private": bool}
CLOSED = 5


def merge_tickets(account: Account, request: Request) -> Answer:
    given = checking.body(request, FIELDS, required=("primary_id", "ticket_ids"))
    primary = _mergeable(account, given["primary_id"], "primary_id")
    others = [_mergeable(account, one, "ticket_ids") for one in checking.identifiers(given, "ticket_ids")]
    if primary in others:
        checking.refuse("ticket_ids", "It should not contain the primary ticket", "invalid_value")
    notes = {name: checking.within(given, name, NOTE_FIELDS) for name in ("note_in_primary", "note_in_secondary")}
    merge(account, primary, others, user_id=account.me["id"], **notes)
    return Answer(204)


def merge(
    account: Account,
    primary: Row,
    others: list[Row],
    *,
    user_id: int,
    note_in_primary: Mapping[str, Any],
    note_in_secondary: Mapping[str, Any],
) -> None:
    """By whoever."""
    for other in others:
        _move_words(account, other["id"], primary["id"])
        closed = acts.change(account, other, {"status": CLOSED, "association_type": None})
        _note(account, closed, note_in_secondary, f"This ticket is closed and merged into ticket {primary['id']}", user_id)
        account.bump(other["id"], account.now())
    merged = ", ".join(str(other["id"]) for other in others)
    _note(account, acts.existing(account, primary["id"]), note_in_primary, f"Merged from ticket {merged}", user_id)


def _move_words(account: Account, other_id: int, primary_id: int) -> None:
    for row in account.store.conversations.find("ticket_id = ?", other_id):
        account.store.conversations.put({**row, "ticket_id": primary_id})
        for file in account.store.attachments.find("conversation_id = ?", row["id"]):
            account.store.attachments.put({**file, "ticket_id": primary_id})


def _note(account: Account, ticket: Row, wish: Mapping[str, Any], otherwise: str, user_id: int) -> None:
    words, private = wish.get("body") or otherwise, bool(wish.get("private", True))
    conversations.add(account, ticket, body=words, user_id=user_id, source=conversations.NOTE, private=private)


def _mergeable(account: Account, ticket_id: int, name: str) -> Row:
    try:
        ticket = tickets.find(account, ticket_id)
    except Refusal:
        ticket = {"place": "nowhere"}
    if ticket["place"]:
        checking.refuse(name, f"There are no records matching the ids: '{ticket_id}'", "invalid_value")
    return ticket
