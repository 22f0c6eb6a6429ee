"""Making an archive that somebody asked for, as often as it takes, and removing it when its week has passed."""

import hashlib
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import IO

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from ground.actors import Actor
from ground.errors import Unavailable
from ground.outbox import ATTEMPTS, claim
from portal import emails
from portal.leaving import Scope, write
from portal.leaving.archive import CHUNK
from portal.models import Archive
from portal.models.archives import opaque_name
from portal.states import ArchiveState

LEASE = timedelta(minutes=10)
RENEWED_EVERY = timedelta(minutes=1)
SYSTEM = Actor.system()


def prepare(pk: int) -> None:
    """Make it and keep it, unless another worker is at it. One that was killed leaves it due again when its lease ends."""
    archive = claim(Archive, pk, lease=LEASE)
    if archive is None:
        return
    if archive.attempts > ATTEMPTS:
        _give_up(archive, "Every attempt ended before it was done")
        return
    try:
        with tempfile.TemporaryFile() as file:
            archive.counts = dict(write(_scope(archive), file, after_each=staying_at_it(archive)))
            _keep(archive, file)
    except (OSError, Unavailable) as error:
        _not_made(archive, error)


def remove_over() -> int:
    """Remove the files whose week has passed; how many."""
    over = list(Archive.objects.over())
    for archive in over:
        remove(archive)
    return len(over)


@transaction.atomic
def remove(archive: Archive) -> None:
    """The row stays, to say that it was asked for. The file goes once that is written."""
    storage, name = archive.file.storage, str(archive.file.name)
    archive.move_to(ArchiveState.REMOVED, by=SYSTEM)
    Archive.objects.filter(pk=archive.pk).update(file="")

    def delete() -> None:
        storage.delete(name)

    transaction.on_commit(delete)


def _scope(archive: Archive) -> Scope:
    return Scope(archive.community, None if archive.is_whole else Actor.person(archive.requested_by))


def _keep(archive: Archive, file: IO[bytes]) -> None:
    """Into the private store, in the place of what an earlier attempt may have left there; then say so."""
    archive.size, archive.sha256 = _measured(file)
    name = opaque_name(archive, "")
    archive.file.storage.delete(name)
    file.seek(0)
    archive.file.save(name, File(file), save=False)
    with transaction.atomic():
        archive.made_at = timezone.now()
        archive.expires_at = archive.made_at + Archive.KEPT
        Archive.objects.filter(pk=archive.pk).update(
            size=archive.size,
            sha256=archive.sha256,
            counts=archive.counts,
            made_at=archive.made_at,
            expires_at=archive.expires_at,
            file=archive.file.name,
        )
        archive.move_to(ArchiveState.READY, by=SYSTEM)
        archive.settled()
        emails.archive_ready.queue(to=archive.requested_by.email, language=archive.requested_by.language, archive_id=archive.pk)


def _not_made(archive: Archive, error: Exception) -> None:
    if not archive.retry_later(error):
        _give_up(archive, error)


@transaction.atomic
def _give_up(archive: Archive, error: object) -> None:
    archive.give_up(error)
    archive.move_to(ArchiveState.FAILED, by=SYSTEM, note=str(error)[:200])
    emails.archive_failed.queue(to=archive.requested_by.email, language=archive.requested_by.language, archive_id=archive.pk)


def staying_at_it(archive: Archive) -> Callable[[], None]:
    """What makes the lease longer while the work goes on, at most once a minute."""
    last: datetime = timezone.now()

    def stay() -> None:
        nonlocal last
        now = timezone.now()
        if now - last >= RENEWED_EVERY:
            last = now
            Archive.objects.filter(pk=archive.pk, state=ArchiveState.WANTED).update(next_attempt_at=now + LEASE)

    return stay


def _measured(file: IO[bytes]) -> tuple[int, str]:
    digest = hashlib.sha256()
    file.seek(0)
    while part := file.read(CHUNK):
        digest.update(part)
    return file.tell(), digest.hexdigest()
