"""The files of a community's tickets."""

import re
from pathlib import PurePosixPath

from portal.leaving.archive import Archive
from portal.leaving.scope import Scope

ENDING = re.compile(r"\.[A-Za-z0-9]{1,10}")


def put(scope: Scope, archive: Archive) -> None:
    """Each file that we hold, one at a time; what is only in Freshdesk is a row of the table alone."""
    held = scope.files().exclude(file="").select_related("ticket").only("file", "key", "name", "ticket__reference").order_by("ticket", "pk")
    for row in held.iterator(chunk_size=500):
        path = path_of(row.ticket.reference, str(row.key), row.name)
        try:
            content = row.file.open("rb")
        except FileNotFoundError:
            archive.missing.append(path)
            continue
        with content:
            archive.write_parts(path, content.chunks(), about="file of a ticket")


def path_of(reference: str, key: str, name: str) -> str:
    """Where a file lies in the archive: names repeat, and may not suit a disk."""
    ending = PurePosixPath(name).suffix
    return f"tickets/{reference}/{key}{ending if ENDING.fullmatch(ending) else ''}"
