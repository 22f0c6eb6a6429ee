"""A form with files is read only when it is not far too large: else the first thing it would fill is our disk."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler


class Limit(FileUploadHandler):
    """Turns away what is longer than `LARGEST_UPLOAD` before its first octet is read, and lets everything else through."""

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None) -> None:  # noqa: ARG002, N803  Django's signature
        """Raises RequestDataTooBig, which has a page of ours."""
        if content_length > settings.LARGEST_UPLOAD:
            raise RequestDataTooBig("The form and its files are larger than LARGEST_UPLOAD")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002  Django's signature
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handlers make the file."""
