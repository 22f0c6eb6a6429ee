"""Who may do what in the portal's room."""

from django.utils.translation import gettext_lazy as _

from communities.access import can_see_community, is_staff, right
from communities.roles import Role, StaffGroup
from ground.actors import Actor
from portal.models import Archive, CommunityUpdate
from portal.models.updates import WRITERS

TAKE_ARCHIVE = right(
    "portal.take_archive",
    _("have an archive of a community prepared, and take it"),
    staff={StaffGroup.OPERATOR},
    members={Role.REPRESENTATIVE},
)
WRITE_UPDATES = right("portal.write_updates", _("draft and edit community updates, and look up what their numbers count"), staff=WRITERS)
PUBLISH_UPDATES = right("portal.publish_updates", _("publish community updates"), staff={StaffGroup.OPERATOR})
AGREE_TO_BE_NAMED = right(
    "portal.agree_to_be_named", _("agree that the community is named in the update for everybody"), members={Role.REPRESENTATIVE}
)


def can_have_archive(actor: Actor, archive: Archive) -> bool:
    """The predicate of `Archive.objects.visible_to`."""
    if TAKE_ARCHIVE.is_held_by(actor):
        return True
    is_theirs = actor.user is not None and archive.requested_by_id == actor.user.pk and not archive.is_whole
    return is_theirs and TAKE_ARCHIVE.is_held_by(actor, archive.community_id)


def can_read_update(actor: Actor, update: CommunityUpdate) -> bool:
    """The predicate of `CommunityUpdate.objects.visible_to`."""
    if WRITE_UPDATES.is_held_by(actor):
        return True
    return update.live and (update.community is None or is_staff(actor) or can_see_community(actor, update.community))
