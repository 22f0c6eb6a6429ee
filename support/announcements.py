"""What announces itself to the desk: a deployment that failed becomes a ticket, once."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from ground.actors import Actor
from hubs.following import has_log_page
from hubs.models import HubRequest
from hubs.signals import deployment_failed
from support import replies, tickets
from support.models import Ticket
from support.states import Kind, Priority

USABLE = {True: gettext_lazy("Your hub still runs as it did before."), False: gettext_lazy("Your hub cannot be used at the moment.")}


def listen() -> None:
    """Hear the project's one signal."""
    deployment_failed.connect(open_for_failure, dispatch_uid="support.announcements")


def open_for_failure(*, request: HubRequest, reason: str, **_kwargs: Any) -> None:
    """Open an incident for the community whose deployment failed; the same attempt is told once."""
    with override(request.community.language):
        usable = USABLE.get(request.deployment.get("hub_usable"), "")
        subject = _("A change to your hub did not go through: %(request)s") % {"request": request}
        body = _(
            "We tried to carry out %(request)s and it failed.\n\n%(reason)s\n\nWe are looking at it. Nothing is needed from you now."
        ) % {
            "request": request,
            "reason": usable or _("Our engineers have been told what went wrong."),
        }
    if Ticket.objects.filter(origin=_origin(request)).exists():
        return
    ticket = tickets.open_ticket(
        request.community,
        subject=subject,
        body=body,
        by=Actor.system(),
        kind=Kind.INCIDENT,
        priority=Priority.HIGH,
        origin=_origin(request),
    )
    replies.note(ticket, body=render_to_string("support/failed_deployment.md", facts(request, reason)), by=Actor.system())


def facts(request: HubRequest, reason: str) -> dict[str, Any]:
    """What an engineer wants to know first: which step, why, how it is read on, which plan it was."""
    told = request.deployment
    return {
        "request": request,
        "reason": reason,
        "error": told.get("error") or {},
        "steps": [step | {"log": _log_address(request, step)} for step in told.get("steps", [])],
        "hub_usable": told.get("hub_usable"),
        "address": settings.SITE_URL + reverse("hubs:review", args=[request.reference]),
    }


def _log_address(request: HubRequest, step: dict[str, Any]) -> str:
    has_page = step["status"] == "failed" and has_log_page(step)
    return settings.SITE_URL + reverse("hubs:log", args=[request.reference, step["name"]]) if has_page else ""


def _origin(request: HubRequest) -> str:
    """One ticket an attempt."""
    attempt = request.deployment.get("attempt", 1)
    return f"hub-request:{request.pk}:{request.deployment_id}" + (f":{attempt}" if attempt > 1 else "")
