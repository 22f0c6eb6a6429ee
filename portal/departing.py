"""Asking for an archive and taking it. Nothing ends by it: a community that leaves says so elsewhere."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from communities.models import Community
from ground.actors import Actor
from portal.access import TAKE_ARCHIVE
from portal.models import Archive
from portal.tasks import prepare_archive

A_DAY = 3
DAY = timedelta(days=1)


class NotYours(Exception):
    """Only representatives and operators ask for an archive."""


class TooOften(Exception):
    """So many were asked for today."""


class Busy(Exception):
    """Another person's is being prepared; one at a time."""


@transaction.atomic
def ask(community: Community, *, by: Actor) -> Archive:
    """Have an archive made of what this person may read. Asking again while it is made is asking once.

    Raises `NotYours`, `Busy` and `TooOften`.
    """
    if by.user is None or not TAKE_ARCHIVE.is_held_by(by, community):
        raise NotYours
    Community.objects.select_for_update(of=("self",)).get(pk=community.pk)
    if running := Archive.objects.wanted().filter(community=community).first():
        if running.requested_by_id != by.user.pk:
            raise Busy
        return running
    if Archive.objects.filter(community=community, requested_at__gt=timezone.now() - DAY).count() >= A_DAY:
        raise TooOften
    archive = Archive.objects.create(community=community, requested_by=by.user, is_whole=TAKE_ARCHIVE.is_held_by(by))
    archive.wait_for_outside(prepare_archive)
    log(community, "portal.ask_archive", user=by.user, data={"by": by.label, "whole": archive.is_whole})
    return archive


@transaction.atomic
def take(archive: Archive, *, by: Actor) -> None:
    """Write down that somebody takes it."""
    log(archive.community, "portal.take_archive", user=by.user, data={"by": by.label, "sha256": archive.sha256})
