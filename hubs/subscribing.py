"""Addresses under which a calendar program reads the calendar for one person: made, found, revoked. The secret is shown once and kept as its hash."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from communities.models import Community, User
from ground.actors import Actor
from hubs.models import CalendarSubscription

MOST = 10  # of one person; each program needs one
MARKED_EVERY = timedelta(minutes=10)


class TooMany(Exception):
    """This person has as many addresses as anybody needs."""


@transaction.atomic
def make(user: User, *, community: Community | None = None) -> str:
    """The path of a new address; nobody can read it again. Raises `TooMany`."""
    User.objects.select_for_update().get(pk=user.pk)
    if user.calendar_subscriptions.working().count() >= MOST:
        raise TooMany
    secret = secrets.token_urlsafe(32)
    CalendarSubscription.objects.create(user=user, community=community, sha256=_sha256(secret))
    return reverse("hubs:calendar_feed", args=[secret])


def find(secret: str) -> CalendarSubscription | None:
    """The subscription with that secret, if it still works; that it was used is kept."""
    found = CalendarSubscription.objects.working().select_related("user", "community").filter(sha256=_sha256(secret)).first()
    now = timezone.now()
    if found and (found.last_used_at is None or found.last_used_at < now - MARKED_EVERY):
        CalendarSubscription.objects.filter(pk=found.pk).update(last_used_at=now)
    return found


def revoke(subscription: CalendarSubscription, *, by: Actor) -> None:
    """It opens nothing any more. Only its own person revokes it; others raise PermissionError."""
    if by.user is None or by.user.pk != subscription.user_id:
        raise PermissionError(subscription)
    CalendarSubscription.objects.filter(pk=subscription.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())


def _sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
