"""Which address of the API is answered by what."""

import re
from collections.abc import Callable
from typing import Any

from demo.freshdesk import companies, conversations, fields, people, tickets
from demo.freshdesk.account import Account
from demo.freshdesk.exchange import Answer, Refusal, Request

Handler = Callable[..., Answer]
ROOT = "/api/v2/"
ROUTES: dict[str, dict[str, Handler]] = {
    "agents": {"GET": people.list_agents},
    "agents/me": {"GET": people.view_me},
    "agents/<agent_id>": {"GET": people.view_agent},
    "groups": {"GET": people.list_groups},
    "ticket_fields": {"GET": fields.list_fields},
    "contacts": {"GET": people.list_contacts, "POST": people.create_contact},
    "contacts/<contact_id>": {"GET": people.view_contact, "PUT": people.update_contact, "DELETE": people.delete_contact},
    "contacts/<contact_id>/restore": {"PUT": people.restore_contact},
    "companies": {"GET": companies.list_companies, "POST": companies.create_company},
    "companies/autocomplete": {"GET": companies.autocomplete},
    "companies/<company_id>": {"GET": companies.view_company, "PUT": companies.update_company, "DELETE": companies.delete_company},
    "tickets": {"GET": tickets.list_tickets, "POST": tickets.create_ticket},
    "tickets/<ticket_id>": {"GET": tickets.view_ticket, "PUT": tickets.update_ticket, "DELETE": tickets.delete_ticket},
    "tickets/<ticket_id>/restore": {"PUT": tickets.restore_ticket},
    "tickets/<ticket_id>/conversations": {"GET": conversations.list_conversations},
    "tickets/<ticket_id>/reply": {"POST": conversations.create_reply},
    "tickets/<ticket_id>/notes": {"POST": conversations.create_note},
    "conversations/<conversation_id>": {"PUT": conversations.update_conversation, "DELETE": conversations.delete_conversation},
}
PATTERNS = [(re.compile(re.sub(r"<(\w+)>", r"(?P<\1>\\d{1,18})", path)), handlers) for path, handlers in ROUTES.items()]


def perform(account: Account, request: Request) -> Answer:
    """What the API answers, refusals included. Runs inside a turn of the store."""
    handlers, ids = _route(request.path.removeprefix(ROOT))
    if request.method not in handlers:
        raise people.method_refused(request.method, ", ".join(handlers))
    return handlers[request.method](account, request, **ids)


def _route(path: str) -> tuple[dict[str, Handler], dict[str, Any]]:
    for pattern, handlers in PATTERNS:
        match = pattern.fullmatch(path)
        if match:
            return handlers, {name: int(value) for name, value in match.groupdict().items()}
    raise Refusal(404)
