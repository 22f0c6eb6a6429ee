"""Files of applications for tests."""

from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from onboarding.models import Application, ApplicationFile

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32
FIELD = "files.attachments"


def upload(name: str = "letter.pdf", content: bytes = PDF, content_type: str = "application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type)


def kept(application: Application, name: str = "letter.pdf", content: bytes = PDF, **fields: Any) -> ApplicationFile:
    """A file that was sent with the application."""
    return ApplicationFile.objects.create(
        **{
            "application": application,
            "field_key": FIELD,
            "name": name,
            "content_type": "application/pdf",
            "size": len(content),
            "sha256": name.ljust(64, "0")[:64],
            "file": ContentFile(content, name),
            "sent_at": timezone.now(),
        }
        | fields
    )
