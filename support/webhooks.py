"""The doorbells of Freshdesk and of GitHub: somebody says that something changed. The payload is only a hint; the truth is fetched."""

import hashlib
import hmac
import logging
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from ground import documents
from support import tasks
from support.escalating import tasks as github_tasks

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


@csrf_exempt
@require_POST
def github(request: HttpRequest) -> HttpResponse:
    """401 without the right signature, 400 for what cannot be read, else 200 at once; what names no issue is of no interest."""
    if not _is_signed(request):
        logger.warning("a GitHub webhook without the right signature was refused")
        return HttpResponse(status=401)
    try:
        payload: Any = documents.read(request.body)
    except ValueError:
        return HttpResponse(status=400)
    if (named := _issue_in(payload)) is not None:
        github_tasks.refresh_soon(*named)
    return HttpResponse(status=200)


def _is_signed(request: HttpRequest) -> bool:
    """An unset secret signs nothing."""
    secret = settings.GITHUB_WEBHOOK_SECRET
    expected = "sha256=" + hmac.new(secret.encode(), request.body, hashlib.sha256).hexdigest()
    return bool(secret) and constant_time_compare(request.headers.get("X-Hub-Signature-256", ""), expected)


def _issue_in(payload: Any) -> tuple[str, int] | None:
    """The repository and number that the event is about."""
    try:
        repository, number = payload["repository"]["full_name"], payload["issue"]["number"]
    except (KeyError, TypeError):
        return None
    if not isinstance(repository, str) or not isinstance(number, int) or len(repository) > 140 or not 0 < number < 2**31:
        return None
    return repository, number
