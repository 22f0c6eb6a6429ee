"""Opaque references that people can read to each other on the phone."""

import secrets

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_reference(prefix: str, *, groups: int = 2, size: int = 4) -> str:
    """`CI-7K3F-29QD`: a prefix and groups of Crockford's base 32 (no I, L, O, U)."""
    parts = ["".join(secrets.choice(CROCKFORD) for _ in range(size)) for _ in range(groups)]
    return "-".join([prefix, *parts])
