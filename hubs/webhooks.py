"""The deployer's doorbell."""

import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from ground import documents as json_documents
from hubs import callbacks

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
        deployment_id = str(json_documents.read(request.body)["data"].get("deployment_id", ""))
    except (ValueError, LookupError, TypeError, AttributeError):
        logger.warning("A deployer's callback was signed and not readable.")
        return HttpResponse(status=400)
    callbacks.hear(identity, deployment_id=deployment_id)
    return HttpResponse(status=204)
