"""The files of a community's tickets."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from communities.models import Community
from support.models import Attachment


def files(community: Community) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file that we hold, one at a time; what is only in Freshdesk is a row of the table alone."""
    for row in Attachment.objects.filter(ticket__community=community).exclude(file="").select_related("ticket").iterator():
        with row.file.open("rb") as content:
            yield path_of(row.ticket.reference, str(row.key), row.name), content.read()


def path_of(reference: str, key: str, name: str) -> str:
    """Where a file lies in the archive: names repeat, and may not suit a disk."""
    return f"tickets/{reference}/{key}{PurePosixPath(name).suffix}"
