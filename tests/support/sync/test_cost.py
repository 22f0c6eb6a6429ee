"""The figures of the mirror that `make bench` measures, at a small scale, so that they hold on every day."""

import pytest

from bench.mirror import accounts, spending

pytestmark = pytest.mark.django_db
SET_UP = 25  # credits for people, companies and words, which a small account feels
TICKETS = 200


@pytest.mark.parametrize(("with_files", "floor"), [(True, 414), (False, 206)])
def test_a_first_import_costs_little_more_than_it_must_and_a_quiet_pass_next_to_nothing(with_files, floor):
    cost = spending.of_an_import(TICKETS, with_files=with_files)
    assert cost.floor == floor
    assert cost.floor <= cost.first <= cost.floor * spending.MOST_OF_THE_FLOOR + SET_UP
    assert max(cost.quiet) <= spending.MOST_OF_A_QUIET_PASS


def test_the_accounts_limit_is_kept_while_everybody_is_at_work():
    assert spending.LIMIT * 0.6 < spending.busiest_minute(TICKETS) <= spending.LIMIT


def test_the_floor_is_the_fact_sheets():
    assert accounts.spread(1000) == accounts.WORDS
    many = sum(number for each, number in accounts.WORDS.items() if each >= 10)
    assert accounts.floor(1000, with_files=True) == 10 + 2 * 1000 + many + accounts.WORDS[130]
    assert accounts.floor(1000, with_files=False) == 3 * 10 + 1000 + accounts.WORDS[130]
