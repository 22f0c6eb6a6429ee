"""A kept file on its way to a browser or a program that may have it: its octets, and nothing that could run."""

from typing import Protocol
from uuid import UUID

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response

from support.files.contents import SHOWN_INLINE, served_type


class Kept(Protocol):
    """A row with a file in the private store."""

    @property
    def key(self) -> UUID: ...
    @property
    def name(self) -> str: ...
    @property
    def content_type(self) -> str: ...
    @property
    def file(self) -> FieldFile: ...


def stream(request: HttpRequest, file: Kept) -> HttpResponseBase:
    """The octets of a file that is here. It is asked for anew each time, since who may have it can change; its content cannot."""
    etag = f'"{file.key}"'
    response = get_conditional_response(request, etag=etag) or _octets(file)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _octets(file: Kept) -> FileResponse:
    content_type = served_type(file.content_type)
    is_shown = content_type in SHOWN_INLINE
    return FileResponse(file.file.open("rb"), as_attachment=not is_shown, filename=file.name, content_type=content_type)
