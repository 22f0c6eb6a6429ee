"""Writing to the readers of a published update, each once."""

from django.db import transaction
from django.utils import timezone

from communities.models import User
from ground.outbox import claim
from portal import emails
from portal.models import CommunityUpdate, QuietReader


def tell(pk: int) -> None:
    """Queue every reader's mail in one transaction: a worker that is killed has queued none."""
    update = claim(CommunityUpdate, pk)
    if update is None:
        return
    with transaction.atomic():
        if update.live and update.told_at is None:
            for reader in _readers(update):
                emails.update_published.queue(to=reader.email, language=reader.language, update_id=update.pk, reader_id=reader.pk)
            CommunityUpdate.objects.filter(pk=pk).update(told_at=timezone.now())
        update.settled()


def _readers(update: CommunityUpdate) -> list[User]:
    """Representatives and hub champions who did not ask to be left alone; nobody is written to about the one for all."""
    if update.community is None:
        return []
    quiet = QuietReader.objects.filter(community=update.community).values("user")
    return list(update.community.people(*sorted(emails.READERS)).filter(is_active=True).exclude(pk__in=quiet))
