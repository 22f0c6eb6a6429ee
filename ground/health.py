"""Is the process alive, is the site ready, and the numbers behind it."""

from collections.abc import Callable
from datetime import timedelta

from celery import current_app
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from ground.models import Heartbeat
from ground.sweep import OUTBOXES

ALIVE_FOR = timedelta(seconds=60)
MEASURES: list[Callable[[CollectorRegistry], None]] = []
"""What the rooms add to the numbers of the site."""


def measure_too(measure: Callable[[CollectorRegistry], None]) -> None:
    """Have the metrics hold what that function puts into their registry."""
    if measure not in MEASURES:
        MEASURES.append(measure)


@csrf_exempt
@require_safe
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """The process lives."""
    return HttpResponse("ok\n", content_type="text/plain")


@csrf_exempt
@require_safe
@never_cache
def readyz(_request: HttpRequest) -> JsonResponse:
    """Database, broker, worker and scheduler; 503 names what is missing."""
    checks = {name: _holds(check) for name, check in CHECKS.items()}
    return JsonResponse({"ready": all(checks.values()), "checks": checks}, status=200 if all(checks.values()) else 503)


def metrics_page() -> HttpResponse:
    """Prometheus' text: rows that wait by outbox, the age of the heartbeats in seconds, and what the rooms measure."""
    registry = CollectorRegistry()
    waiting = Gauge("hubdesk_outbox_rows", "Rows that wait for the outside", ["outbox", "when"], registry=registry)
    now = timezone.now()
    for outbox in OUTBOXES.values():
        rows = outbox.model._base_manager.filter(next_attempt_at__isnull=False)
        overdue = rows.filter(next_attempt_at__lte=now).count()
        waiting.labels(outbox.name, "due").set(overdue)
        waiting.labels(outbox.name, "later").set(rows.count() - overdue)
    age = Gauge("hubdesk_heartbeat_age_seconds", "Since the last sign of life", ["name"], registry=registry)
    for heartbeat in Heartbeat.objects.all():
        age.labels(heartbeat.name).set((now - heartbeat.at).total_seconds())
    for measure in MEASURES:
        measure(registry)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _holds(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (DatabaseError, OperationalError, OSError):
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _broker() -> bool:
    with current_app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=0, timeout=2)
        return True


def _beats(name: str) -> Callable[[], bool]:
    return lambda: Heartbeat.objects.filter(name=name, at__gte=timezone.now() - ALIVE_FOR).exists()


CHECKS: dict[str, Callable[[], bool]] = {
    "database": _database,
    "broker": _broker,
    "worker": _beats("worker"),
    "scheduler": _beats("scheduler"),
}
