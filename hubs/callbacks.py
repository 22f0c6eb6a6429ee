"""Callbacks of a deployer (Standard Webhooks 1.0): who sent them, and that each counts once. Only a hint: the deployment is read again."""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from hubs import tasks
from hubs.models import HeardCallback, HubRequest
from hubs.states import WITH_DEPLOYER

TOLERANCE = timedelta(minutes=5)
REMEMBERED = timedelta(hours=1)
LONGEST_ID = 200


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


def signature(identity: str, stamp: str, body: bytes, *, secret: str) -> str:
    """`v1,` and the base64 HMAC-SHA256 of `id.timestamp.body`."""
    digest = hmac.new(_key(secret), f"{identity}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


@transaction.atomic
def hear(identity: str, *, deployment_id: str) -> bool:
    """Read that deployment again soon; a callback heard before changes nothing."""
    HeardCallback.objects.filter(at__lt=timezone.now() - REMEMBERED).delete()
    _row, is_new = HeardCallback.objects.get_or_create(webhook_id=identity)
    if is_new and deployment_id and "\x00" not in deployment_id:
        for request in HubRequest.objects.filter(deployment_id=deployment_id, state__in=WITH_DEPLOYER):
            request.wait_for_outside(tasks.carry_on)
    return is_new


def _key(secret: str) -> bytes:
    """The secret as it is written, or decoded where it is written the standard's way."""
    if secret.startswith("whsec_"):
        try:
            return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except binascii.Error:
            return secret.encode()
    return secret.encode()
