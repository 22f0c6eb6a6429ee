"""Times of quiet, as an operator writes them."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from communities import quiet
from communities.quiet import Quiet


def test_each_line_is_two_days_and_why():
    text = "2026-12-21 2027-01-03 Winter break\n\n2027-08-02 2027-08-02\n"
    assert quiet.read(text) == [
        Quiet(date(2026, 12, 21), date(2027, 1, 3), "Winter break"),
        Quiet(date(2027, 8, 2), date(2027, 8, 2)),
    ]


@pytest.mark.parametrize("line", ["soon", "2026-12-21", "2027-01-03 2026-12-21 backwards", "2026-02-30 2026-03-01"])
def test_a_line_that_is_no_time_is_named_and_left_out(line):
    with pytest.raises(ValidationError, match=line.split()[0]):
        quiet.validate(f"2026-12-21 2027-01-03\n{line}")
    assert quiet.read(line) == []


@pytest.mark.parametrize(
    ("first", "last", "meets"),
    [((12, 1), (12, 20), False), ((12, 1), (12, 21), True), ((12, 25), (12, 26), True), ((12, 31), (12, 31), True)],
)
def test_a_time_meets_what_shares_a_day_with_it(first, last, meets):
    winter = Quiet(date(2026, 12, 21), date(2026, 12, 31))
    assert winter.meets(date(2026, *first), date(2026, *last)) is meets
