"""Who gets through to the portal's routes."""

from datetime import date

from django.core.files.base import ContentFile
from django.utils import timezone

from communities.roles import Role, StaffGroup
from portal.models import Archive, CommunityUpdate
from portal.months import Month
from portal.states import ArchiveState
from tests.access.routes import EVERYBODY, MEMBERS, SIGNED_IN, STAFF, Route, of_community

REPRESENTATIVE, OPERATOR = Role.REPRESENTATIVE.value, StaffGroup.OPERATOR.value
WRITERS = frozenset({StaffGroup.COMMUNITY_GUIDE.value, OPERATOR})
TAKERS = frozenset({REPRESENTATIVE, OPERATOR})
MONTH = Month(2026, 10)


def archive(world):
    """One that the representative asked for, ready to be taken."""
    now = timezone.now()
    ready = {"state": ArchiveState.READY, "made_at": now, "expires_at": now + Archive.KEPT, "size": 3, "file": ContentFile(b"zip", "a.zip")}
    row = Archive.objects.create(community=world.community, requested_by=world.people[REPRESENTATIVE], **ready)
    return (world.community.slug, row.key)


def update_of(community, **fields):
    return CommunityUpdate.objects.create(community=community, month=date(2026, 10, 1), drafted_at=timezone.now(), **fields)


def published(world):
    update_of(world.community)
    return (world.community.slug, MONTH)


def draft(world):
    update_of(world.community, live=False)
    return (world.community.slug, MONTH)


def published_for_all(_world):
    update_of(None)
    return (MONTH,)


def to_publish(world):
    return (update_of(world.community, live=False).pk,)


def behind(world):
    return (world.community.slug, MONTH, "tickets_opened")


ROUTES = [
    Route("portal:start", EVERYBODY),
    Route("portal:status", EVERYBODY),
    Route("portal:communities", SIGNED_IN),
    Route("portal:palette", SIGNED_IN),
    Route("portal:community", MEMBERS | STAFF, of_community),
    Route("portal:leaving", TAKERS, of_community),
    Route("portal:prepare_archive", TAKERS, of_community, method="post"),
    Route("portal:take_archive", TAKERS, archive),
    Route("portal:updates", MEMBERS | STAFF, of_community),
    Route("portal:updates_feed", MEMBERS | STAFF, of_community),
    Route("portal:update", MEMBERS | STAFF, published),
    Route("portal:update", WRITERS, draft),
    Route("portal:update_rows", WRITERS, behind),
    Route("portal:draft_update", WRITERS, of_community, method="post"),
    Route("portal:publish_update", frozenset({OPERATOR}), to_publish, method="post"),
    Route("portal:stop_update_mails", frozenset({REPRESENTATIVE, Role.HUB_CHAMPION.value}), of_community, method="post"),
    Route("portal:start_update_mails", frozenset({REPRESENTATIVE, Role.HUB_CHAMPION.value}), of_community, method="post"),
    Route("portal:agree_to_be_named", frozenset({REPRESENTATIVE}), of_community, method="post"),
    Route("portal:take_name_back", frozenset({REPRESENTATIVE}), of_community, method="post"),
    Route("portal:public_updates", EVERYBODY),
    Route("portal:public_feed", EVERYBODY),
    Route("portal:public_update", EVERYBODY, published_for_all),
    Route("portal:public_update_rows", WRITERS, lambda _world: (MONTH, "hubs")),
    Route("portal:public_draft", WRITERS, method="post"),
]
