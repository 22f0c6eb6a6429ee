"""Any list as a file: CSV to read with everything, XLSX to open with a double click. The rows are the page's own rows.

A list gets its files in a view like this; the page includes `components/download.html` (docs/exports.md):

    if kind := exports.asked(request):
        return exports.answer(kind, exports.Sheet("communities", COLUMNS, rows))
"""

import csv
import io
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.functional import Promise
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

Row = TypeVar("Row")
CAP = 20_000
LONGEST_CELL = 32_000  # a little less than a spreadsheet holds
AT_ONCE = 500
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as something else
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column: a key that stays, words for people, and the value of a row."""

    key: str
    heading: str | Promise
    value: Callable[[Row], Any]


@dataclass(frozen=True)
class Sheet(Generic[Row]):
    """A list to hand out: its name in file names, its columns, its rows. `headings` are words, or the keys where programs read them."""

    name: str
    columns: Sequence[Column[Row]]
    rows: Iterable[Row]
    by_key: bool = False

    @property
    def headings(self) -> list[str]:
        return [column.key if self.by_key else str(column.heading) for column in self.columns]

    def lines(self) -> Iterator[list[Any]]:
        """The rows as plain values, no more than the cap."""
        for row in islice(_each(self.rows), CAP):
            yield [plain(column.value(row)) for column in self.columns]


def asked(request: HttpRequest, name: str = "") -> str:
    """Which file the address asks for: `csv`, `xlsx`, or none; `name` where a page shows several lists."""
    kind = request.GET.get("download", "")
    return kind if kind in FILES and request.GET.get("list", "") == name else ""


def answer(kind: str, sheet: Sheet[Any]) -> HttpResponseBase:
    """The file, with the day in its name; nobody in between keeps a copy."""
    response = FILES[kind](sheet)
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name(sheet)}.{kind}"'
    response.headers["Cache-Control"] = "no-store, private"
    return response


def file_name(sheet: Sheet[Any]) -> str:
    """The list, the day, and whether it was cut."""
    name = re.sub(r"[^a-z0-9-]+", "-", sheet.name.lower()).strip("-") or "list"
    cut = f"-first-{CAP}" if _is_longer(sheet.rows) else ""
    return f"{name}-{timezone.localdate():%Y-%m-%d}{cut}"


def as_csv(sheet: Sheet[Any]) -> StreamingHttpResponse:
    """RFC 4180, UTF-8 with a byte order mark, written while it is sent."""
    return StreamingHttpResponse(_csv(sheet), content_type="text/csv; charset=utf-8")


def as_xlsx(sheet: Sheet[Any]) -> FileResponse:
    """A workbook of one sheet: dates are dates, numbers numbers, and the headings stay in sight."""
    book = Workbook(write_only=True)
    page = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", sheet.name)[:31])
    page.freeze_panes = "A2"
    page.append([_cell(page, heading) for heading in sheet.headings])
    for line in sheet.lines():
        page.append([_cell(page, value) for value in line])
    file = tempfile.SpooledTemporaryFile(max_size=2_000_000)  # noqa: SIM115  the response closes it
    book.save(file)
    file.seek(0)
    return FileResponse(file, content_type=XLSX)


FILES: dict[str, Callable[[Sheet[Any]], StreamingHttpResponse | FileResponse]] = {"csv": as_csv, "xlsx": as_xlsx}


def plain(value: Any) -> Any:
    """A value as a cell holds it: numbers, days, times and truths as they are, several joined, everything else as text."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return timezone.localtime(value) if timezone.is_aware(value) else value
        case int() | float() | Decimal() | date() | time():
            return value
        case _:
            return _as_text(value)


def _as_text(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key}: {plain(each)}" for key, each in value.items())
    if isinstance(value, list | tuple | set | frozenset):
        return "; ".join(str(plain(each)) for each in value)
    return str(value)


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: what begins like one is quoted."""
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) else text


def _csv(sheet: Sheet[Any]) -> Iterator[str]:
    out = io.StringIO()
    writer = csv.writer(out)
    out.write(BYTE_ORDER_MARK)
    writer.writerow([harmless(word) for word in sheet.headings])
    for count, line in enumerate(sheet.lines(), 1):
        writer.writerow([_in_csv(value) for value in line])
        if count % AT_ONCE == 0:
            yield _taken(out)
    yield _taken(out)


def _taken(out: io.StringIO) -> str:
    """What was written so far, once."""
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text


def _in_csv(value: Any) -> Any:
    if isinstance(value, str):
        return harmless(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _cell(page: Any, value: Any) -> Any:
    """A cell of a workbook: a text is a text there, whatever it begins with."""
    if isinstance(value, datetime):
        value = value.replace(tzinfo=None)  # a spreadsheet knows no zones: the reader's own time, as on the page
    if not isinstance(value, str):
        return WriteOnlyCell(page, value)
    cell = WriteOnlyCell(page, harmless(ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST_CELL]))
    cell.data_type = "s"
    return cell


def _each(rows: Iterable[Row]) -> Iterable[Row]:
    """A queryset a part at a time, so that a long one does not fill the memory."""
    return rows.iterator(chunk_size=AT_ONCE) if isinstance(rows, QuerySet) and not rows.query.is_sliced else rows


def _is_longer(rows: Iterable[Any]) -> bool:
    if isinstance(rows, QuerySet):
        return not rows.query.is_sliced and rows.order_by()[CAP : CAP + 1].exists()
    return isinstance(rows, Sized) and len(rows) > CAP
