"""Tickets closed for 120 days: only readable, only by id, and at an address of their own."""

from demo.freshdesk import attachments, conversations, shapes, tickets
from demo.freshdesk.account import Account
from demo.freshdesk.exchange import Answer, Refusal, Request
from demo.freshdesk.store import Row


def view_archived(account: Account, request: Request, ticket_id: int) -> Answer:
    ticket = _find(account, ticket_id)
    files = attachments.of_ticket(account, request, ticket_id).get(0)
    return Answer(200, {**shapes.ticket_viewed({**tickets.whole(account, ticket), "attachments": files}), "archived": True})


def list_archived_conversations(account: Account, request: Request, ticket_id: int) -> Answer:
    return conversations.page(account, request, _find(account, ticket_id)["id"])


def delete_archived(account: Account, request: Request, ticket_id: int) -> Answer:
    account.erase(_find(account, ticket_id)["id"])
    return Answer(204)


def _find(account: Account, ticket_id: int) -> Row:
    ticket = account.store.tickets.get(ticket_id)
    if ticket is None or ticket["place"] != "archived" or not tickets.is_visible(account, ticket):
        raise Refusal(404)
    return ticket
