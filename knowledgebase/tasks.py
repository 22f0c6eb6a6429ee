"""Tasks of the knowledge base: what its editors scheduled goes out on time, links are followed at night, the search stays in order."""

from celery import shared_task
from django.core.management import call_command

from knowledgebase import searching, voting
from knowledgebase.links import checking, collecting, inside


@shared_task
def publish_scheduled() -> None:
    """Publish and unpublish every article whose time has come."""
    call_command("publish_scheduled")


@shared_task
def care_nightly() -> None:
    """Forget what readers wrote a year ago, collect the links of articles that changed, and begin to follow them."""
    voting.forget_old()
    collecting.collect()
    inside.look_up()
    check_links.delay()


@shared_task
def check_links() -> None:
    """Follow a batch of links; as long as more are due, the next batch comes after."""
    if checking.check_batch():
        check_links.delay()


@shared_task
def tidy_search() -> None:
    """Count the words of all articles anew, and forget old searches that found nothing."""
    searching.recount()
    searching.prune()
