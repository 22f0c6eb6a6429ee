"""Opaque references that people can read to each other on the phone."""

import secrets

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_reference(prefix: str, *, groups: int = 2, size: int = 4) -> str:
    """`CI-7K3F-29QD`: a prefix and groups of Crockford's base 32 (no I, L, O, U)."""
    chance = secrets.randbits(5 * groups * size)
    digits = "".join(CROCKFORD[chance >> 5 * place & 31] for place in range(groups * size))
    return "-".join([prefix, *(digits[start : start + size] for start in range(0, groups * size, size))])
