"""What announces itself to the desk: a deployment that failed becomes a ticket, once."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from ground.actors import Actor
from hubs.models import HubRequest
from hubs.signals import deployment_failed
from support import tickets
from support.states import Kind, Priority


def listen() -> None:
    """Hear the project's one signal."""
    deployment_failed.connect(open_for_failure, dispatch_uid="support.announcements")


def open_for_failure(*, request: HubRequest, reason: str, **_kwargs: Any) -> None:
    """Open an incident for the community whose deployment failed; the same attempt is told once."""
    with override(request.community.language):
        subject = _("A change to your hub did not go through: %(request)s") % {"request": request}
        body = _(
            "We tried to carry out %(request)s and it failed.\n\n%(reason)s\n\nWe are looking at it. Nothing is needed from you now."
        ) % {
            "request": request,
            "reason": reason,
        }
    tickets.open_ticket(
        request.community,
        subject=subject,
        body=body,
        by=Actor.system(),
        kind=Kind.INCIDENT,
        priority=Priority.HIGH,
        origin=_origin(request),
    )


def _origin(request: HubRequest) -> str:
    return f"hub-request:{request.pk}:{request.deployment_id}"
