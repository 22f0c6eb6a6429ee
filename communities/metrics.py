"""The site's metrics, by token."""

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from communities.access import SEE_METRICS
from communities.api import actor_of
from ground.health import metrics_page


@extend_schema(exclude=True)
@api_view(["GET"])
def metrics(request: Request) -> HttpResponse:
    """Prometheus' text, for the token of an engineer or operator."""
    if not SEE_METRICS.is_held_by(actor_of(request)):
        raise PermissionDenied
    return metrics_page()
