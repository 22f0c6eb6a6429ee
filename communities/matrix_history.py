"""What happened to the matrices of a community, read from the audit log: who changed which row, when, from what to what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.models import ModelLogEntry

from communities.differences import Change
from communities.models import ResponsibilityMatrix

ROW_CHANGED = "communities.matrix_row"
CAP = 300


@dataclass(frozen=True)
class Entry:
    """One line of the history. `row` is a row's key where the line is about one."""

    at: datetime
    who: str
    action: str
    number: int
    row: str = ""
    side: str = ""
    changes: Sequence[Change] = ()
    note: str = ""


def entries(matrices: Iterable[ResponsibilityMatrix], *, row: str = "") -> list[Entry]:
    """Everything written down about these matrices, newest first; with `row` only what is about that row."""
    numbers = {str(matrix.pk): matrix.number for matrix in matrices}
    rows = _log(list(numbers)).order_by("-timestamp", "-pk")
    if row:
        rows = rows.filter(action=ROW_CHANGED)
    found = (_entry(line, numbers[line.object_id]) for line in rows[:CAP])
    return [entry for entry in found if not row or entry.row == row]


def row_changes(matrix: ResponsibilityMatrix, *, since: datetime | None, until: datetime | None = None) -> list[Entry]:
    """The rows of this matrix that were changed after `since`, oldest first."""
    lines = _log([str(matrix.pk)]).filter(action=ROW_CHANGED).order_by("timestamp", "pk")
    if since is not None:
        lines = lines.filter(timestamp__gt=since)
    if until is not None:
        lines = lines.filter(timestamp__lte=until)
    return [_entry(line, matrix.number) for line in lines[:CAP]]


def _log(keys: list[str]) -> Any:
    return ModelLogEntry.objects.filter(content_type=ContentType.objects.get_for_model(ResponsibilityMatrix), object_id__in=keys)


def _entry(line: ModelLogEntry, number: int) -> Entry:
    data = line.data or {}
    return Entry(
        at=line.timestamp,
        who=str(data.get("by", "")),
        action=line.action,
        number=number,
        row=str(data.get("row", "")),
        side=str(data.get("side", "")),
        changes=_changes(data),
        note=str(data.get("reason", "")),
    )


def _changes(data: dict[str, Any]) -> list[Change]:
    """The fields a line names; lines from before persons and time were kept name the party alone."""
    if "changes" in data:
        return [Change(*each) for each in data["changes"]]
    return [Change("party", data["before"], data["after"])] if "before" in data else []
