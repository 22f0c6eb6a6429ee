"""Inviting people, changing their role, removing them; one representative always remains."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import APIToken

from communities import emails, groups
from communities.models import Community, Membership, User
from communities.roles import Role
from ground.actors import Actor

WAYS_IN = (EmailAddress, SocialAccount, Authenticator, UserSession, APIToken)


class LastRepresentative(Exception):
    """A community keeps at least one representative."""


@transaction.atomic
def invite(community: Community, *, email: str, role: Role, by: Actor, name: str = "", language: str = "") -> Membership:
    """Give a person that role, making their account when they have none, and tell them by mail. Twice is once."""
    user, _created = User.objects.get_or_create(
        email=email.strip().lower(),
        defaults={"name": name.strip(), "language": language or community.language, "timezone": community.timezone},
    )
    membership, is_new = Membership.objects.get_or_create(community=community, user=user, role=role)
    if is_new:
        groups.enter(user, community, role)
        record(community, "communities.invite", by=by, person=user, role=role)
        emails.invitation.queue(to=user.email, language=user.language, membership_id=membership.pk, invited_by=by.label)
    return membership


@transaction.atomic
def change_role(membership: Membership, *, role: Role, by: Actor) -> Membership:
    """Give the person another role instead of this one. Raises `LastRepresentative`."""
    if membership.role == role:
        return membership
    community, user = membership.community, membership.user
    _keep_a_representative(membership)
    membership.delete()
    groups.leave(user, community, Role(membership.role))
    changed, _created = Membership.objects.get_or_create(community=community, user=user, role=role)
    groups.enter(user, community, role)
    record(community, "communities.change_role", by=by, person=user, role=role)
    return changed


@transaction.atomic
def remove(membership: Membership, *, by: Actor) -> None:
    """Take the role away; every right that came with it ends now. Raises `LastRepresentative`."""
    _keep_a_representative(membership)
    groups.leave(membership.user, membership.community, Role(membership.role))
    record(membership.community, "communities.remove", by=by, person=membership.user, role=Role(membership.role))
    membership.delete()


@transaction.atomic
def forget(user: User, *, by: Actor) -> bool:
    """Blank the account of somebody who belongs nowhere any more; its row stays, for others point to it. False when they do.

    Whoever has a role, works here, or asked something of the desk is not forgotten this way.
    """
    if user.is_superuser or user.is_staff or user.groups.exists() or user.memberships.exists() or user.tickets_opened.exists():
        return False
    for held in WAYS_IN:
        held.objects.filter(user=user).delete()
    user.email, user.name, user.is_active = f"forgotten-{user.pk}@invalid", "", False
    user.set_unusable_password()
    user.save()
    log(user, "communities.forget", user=by.user, data={"by": by.label})
    return True


def _keep_a_representative(membership: Membership) -> None:
    """Two people who remove each other at once must not both succeed: the community's row is the lock."""
    if membership.role != Role.REPRESENTATIVE:
        return
    Community.objects.select_for_update().get(pk=membership.community_id)
    others = Membership.objects.filter(community=membership.community_id, role=Role.REPRESENTATIVE).exclude(pk=membership.pk)
    if not others.exists():
        raise LastRepresentative(_("A community keeps at least one representative. Name another one first."))


def record(community: Community, action: str, *, by: Actor, person: User, role: Role) -> None:
    """Write the decision to the audit log."""
    log(community, action, user=by.user, data={"person": person.email, "role": role.value, "by": by.label})
