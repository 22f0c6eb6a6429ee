"""A file answered in the piece that is asked for, so that a film begins at once and can be moved about in (RFC 9110 §14)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

ASKED = re.compile(r"bytes=(?P<first>\d{0,18})-(?P<last>\d{0,18})")
AT_ONCE = 64 * 1024


@dataclass(frozen=True)
class Piece:
    """Octets `first` to `last`, both among them."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


class OutOfRange(Exception):
    """The file does not reach that far."""


def asked(header: str, *, size: int) -> Piece | None:
    """The one piece that is asked for; None for the whole file, also when several are asked for or nobody can read the wish."""
    found = ASKED.fullmatch(header.strip())
    if found is None or not (found["first"] or found["last"]):
        return None
    if not found["first"]:
        first, last = max(size - int(found["last"]), 0), size - 1
        if int(found["last"]) == 0:
            raise OutOfRange
    else:
        first, last = int(found["first"]), min(int(found["last"] or size - 1), size - 1)
        if found["last"] and int(found["last"]) < first:
            return None
    if first >= size:
        raise OutOfRange
    return Piece(first, last)


def answer(request: HttpRequest, file: FieldFile, *, content_type: str) -> HttpResponseBase:
    """The file, or the piece of it that is asked for."""
    size = file.size
    try:
        piece = asked(request.headers.get("Range", ""), size=size)
    except OutOfRange:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    response: HttpResponseBase
    if piece is None:
        response = FileResponse(file.open("rb"), content_type=content_type, as_attachment=False)
    else:
        response = StreamingHttpResponse(_octets(file, piece), status=206, content_type=content_type)
        response.headers["Content-Length"] = str(piece.length)
        response.headers["Content-Range"] = f"bytes {piece.first}-{piece.last}/{size}"
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Content-Encoding"] = "identity"  # a piece is counted in the file's own octets: nothing on the way may pack it
    return response


def _octets(file: FieldFile, piece: Piece) -> Iterator[bytes]:
    with file.open("rb") as opened:
        opened.seek(piece.first)
        left = piece.length
        while left and (octets := opened.read(min(AT_ONCE, left))):
            left -= len(octets)
            yield octets
