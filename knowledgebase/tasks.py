"""Tasks of the knowledge base: what its editors scheduled is published, and taken back, on time."""

from celery import shared_task
from django.core.management import call_command


@shared_task
def publish_scheduled() -> None:
    """Publish and unpublish every article whose time has come."""
    call_command("publish_scheduled")
