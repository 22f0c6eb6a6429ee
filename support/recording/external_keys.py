"""Keys that we give to what we create in Freshdesk, so that a create whose answer was lost can be found again."""

import base64
import hashlib
import secrets

PREFIX = "ext-"


def new_external_key() -> str:
    """26 characters of base 32, carried by a ticket as the tag `ext-…` (at most 32 characters)."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()


def tag_of(external_key: str) -> str:
    """The tag that carries a key."""
    return f"{PREFIX}{external_key}"


def content_hash(text: str) -> str:
    """A fingerprint of a message's plain text that survives Freshdesk's reflow: its characters, case and white space aside."""
    return hashlib.sha256("".join(text.split()).casefold().encode()).hexdigest()
