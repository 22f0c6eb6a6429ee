"""Which address of the API is answered by what."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from demo.freshdesk import (
    agents,
    archive,
    attachments,
    canned,
    companies,
    conversations,
    fields,
    jobs,
    merging,
    people,
    searching,
    settings,
    surveys,
    tickets,
    time_entries,
)
from demo.freshdesk.account import Account
from demo.freshdesk.exchange import Answer, Refusal, Request

Handler = Callable[..., Answer]
ROOT = "/api/v2/"
ROUTES: dict[str, dict[str, Handler]] = {
    "agents": {"GET": agents.list_agents},
    "agents/me": {"GET": agents.view_me},
    "agents/<agent_id>": {"GET": agents.view_agent},
    "groups": {"GET": agents.list_groups},
    "groups/<group_id>": {"GET": agents.view_group},
    "account": {"GET": settings.view_account},
    "business_hours": {"GET": settings.list_business_hours},
    "email_configs": {"GET": settings.list_email_configs},
    "products": {"GET": settings.list_products},
    "roles": {"GET": settings.list_roles},
    "settings/helpdesk": {"GET": settings.view_helpdesk},
    "sla_policies": {"GET": settings.list_sla_policies},
    "ticket_fields": {"GET": fields.list_fields},
    "contacts": {"GET": people.list_contacts, "POST": people.create_contact},
    "contacts/autocomplete": {"GET": people.autocomplete},
    "contacts/merge": {"POST": people.merge_contacts},
    "contacts/<contact_id>": {"GET": people.view_contact, "PUT": people.update_contact, "DELETE": people.delete_contact},
    "contacts/<contact_id>/restore": {"PUT": people.restore_contact},
    "contacts/<contact_id>/hard_delete": {"DELETE": people.hard_delete_contact},
    "contacts/<contact_id>/make_agent": {"PUT": people.make_agent},
    "companies": {"GET": companies.list_companies, "POST": companies.create_company},
    "companies/autocomplete": {"GET": companies.autocomplete},
    "companies/<company_id>": {"GET": companies.view_company, "PUT": companies.update_company, "DELETE": companies.delete_company},
    "search/tickets": {"GET": searching.search_tickets},
    "search/contacts": {"GET": searching.search_contacts},
    "search/companies": {"GET": searching.search_companies},
    "tickets": {"GET": tickets.list_tickets, "POST": tickets.create_ticket},
    "tickets/outbound_email": {"POST": tickets.send_outbound_email},
    "tickets/merge": {"PUT": merging.merge_tickets},
    "tickets/bulk_update": {"POST": jobs.bulk_update},
    "tickets/bulk_delete": {"POST": jobs.bulk_delete},
    "tickets/archived/<ticket_id>": {"GET": archive.view_archived, "DELETE": archive.delete_archived},
    "tickets/archived/<ticket_id>/conversations": {"GET": archive.list_archived_conversations},
    "tickets/<ticket_id>": {"GET": tickets.view_ticket, "PUT": tickets.update_ticket, "DELETE": tickets.delete_ticket},
    "tickets/<ticket_id>/restore": {"PUT": tickets.restore_ticket},
    "tickets/<ticket_id>/conversations": {"GET": conversations.list_conversations},
    "tickets/<ticket_id>/reply": {"POST": conversations.create_reply},
    "tickets/<ticket_id>/notes": {"POST": conversations.create_note},
    "tickets/<ticket_id>/time_entries": {"GET": time_entries.list_of_ticket, "POST": time_entries.create_entry},
    "tickets/<ticket_id>/satisfaction_ratings": {"GET": surveys.list_of_ticket, "POST": surveys.create_rating},
    "conversations/<conversation_id>": {"PUT": conversations.update_conversation, "DELETE": conversations.delete_conversation},
    "attachments/<attachment_id>": {"DELETE": attachments.delete_attachment},
    "jobs/<job_key>": {"GET": jobs.view_job},
    "time_entries": {"GET": time_entries.list_all},
    "time_entries/<entry_id>": {"PUT": time_entries.update_entry, "DELETE": time_entries.delete_entry},
    "surveys": {"GET": surveys.list_surveys},
    "surveys/satisfaction_ratings": {"GET": surveys.list_ratings},
    "canned_response_folders": {"GET": canned.list_folders, "POST": canned.create_folder},
    "canned_response_folders/<folder_id>": {"GET": canned.view_folder},
    "canned_response_folders/<folder_id>/responses": {"GET": canned.list_responses},
    "canned_responses": {"POST": canned.create_response},
    "canned_responses/<response_id>": {"GET": canned.view_response, "PUT": canned.update_response},
}
SHAPES = {"job_key": r"[0-9a-f]{8}-[0-9a-f-]{27}"}
STREAMS = {"satisfaction_ratings": "surveys", "canned_response_folders": "canned_responses"}
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Route:
    """An address, and what a plan calls what is there."""

    path: str
    pattern: re.Pattern[str]
    handlers: dict[str, Handler]
    stream: str


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"<(\w+)>", lambda name: f"(?P<{name[1]}>{SHAPES.get(name[1], r'[0-9]{1,18}')})", path))


def _stream(path: str) -> str:
    """tickets, contacts, …; what hangs on a ticket has a name of its own."""
    words = [STREAMS.get(word, word) for word in path.split("/")]
    return next((word for word in words if word in {"archived", "time_entries", "surveys", "search"}), words[0])


TABLE = [Route(path, _pattern(path), handlers, _stream(path)) for path, handlers in ROUTES.items()]


def perform(account: Account, request: Request) -> Answer:
    """What the API answers, refusals included. Runs inside a turn of the store."""
    route, ids = _route(request)
    if route.stream in account.knobs.unsupported:
        words = route.stream.replace("_", " ").title()
        message = f"The {words} feature(s) is/are not supported in your plan. Please upgrade your account to use it."
        raise Refusal(403, {"code": "require_feature", "message": message})
    if request.method not in route.handlers:
        raise people.method_refused(request.method, ", ".join(route.handlers))
    return route.handlers[request.method](account, request, **ids)


def name_of(request: Request) -> str:
    """As "PUT tickets/<ticket_id>"."""
    try:
        return f"{request.method} {_route(request)[0].path}"
    except Refusal:
        return UNKNOWN


def _route(request: Request) -> tuple[Route, dict[str, Any]]:
    path = request.path.removeprefix(ROOT)
    for route in TABLE:
        match = route.pattern.fullmatch(path)
        if match:
            return route, {name: value if name in SHAPES else int(value) for name, value in match.groupdict().items()}
    raise Refusal(404)
