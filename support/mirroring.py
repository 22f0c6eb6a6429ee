"""Hands what was decided to the mirror. Without Freshdesk nothing waits: the desk is complete on its own."""

from typing import Any

from celery import current_app
from django.conf import settings

from communities.models import Community
from support.models import CompanyLink, Message, Ticket
from support.states import SyncState

ON_ITS_WAY = frozenset({SyncState.UNKNOWN, SyncState.QUEUED})
STAYS_HERE = frozenset({SyncState.GONE, SyncState.AWAITING_APPROVAL})


def is_connected() -> bool:
    """Whether this desk has a Freshdesk account to mirror."""
    return bool(settings.FRESHDESK_URL and settings.FRESHDESK_API_KEY)


def send_ticket(ticket: Ticket) -> None:
    """The ticket, new or changed, waits for Freshdesk."""
    if not is_connected() or ticket.sync_state in STAYS_HERE:
        return
    if ticket.sync_state not in ON_ITS_WAY:
        _set_state(ticket, SyncState.QUEUED)
    ticket.wait_for_outside(_task("push_ticket"))


def send_message(message: Message) -> None:
    """The message waits for Freshdesk, behind its ticket."""
    if not is_connected() or message.ticket.sync_state in STAYS_HERE:
        return
    _set_state(message, SyncState.QUEUED)
    message.wait_for_outside(_task("push_message"))


def send_company(community: Community) -> CompanyLink:
    """The community waits to be a company in Freshdesk."""
    link, _is_new = CompanyLink.objects.get_or_create(community=community, defaults={"name": community.name})
    if is_connected():
        link.wait_for_outside(_task("push_company"))
    return link


def _set_state(row: Ticket | Message, state: SyncState) -> None:
    row.sync_state = state
    row.save(update_fields=["sync_state"])


def _task(name: str) -> Any:
    return current_app.tasks[f"support.tasks.{name}"]
