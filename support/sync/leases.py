"""A cursor is held by one process at a time: by a lease, and no longer than its holder lives on this machine."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.db.models import Q
from django.utils import timezone

from ground.errors import Unavailable
from support.models import SyncCursor
from support.sync import account

LOOK_EVERY = 1.0  # seconds
HOLDER = "holder"


def take(name: str, *, lease: timedelta) -> SyncCursor | None:
    """The cursor, for as long as the lease; None while another process holds it."""
    cursor, _is_new = SyncCursor.objects.get_or_create(name=name)
    now = timezone.now()
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    if cursor.leased_until and _is_dead(cursor.value.get(HOLDER, "")):
        free |= Q(leased_until=cursor.leased_until)
    if not SyncCursor.objects.filter(free, name=name).update(leased_until=now + lease):
        return None
    held = SyncCursor.objects.get(name=name)
    held.value = {**held.value, HOLDER: _myself()}
    held.save(update_fields=["value"])
    return held


def held(cursor: SyncCursor) -> dict[str, str]:
    """Who holds it, for whoever writes its value anew."""
    return {HOLDER: cursor.value[HOLDER]} if HOLDER in cursor.value else {}


def renew(cursor: SyncCursor, *, lease: timedelta) -> None:
    """Hold it longer. Raises Unavailable when it ran out and somebody else has it."""
    until = timezone.now() + lease
    if not SyncCursor.objects.filter(pk=cursor.pk, leased_until=cursor.leased_until).update(leased_until=until):
        raise Unavailable(f"Another walk holds {cursor.pk} now")
    cursor.leased_until = until


def keep(cursor: SyncCursor, *, lease: timedelta) -> None:
    """Write down how far it has come, and hold it longer. Raises Unavailable when somebody else has it."""
    renew(cursor, lease=lease)
    cursor.save(update_fields=["value", "updated_at"])


def release(cursor: SyncCursor) -> None:
    """Write down how far it has come, and let it go; what somebody else holds stays theirs."""
    SyncCursor.objects.filter(pk=cursor.pk, leased_until=cursor.leased_until).update(
        value=cursor.value, leased_until=None, updated_at=timezone.now()
    )


@contextmanager
def alone(name: str, *, lease: timedelta) -> Iterator[bool]:
    """Whether we are the only one to do this now."""
    cursor = take(name, lease=lease)
    try:
        yield cursor is not None
    finally:
        if cursor:
            release(cursor)


def take_when_free(name: str, *, lease: timedelta) -> SyncCursor:
    """`take`, waiting for whoever holds it, but not longer than a lease lasts unless it is renewed for ever. Raises Unavailable then."""
    until: datetime = timezone.now() + 4 * lease
    while timezone.now() < until:
        cursor = take(name, lease=lease)
        if cursor:
            return cursor
        account.clock().sleep(LOOK_EVERY)
    raise Unavailable("Another process has been walking through Freshdesk's list for a long time; try again when it is done")


def _myself() -> str:
    return f"{socket.gethostname()} {os.getpid()} {_started(os.getpid())}"


def _is_dead(holder: str) -> bool:
    """Only what ran on this machine can be known to be dead; a number that was given to another process is another start."""
    host, _, rest = holder.partition(" ")
    number, _, started = rest.partition(" ")
    if host != socket.gethostname() or not number.isdecimal():
        return False
    return _started(int(number)) != started


def _started(number: int) -> str:
    """When the process began, in the kernel's ticks; blank for one that is not there, or where the kernel does not say."""
    try:
        words = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return words[19]
