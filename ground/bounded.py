"""Reading what somebody outside sends, and no more than we asked for: an answer may be endless, or come a drop at a time."""

import time

import httpx

from ground.errors import Rejected, Unavailable


def read(response: httpx.Response, *, most: int, within: float) -> bytes:
    """The body of a streamed answer. Raises Rejected beyond `most` bytes, Unavailable when it takes longer than `within` seconds."""
    until, body = time.monotonic() + within, bytearray()
    for part in response.iter_bytes():
        body += part
        if len(body) > most:
            raise Rejected(f"{response.url.host} sent more than {most} bytes")
        if time.monotonic() > until:
            raise Unavailable(f"{response.url.host} took longer than {within:g} s")
    return bytes(body)
