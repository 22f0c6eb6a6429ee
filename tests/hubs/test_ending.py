"""The letters about the end of a hub: which, and on which day."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hubs import ending
from hubs.ending import Letter

LAST = date(2028, 3, 1)  # the day after a leap day


def test_long_notice_gives_every_letter_its_day():
    assert ending.letters(approved_on=date(2027, 10, 1), last_day=LAST) == [
        Letter("60-days", date(2028, 1, 1)),
        Letter("14-days", date(2028, 2, 16)),
        Letter("2-days", date(2028, 2, 28)),
        Letter("last-day", LAST),
    ]


def test_short_notice_begins_with_a_letter_at_once():
    on = date(2028, 2, 20)
    assert ending.letters(approved_on=on, last_day=LAST) == [
        Letter("14-days", on),
        Letter("2-days", date(2028, 2, 28)),
        Letter("last-day", LAST),
    ]


def test_of_several_late_letters_only_the_newest_is_written():
    planned = ending.letters(approved_on=date(2027, 10, 1), last_day=LAST)
    assert ending.due(planned, today=date(2028, 2, 29), told=[]) == (planned[2], planned[:2])
    assert ending.due(planned, today=date(2028, 2, 29), told=["60-days"]) == (planned[2], [planned[1]])
    assert ending.due(planned, today=date(2028, 2, 29), told=["2-days"]) == (None, [])
    assert ending.due(planned, today=date(2027, 12, 31), told=[]) == (None, [])


days = st.dates(date(2020, 1, 1), date(2035, 1, 1))


@given(days, st.integers(0, 400), st.sets(st.integers(0, 420), max_size=30))
def test_whenever_it_is_looked_at_each_letter_goes_once_and_the_last_one_is_never_missed(approved_on, notice, looks):
    last_day = approved_on + timedelta(days=notice)
    planned = ending.letters(approved_on=approved_on, last_day=last_day)
    told, written = set(), []
    for look in sorted({*looks, notice}):
        today = approved_on + timedelta(days=look)
        letter, overtaken = ending.due(planned, today=today, told=told)
        told |= {other.name for other in overtaken} | ({letter.name} if letter else set())
        written += [letter.name] if letter else []
    assert len(written) == len(set(written))
    assert "last-day" in written
    assert all(letter.due_on >= approved_on for letter in planned)
