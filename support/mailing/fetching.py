"""Brings in what is unseen in the mailbox: each mail is marked only after what it led to is kept."""

from collections import Counter
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from ground.errors import Rejected
from support import sync
from support.mailing.arriving import FRESHDESK_TAKES_IT, Arrived, refuse, take_in
from support.mailing.mailbox import Mailbox, address_of
from support.mailing.reading import LARGEST
from support.models import SyncCursor
from support.states import MailOutcome

CURSOR = "mailbox"
LEASE = timedelta(minutes=3)
"""Longer than the largest mail takes."""
MOST_AT_ONCE = 200


def is_configured() -> bool:
    return bool(settings.INBOUND_EMAIL_URL)


def fetch() -> Counter[str]:
    """Take in what is unseen; how many mails led to what. Nothing while another fetch runs. Raises `Unavailable`, losing nothing."""
    if sync.is_connected():
        raise Rejected(FRESHDESK_TAKES_IT)
    address = address_of(settings.INBOUND_EMAIL_URL)
    came: Counter[str] = Counter({outcome.value: 0 for outcome in MailOutcome})
    if not _lease():
        return came
    try:
        with Mailbox(address) as mailbox:
            for uid in mailbox.unseen()[:MOST_AT_ONCE]:
                came[_take(mailbox, uid).outcome] += 1
                SyncCursor.objects.filter(name=CURSOR).update(leased_until=timezone.now() + LEASE)
    finally:
        SyncCursor.objects.filter(name=CURSOR).update(leased_until=None)
    return came


def _take(mailbox: Mailbox, uid: str) -> Arrived:
    """One mail. What was refused is flagged, for a person to look at in the mailbox."""
    if mailbox.size(uid) > LARGEST:
        arrived = refuse(mailbox.fetch(uid, head_only=True), f"it is larger than {LARGEST // 1024 // 1024} MB")
    else:
        raw = mailbox.fetch(uid)
        arrived = take_in(raw) if raw else Arrived(MailOutcome.IGNORED, "gone meanwhile")
    mailbox.mark_seen(uid, flagged=arrived.outcome == MailOutcome.REFUSED)
    return arrived


def _lease() -> bool:
    """Whether this fetch has the mailbox for itself."""
    SyncCursor.objects.get_or_create(name=CURSOR)
    now = timezone.now()
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    return bool(SyncCursor.objects.filter(free, name=CURSOR).update(leased_until=now + LEASE))
