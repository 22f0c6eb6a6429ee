import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.agreement import dependable_alpha, ordinal_alpha

PUBLISHED = [  # Krippendorff 2011: four observers, twelve units, what is missing left out
    (1, 1, 1),
    (2, 2, 3, 2),
    (3, 3, 3, 3),
    (3, 3, 3, 3),
    (2, 2, 2, 2),
    (1, 2, 3, 4),
    (4, 4, 4, 4),
    (1, 1, 2, 1),
    (2, 2, 2, 2),
    (5, 5, 5),
    (1, 1),
    (3,),
]

levels = st.integers(0, 4)
units = st.lists(st.lists(levels, min_size=1, max_size=5), min_size=1, max_size=25)


def test_published_ordinal_example_gives_its_published_value():
    assert round(ordinal_alpha(PUBLISHED), 3) == 0.815
    assert round(dependable_alpha(PUBLISHED), 3) == 0.815


def test_two_levels_swapped_by_both_is_worse_than_chance():
    assert ordinal_alpha([(0, 4), (4, 0)]) == pytest.approx(-0.5)


@pytest.mark.parametrize("given_units", [[], [(1,), (2,)], [(3, 3), (3, 3)]])
def test_nothing_rated_twice_or_one_level_everywhere_says_nothing(given_units):
    assert ordinal_alpha(given_units) is None


def test_fewer_than_ten_units_rated_twice_say_nothing_dependable():
    nine = [(0, 0), (4, 4), (2, 2), (1, 1), (0, 0), (3, 3), (1, 1), (2, 2), (4, 4)]
    assert dependable_alpha([*nine, (3,)]) is None
    assert dependable_alpha([*nine, (3, 3)]) == 1


@given(st.lists(st.tuples(levels, st.integers(2, 5)), min_size=2, max_size=20))
def test_perfect_agreement_is_one(given_levels):
    found = ordinal_alpha([[level] * people for level, people in given_levels])
    assert found == (1 if len({level for level, _people in given_levels}) > 1 else None)


@given(units, st.randoms())
def test_who_said_it_and_in_which_order_does_not_matter(given_units, random):
    shuffled = [random.sample(unit, len(unit)) for unit in random.sample(given_units, len(given_units))]
    assert ordinal_alpha(shuffled) == pytest.approx(ordinal_alpha(given_units))


@given(units, st.lists(levels, max_size=10))
def test_units_rated_once_change_nothing(given_units, singles):
    assert ordinal_alpha([*given_units, *([level] for level in singles)]) == pytest.approx(ordinal_alpha(given_units))


@given(units)
def test_alpha_never_exceeds_one(given_units):
    found = ordinal_alpha(given_units)
    assert found is None or found <= 1
