"""Signatures of callbacks, as Standard Webhooks 1.0 has them."""

import base64
import binascii
import hashlib
import hmac


def signature(identity: str, stamp: str, body: bytes, *, secret: str) -> str:
    """`v1,` and the base64 HMAC-SHA256 of `id.timestamp.body`."""
    digest = hmac.new(_key(secret), f"{identity}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def _key(secret: str) -> bytes:
    """The secret as it is written, or decoded where it is written the standard's way."""
    if secret.startswith("whsec_"):
        try:
            return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except binascii.Error:
            return secret.encode()
    return secret.encode()
