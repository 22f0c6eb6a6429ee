"""Holidays out of an iCalendar file: whole days with their names, and nothing that could hurt."""

from datetime import date

import pytest

from support.clocks import Holiday
from support.clocks.holidays import Unreadable, read


def ics(*lines):
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *lines, "END:VCALENDAR", ""]).encode()


def event(*lines):
    return ["BEGIN:VEVENT", *lines, "END:VEVENT"]


def test_days_come_with_their_names_in_order_and_once():
    raw = ics(
        *event("UID:1", "DTSTART;VALUE=DATE:20261225", "DTEND;VALUE=DATE:20261227", "SUMMARY;LANGUAGE=en:Midwinter\\, both", "  days"),
        *event("DTSTART:20260101", "SUMMARY:New\\nYear"),
        *event("DTSTART:20260101", "SUMMARY:New Year"),
    )
    assert read(raw) == [
        Holiday(date(2026, 1, 1), "New Year"),
        Holiday(date(2026, 12, 25), "Midwinter, both days"),
        Holiday(date(2026, 12, 26), "Midwinter, both days"),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ["DTSTART:20260101T090000Z", "SUMMARY:A meeting"],
        ["DTSTART:20260101", "STATUS:CANCELLED"],
        ["DTSTART:20261341"],
        ["SUMMARY:Never"],
    ],
)
def test_what_is_no_whole_day_is_left_out(lines):
    assert read(ics(*event(*lines))) == []


def test_one_entry_is_no_longer_than_a_month_and_lines_outside_count_for_nothing():
    assert len(read(ics("DTSTART:20250101", *event("DTSTART:20260101", "DTEND:20991231")))) == 31


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "no calendar"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"name,date\n", "no calendar"),
        (b"BEGIN:VCALENDAR" + b"x" * 600_000, "too large"),
        (ics(*[line for year in range(20) for line in event(f"DTSTART:{2026 + year}0101", f"DTEND:{2026 + year}0201")]), "too many days"),
    ],
)
def test_what_is_no_calendar_is_refused_with_a_reason(raw, why):
    with pytest.raises(Unreadable, match=why):
        read(raw)
