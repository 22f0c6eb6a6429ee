"""A ring follows one ticket; every minute those are found whose ring was lost."""

from celery import shared_task

from support.following import performing


@shared_task
def follow_ticket(pk: int) -> None:
    """Run the rules of one ticket and tell its people."""
    performing.follow(pk)


@shared_task
def follow_due() -> None:
    """Follow every ticket that is due; one that fails leaves the others theirs."""
    for pk in performing.due():
        follow_ticket.delay(pk)
