"""The ground's own tasks: the sweep, the heartbeat, and sending one mail."""

from celery import shared_task
from django.utils import timezone

from ground import mail
from ground import sweep as sweeping
from ground.models import Heartbeat, OutgoingMail


@shared_task
def sweep() -> None:
    """Enqueue every row whose time has come."""
    sweeping.sweep()


@shared_task
def beat() -> None:
    """The scheduler asks, the worker answers: both live."""
    now = timezone.now()
    Heartbeat.objects.bulk_create(
        [Heartbeat(name="scheduler", at=now), Heartbeat(name="worker", at=now)],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["at"],
    )


@shared_task
def send_mail(pk: int) -> None:
    """Send one waiting mail."""
    mail.send(pk)


sweeping.register(sweeping.Outbox("mail", OutgoingMail, send_mail))
