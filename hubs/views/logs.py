"""What a step of a deployment said, for engineers."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from communities.access import needs
from ground.actors import ActingRequest
from hubs import access, logs
from hubs.following import has_log_page
from hubs.models import HubRequest


@needs(access.QUEUE)
@require_GET
def log(request: ActingRequest, reference: str, step: str) -> HttpResponse:
    """The log as last fetched; nothing is fetched here."""
    row = _row(request, reference)
    found = _step(row, step)
    kept = row.step_logs.filter(step=step).first()
    return render(request, "hubs/log.html", {"request_row": row, "community": row.community, "step": found, "log": kept})


@needs(access.QUEUE)
@require_POST
def fetch(request: ActingRequest, reference: str, step: str) -> HttpResponse:
    """Have it fetched, or fetched again."""
    row = _row(request, reference)
    _step(row, step)
    logs.ask(row, step)
    return redirect("hubs:log", reference, step)


def _row(request: ActingRequest, reference: str) -> HubRequest:
    return get_object_or_404(HubRequest.objects.visible_to(request.actor).select_related("community"), reference=reference)


def _step(row: HubRequest, name: str) -> dict[str, Any]:
    """The deployer's step of that name, if it keeps a log."""
    found: dict[str, Any] | None = next((step for step in row.deployment.get("steps", []) if step["name"] == name), None)
    if found is None or not has_log_page(found):
        raise Http404
    return found
