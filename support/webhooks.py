"""Freshdesk's doorbell: somebody says a ticket changed. The payload is only a hint; the ticket is fetched."""

import logging
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from ground import documents
from support import tasks

logger = logging.getLogger(__name__)
LARGEST_ID = 2**63 - 1


@csrf_exempt
@require_POST
def freshdesk(request: HttpRequest) -> HttpResponse:
    """401 without the secret, 400 for what is no ticket's id, else 200 at once; the pull follows."""
    if not _knows_the_secret(request):
        logger.warning("a Freshdesk webhook without the right secret was refused")
        return HttpResponse(status=401)
    ticket_id = _ticket_id(request.body)
    if ticket_id is None:
        logger.warning("a Freshdesk webhook that names no ticket was refused")
        return HttpResponse(status=400)
    tasks.pull_soon(ticket_id)
    return HttpResponse(status=200)


def _knows_the_secret(request: HttpRequest) -> bool:
    """An unset secret knows nobody."""
    secret = settings.FRESHDESK_WEBHOOK_SECRET
    return bool(secret) and constant_time_compare(request.headers.get("X-Webhook-Secret", ""), secret)


def _ticket_id(body: bytes) -> int | None:
    """Ids come as strings."""
    try:
        payload: Any = documents.read(body)
    except ValueError:
        return None
    text = str(payload.get("ticket_id", "")) if isinstance(payload, dict) else ""
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text[:20]) <= LARGEST_ID and len(text) < 20 else None
