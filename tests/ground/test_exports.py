"""Lists as files: what a spreadsheet opens is what the page showed, and nothing in it runs."""

import csv
import io
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from django.test import RequestFactory
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from communities.models import Programme
from ground import exports
from ground.exports import Column, Sheet

ROWS = [
    {
        "name": "Ana",
        "n": 3,
        "at": datetime(2026, 3, 1, 12, tzinfo=UTC),
        "day": date(2026, 3, 2),
        "score": Decimal("3.5"),
        "many": ["a", "b"],
    },
    {"name": "=1+1", "n": -4, "at": None, "day": None, "score": None, "many": {"name": "B"}},
]
COLUMNS = [Column(key, key.title(), lambda row, key=key: row[key]) for key in ROWS[0]]


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def read_csv(response) -> list[list[str]]:
    text = body(response).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def read_xlsx(response) -> list[list]:
    page = load_workbook(io.BytesIO(body(response))).active
    return [[cell.value for cell in row] for row in page.iter_rows()]


def sheet(**changes) -> Sheet:
    return Sheet(**{"name": "People of Ana", "columns": COLUMNS, "rows": ROWS} | changes)


def test_csv_is_rfc_4180_with_a_byte_order_mark():
    response = exports.answer("csv", sheet())
    raw = body(response)
    assert raw.startswith("\ufeff".encode())
    assert raw.count(b"\r\n") == 3
    assert read_csv(exports.answer("csv", sheet())) == [
        ["Name", "N", "At", "Day", "Score", "Many"],
        ["Ana", "3", "2026-03-01T12:00:00+00:00", "2026-03-02", "3.5", "a; b"],
        ["'=1+1", "-4", "", "", "", "name: B"],
    ]


def test_xlsx_holds_numbers_dates_and_a_frozen_head():
    response = exports.answer("xlsx", sheet())
    content = body(response)
    page = load_workbook(io.BytesIO(content)).active
    assert page.freeze_panes == "A2"
    at = ROWS[0]["at"]
    assert [cell.value for cell in page[2]] == ["Ana", 3, at.replace(tzinfo=None), datetime.combine(ROWS[0]["day"], time()), 3.5, "a; b"]
    assert page["A3"].data_type == "s"
    assert page["A3"].value == "'=1+1"
    assert page["B3"].value == -4


@given(st.text(max_size=200))
def test_no_text_is_a_formula_or_breaks_a_file(text):
    columns = [Column("t", "T", lambda row: row)]
    clean = text.encode("utf-8", "ignore").decode()
    rows = read_csv(exports.answer("csv", Sheet("x", columns, [clean, "end"])))
    assert len(rows) == 3
    assert not rows[1] or not rows[1][0].startswith(("=", "+", "-", "@", "\t", "\r"))
    page = load_workbook(io.BytesIO(body(exports.answer("xlsx", Sheet("x", columns, [clean, "end"]))))).active
    assert page["A2"].data_type in {"s", "n", "inlineStr"}
    assert page["A3"].value == "end"


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r"])
def test_every_beginning_of_a_formula_is_quoted(begin):
    assert exports.harmless(f"{begin}cmd") == f"'{begin}cmd"
    assert exports.harmless("cmd") == "cmd"


def test_file_is_named_after_list_and_day_and_kept_by_nobody():
    response = exports.answer("csv", sheet())
    assert response.headers["Content-Disposition"] == f'attachment; filename="people-of-ana-{timezone.localdate():%Y-%m-%d}.csv"'
    assert response.headers["Cache-Control"] == "no-store, private"


def test_headings_are_keys_where_programs_read_them():
    assert read_csv(exports.answer("csv", sheet(by_key=True)))[0] == list(ROWS[0])


@pytest.mark.django_db
def test_long_list_is_cut_and_its_name_says_so(monkeypatch):
    monkeypatch.setattr(exports, "CAP", 2)
    Programme.objects.bulk_create(Programme(slug=f"p{place}", name=f"P{place}") for place in range(3))
    columns = [Column("slug", "Slug", lambda row: row.slug)]
    response = exports.answer("csv", Sheet("programmes", columns, Programme.objects.order_by("pk")))
    assert "-first-2.csv" in response.headers["Content-Disposition"]
    assert len(read_csv(response)) == 3


def test_only_known_kinds_of_the_named_list_are_asked_for():
    ask = RequestFactory().get
    assert exports.asked(ask("/", {"download": "csv"})) == "csv"
    assert exports.asked(ask("/", {"download": "exe"})) == ""
    assert exports.asked(ask("/", {"download": "csv", "list": "hubs"})) == ""
    assert exports.asked(ask("/", {"download": "csv", "list": "hubs"}), "hubs") == "csv"
