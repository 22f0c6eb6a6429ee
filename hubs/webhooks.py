"""The doorbells of deployers."""

import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from ground import documents as json_documents
from hubs import callbacks
from hubs.deployers.github import doorbell

logger = logging.getLogger(__name__)


@csrf_exempt
@require_POST
def deployer_callback(request: HttpRequest) -> HttpResponse:
    """A deployer rings: check who it is, and read that deployment again soon."""
    try:
        identity = callbacks.verified(request.headers, request.body, secret=settings.DEPLOYER_CALLBACK_SECRET, now=timezone.now())
    except callbacks.Refused:
        logger.warning("A deployer's callback was refused: not signed by it, or older than five minutes.")
        return HttpResponse(status=401)
    try:
        told = json_documents.read(request.body)
        kind, data = told.get("type", ""), dict(told["data"])
    except (ValueError, LookupError, TypeError, AttributeError):
        logger.warning("A deployer's callback was signed and not readable.")
        return HttpResponse(status=400)
    if kind == "hub.changed":
        callbacks.hear_of_hubs(identity)
    else:
        version = data.get("version")
        callbacks.hear(identity, deployment_id=str(data.get("deployment_id", "")), version=version if isinstance(version, int) else None)
    return HttpResponse(status=204)


@csrf_exempt
@require_POST
def github_callback(request: HttpRequest) -> HttpResponse:
    """GitHub rings: check who it is before anything is read, and look soon at what it may be about. GitHub does not ring twice; we look without it, too."""
    signature, delivery = request.headers.get("X-Hub-Signature-256", ""), request.headers.get("X-GitHub-Delivery", "")
    if not doorbell.is_signed(request.body, signature, secret=settings.GITHUB_WEBHOOK_SECRET):
        logger.warning("A webhook about pull requests was refused: not signed by GitHub.")
        return HttpResponse(status=401)
    try:
        payload = json_documents.read(request.body)
    except ValueError:
        payload = None
    if payload is None or not doorbell.is_delivery(delivery):
        logger.warning("A webhook of GitHub was signed and not readable.")
        return HttpResponse(status=400)
    callbacks.hear_github(delivery, rung=doorbell.heard(request.headers.get("X-GitHub-Event", ""), payload))
    return HttpResponse(status=204)
