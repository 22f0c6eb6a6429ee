"""Mails of the portal's room."""

from django.urls import reverse

from communities.access import roles_in
from communities.models import User
from communities.roles import Role
from ground.actors import Actor
from ground.mail import Context, NothingToSay, mail
from portal.access import can_have_archive
from portal.models import Archive, CommunityUpdate, QuietReader

READERS = frozenset({Role.REPRESENTATIVE, Role.HUB_CHAMPION})


@mail("portal/archive_ready.txt")
def archive_ready(archive_id: int) -> Context:
    """The archive you asked for can be taken; the link leads to the page, which asks who you are."""
    archive = Archive.objects.select_related("community", "requested_by").get(pk=archive_id)
    if not archive.is_ready or not can_have_archive(Actor.person(archive.requested_by), archive):
        raise NothingToSay
    path = reverse("portal:leaving", args=[archive.community.slug])
    return {"archive": archive, "community": archive.community, "person": archive.requested_by, "path": path}


@mail("portal/archive_failed.txt")
def archive_failed(archive_id: int) -> Context:
    """The archive you asked for could not be made."""
    archive = Archive.objects.select_related("community", "requested_by").get(pk=archive_id)
    path = reverse("portal:leaving", args=[archive.community.slug])
    return {"community": archive.community, "person": archive.requested_by, "path": path}


@mail("portal/update_published.txt")
def update_published(update_id: int, reader_id: int) -> Context:
    """There is a new update of your community."""
    update = CommunityUpdate.objects.select_related("community").get(pk=update_id)
    reader = User.objects.get(pk=reader_id)
    community = update.community
    if community is None or not update.live or not roles_in(Actor.person(reader), community) & READERS:
        raise NothingToSay
    if QuietReader.objects.filter(user=reader, community=community).exists():
        raise NothingToSay
    stop = reverse("portal:updates", args=[community.slug])
    return {"update": update, "community": community, "person": reader, "path": update.get_absolute_url(), "stop": stop}
