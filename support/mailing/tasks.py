"""Looks into the mailbox every minute. Without one, and with Freshdesk, which takes the mail then, it does nothing."""

import logging

from celery import shared_task

from ground.errors import OutsideError
from support import sync
from support.mailing.fetching import fetch, is_configured

logger = logging.getLogger(__name__)


@shared_task
def fetch_mail() -> None:
    """Take in what is unseen; what could not be fetched now the next look will."""
    if not is_configured() or sync.is_connected():
        return
    try:
        fetch()
    except OutsideError as error:
        logger.warning("The mailbox was not read: %s", error)
