"""Callbacks of a deployer (Standard Webhooks 1.0): who sent them, and that each counts once. Only a hint: the deployment is read again."""

import hmac
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from ground.outbox import after_commit
from hubs import tasks
from hubs.deployers.github.doorbell import Rung
from hubs.deployers.signing import signature
from hubs.models import HeardCallback, HubRequest
from hubs.states import WITH_DEPLOYER

TOLERANCE = timedelta(minutes=5)
REMEMBERED = timedelta(hours=1)
LONGEST_ID = 200
MOST_AT_ONCE = 100
LOOKING = "hubs.callbacks.looking"
LOOK_AFTER_SECONDS = 20


class Refused(Exception):
    """Not signed, signed by somebody else, or too long ago."""


def verified(headers: Mapping[str, str], body: bytes, *, secret: str, now: datetime) -> str:
    """The callback's id, if it was signed with our secret in the last five minutes. Raises `Refused`."""
    identity, stamp, signatures = (headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
    if not secret or not identity or len(identity) > LONGEST_ID or not re.fullmatch(r"[0-9]{1,12}", stamp):
        raise Refused
    if abs(now.timestamp() - int(stamp)) > TOLERANCE.total_seconds():
        raise Refused
    expected = signature(identity, stamp, body, secret=secret).encode()
    if not any(hmac.compare_digest(expected, given.encode()) for given in signatures.split()):
        raise Refused
    return identity


@transaction.atomic
def hear(identity: str, *, deployment_id: str, version: int | None = None) -> bool:
    """Read that deployment again soon; a callback heard before, or about a version no newer than ours, changes nothing."""
    is_new = _is_new(identity)
    if is_new and deployment_id and "\x00" not in deployment_id:
        for request in HubRequest.objects.filter(deployment_id=deployment_id, state__in=WITH_DEPLOYER):
            if version is None or version > request.deployment.get("version", 0):
                request.wait_for_outside(tasks.carry_on)
    return is_new


@transaction.atomic
def hear_github(delivery: str, *, rung: Rung) -> bool:
    """Look soon at the requests that GitHub may be speaking of; a delivery heard before changes nothing."""
    is_new = _is_new(f"github {delivery}")
    if is_new:
        for request in _meant(rung)[:MOST_AT_ONCE]:
            request.wait_for_outside(tasks.carry_on)
    return is_new


def _meant(rung: Rung) -> QuerySet[HubRequest]:
    """By branch, or by the commit they were merged as."""
    going = HubRequest.objects.filter(state__in=WITH_DEPLOYER).exclude(deployment_id="")
    if rung.about_all:
        return going
    return going.filter(Q(deployment_id__in=rung.deployments) | Q(deployment__change__merged_as__in=rung.commits))


@transaction.atomic
def hear_of_hubs(identity: str) -> bool:
    """A hub changed without us: the registry is read again soon, once for all that say so meanwhile."""
    is_new = _is_new(identity)
    if is_new and cache.add(LOOKING, "soon", timeout=LOOK_AFTER_SECONDS):
        after_commit(tasks.keep_current.apply_async, countdown=LOOK_AFTER_SECONDS)
    return is_new


def _is_new(identity: str) -> bool:
    """Whether this callback is heard for the first time."""
    HeardCallback.objects.filter(at__lt=timezone.now() - REMEMBERED).delete()
    _row, is_new = HeardCallback.objects.get_or_create(webhook_id=identity)
    return is_new
