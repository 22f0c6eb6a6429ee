"""Reading no more than was asked for, and no longer."""

from collections.abc import Iterator

import httpx
import pytest

from ground import bounded
from ground.errors import Rejected, Unavailable


class Drops(httpx.SyncByteStream):
    """An answer that never ends."""

    def __init__(self) -> None:
        self.sent = 0

    def __iter__(self) -> Iterator[bytes]:
        while True:
            self.sent += 1
            yield b"x"


def answer(**content: object) -> httpx.Response:
    return httpx.Response(200, request=httpx.Request("GET", "https://hub.example.org/"), **content)


def test_what_fits_is_read_whole():
    assert bounded.read(answer(content=b"whole"), most=5, within=1) == b"whole"


def test_what_is_larger_is_rejected_without_reading_on():
    drops = Drops()
    with pytest.raises(Rejected, match="more than 10 bytes"):
        bounded.read(answer(stream=drops), most=10, within=60)
    assert drops.sent == 11


def test_what_takes_longer_is_unavailable():
    with pytest.raises(Unavailable, match="longer than 0 s"):
        bounded.read(answer(stream=Drops()), most=10**9, within=0)
