"""A community leaves with everything we hold on it, in open formats."""

import csv
import io
import json
import zipfile
from itertools import chain
from pathlib import Path
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from communities.models import Community
from portal.leaving import articles, letters
from portal.leaving.tables import Row, tables

README = Path(__file__).parent / "README.md"


def leave(community: Community, path: Path) -> None:
    """Write the community's archive. A half-written one never takes the place of `path`. Raises `OSError`."""
    unfinished = path.with_name(path.name + ".part")
    try:
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("README.md", README.read_text(encoding="utf-8"))
            for name, rows in tables(community).items():
                _write(archive, name, list(rows))
            for name, content in chain(articles.files(community), letters.files(community)):
                archive.writestr(name, content)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _write(archive: zipfile.ZipFile, name: str, rows: list[Row]) -> None:
    """One table, as JSON and as CSV."""
    archive.writestr(f"{name}.json", json.dumps(rows, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1))
    archive.writestr(f"{name}.csv", _as_csv(rows))


def _as_csv(rows: list[Row]) -> str:
    out = io.StringIO()
    if rows:
        table = csv.DictWriter(out, rows[0])
        table.writeheader()
        table.writerows({column: _cell(value) for column, value in row.items()} for row in rows)
    return out.getvalue()


def _cell(value: Any) -> Any:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False) if isinstance(value, dict | list) else value
