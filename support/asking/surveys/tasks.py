"""Asks every ten minutes about what was solved."""

from celery import shared_task

from support.asking.surveys import ask


@shared_task
def ask_how_it_went() -> None:
    """One mail for each ticket that was solved an hour ago and stayed so."""
    ask()
