"""The time rules, every hour."""

from celery import shared_task

from support.automation import running


@shared_task
def run_time_rules() -> None:
    """Run what waits for time to pass."""
    running.run_time_rules()
