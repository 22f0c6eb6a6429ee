"""Answers who asks while the desk can do less."""

from celery import shared_task

from support.asking import capacity


@shared_task
def answer_newcomers() -> None:
    """Once a person and period; on an ordinary day one query."""
    capacity.answer_newcomers()
