"""The rows of a matrix: made from a template, changed, and written in their order."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from communities.models import Community, MatrixRow, MatrixTemplateVersion, ResponsibilityMatrix, User
from communities.states import Party


@dataclass(frozen=True, kw_only=True)
class RowChange:
    """What one row would say. Minutes are of a quarter."""

    key: str
    party: Party
    note: str = ""
    person: User | None = None
    minutes: int | None = None


def current_template(community: Community) -> MatrixTemplateVersion:
    return MatrixTemplateVersion.objects.get(programme=community.programme_id, is_current=True)


def rows_of(template: MatrixTemplateVersion, matrix: ResponsibilityMatrix) -> list[MatrixRow]:
    """The template's rows, not yet saved."""
    pairs = [(area, row) for area in template.areas for row in area["rows"]]
    return [
        MatrixRow(
            matrix=matrix,
            key=row["key"],
            position=position,
            area_key=area["key"],
            area=area["title"],
            text=row["text"],
            party=row["party"],
            role="" if row.get("role") in {None, "none"} else row["role"],
            topics=row.get("topics", []),
            articles=row.get("articles", []),
        )
        for position, (area, row) in enumerate(pairs)
    ]


def save_rows(rows: Iterable[MatrixRow]) -> None:
    """Write new rows, those of one area together: areas as they first come, rows as their template orders them."""
    found = list(rows)
    areas = list(dict.fromkeys(row.area_key for row in found))
    for position, row in enumerate(sorted(found, key=lambda row: areas.index(row.area_key))):
        row.position = position
    kept = [row for row in found if not row._state.adding]
    MatrixRow.objects.bulk_create([row for row in found if row._state.adding])
    MatrixRow.objects.bulk_update(kept, ["position", "area", "area_key", "text", "role", "topics", "articles"])


def fingerprint(rows: Iterable[MatrixRow]) -> str:
    """What the rows say, in a few letters: whoever signs shows that it is what they read."""
    said = [[row.key, row.text, row.party, row.person_id, row.minutes_quarter, row.note] for row in rows]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:20]


def apply(row: MatrixRow, change: RowChange) -> None:
    """Put the change into the row, not yet saved."""
    row.party, row.note, row.person, row.minutes_quarter = change.party, change.note, change.person, change.minutes
