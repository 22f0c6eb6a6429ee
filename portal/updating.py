"""Publishing an update, and who wants what to do with it."""

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from communities.models import Community
from ground.actors import Actor
from portal import drafting
from portal.access import AGREE_TO_BE_NAMED, PUBLISH_UPDATES, WRITE_UPDATES
from portal.models import CommunityUpdate, NamedForAll, QuietReader
from portal.months import Month
from portal.tasks import tell_update


class NotYours(Exception):
    """Somebody else does this."""


@transaction.atomic
def draft(community: Community | None, month: Month, *, by: Actor, language: str = "") -> CommunityUpdate:
    """Draft one update now; the one that is there, if somebody has written in it. Raises `NotYours`."""
    if not WRITE_UPDATES.is_held_by(by):
        raise NotYours
    drafted = drafting.draft([community], month, by=by, language=language)
    if drafted:
        log(drafted[0], "portal.draft_update", user=by.user, data={"by": by.label})
        return drafted[0]
    used = language or (community.language if community else drafting.FOR_ALL)
    return CommunityUpdate.objects.of(community).get(month=month.first, language=used)


@transaction.atomic
def publish(update: CommunityUpdate, *, by: Actor) -> CommunityUpdate:
    """Publish what was written last, and have its readers told. Raises `NotYours`."""
    if not PUBLISH_UPDATES.is_held_by(by):
        raise NotYours
    update = CommunityUpdate.objects.select_for_update().get(pk=update.pk)
    revision = update.get_latest_revision() or update.save_revision(user=by.user)
    revision.publish(user=by.user)
    update.refresh_from_db()
    note_published(update, by=by)
    return update


@transaction.atomic
def note_published(update: CommunityUpdate, *, by: Actor) -> None:
    """It can be read now: who published it, and mails to its readers, once however often it is published again."""
    CommunityUpdate.objects.filter(pk=update.pk).update(published_by=by.user)
    log(update, "portal.publish_update", user=by.user, data={"by": by.label})
    if update.told_at is None:
        update.wait_for_outside(tell_update)


def stop_mails(community: Community, *, by: Actor) -> None:
    """No mails about this community's updates any more."""
    if by.user is not None:
        QuietReader.objects.get_or_create(user=by.user, community=community)


def start_mails(community: Community, *, by: Actor) -> None:
    """Mails again."""
    QuietReader.objects.filter(user=by.user, community=community).delete()


@transaction.atomic
def agree_to_be_named(community: Community, *, by: Actor) -> None:
    """The update for everybody may name the community. Raises `NotYours`."""
    if by.user is None or not AGREE_TO_BE_NAMED.is_held_by(by, community):
        raise NotYours
    NamedForAll.objects.get_or_create(community=community, defaults={"agreed_by": by.user, "agreed_at": timezone.now()})
    log(community, "portal.named_for_all", user=by.user, data={"by": by.label})


@transaction.atomic
def take_name_back(community: Community, *, by: Actor) -> None:
    """Later updates for everybody do not name it. Raises `NotYours`."""
    if not AGREE_TO_BE_NAMED.is_held_by(by, community):
        raise NotYours
    NamedForAll.objects.filter(community=community).delete()
    log(community, "portal.not_named_for_all", user=by.user, data={"by": by.label})
