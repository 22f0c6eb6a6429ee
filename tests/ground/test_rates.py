"""How often somebody may do something."""

from datetime import UTC, datetime

import pytest
import time_machine

from ground.rates import Limit, TooMany, allows, count

THREE = Limit("three", 3, 60)


def test_limit_lets_as_many_through_as_it_says_and_names_the_wait():
    with time_machine.travel(datetime(2026, 11, 28, 10, 0, 20, tzinfo=UTC), tick=False):
        for _ in range(3):
            count(THREE, "ana")
        with pytest.raises(TooMany) as refused:
            count(THREE, "ana")
    assert refused.value.seconds == 40


def test_limit_counts_each_for_themselves_and_each_limit_apart():
    for _ in range(3):
        count(THREE, "ana")
    assert (allows(THREE, "ana"), allows(THREE, "luis"), allows(Limit("other", 3, 60), "ana")) == (False, True, True)


def test_limit_begins_anew_with_the_next_window():
    with time_machine.travel(datetime(2026, 11, 28, 10, 0, 59, tzinfo=UTC), tick=False) as clock:
        assert [allows(THREE, "ana") for _ in range(4)] == [True, True, True, False]
        clock.shift(1)
        assert allows(THREE, "ana")


def test_limit_keeps_nobodys_name(monkeypatch):
    from django.core.cache import cache

    count(THREE, "ana@example.org")
    assert "ana" not in str(list(cache._cache))
