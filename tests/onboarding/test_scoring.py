from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.scoring import Flag, FlagKind, Mark, Reading, Rules, Spread, coverage, summarise, total, unfinished

WEIGHTS = {
    "mission": 10,
    "need": 12,
    "fit": 12,
    "champions": 14,
    "reach": 12,
    "equity": 10,
    "data": 8,
    "load": 8,
    "money": 8,
    "timeline": 6,
}
SMALL = {"need": 3, "fit": 1}

levels = st.integers(0, 4)
complete = st.fixed_dictionaries(dict.fromkeys(WEIGHTS, levels)).map(lambda given: tuple(Mark(key, level) for key, level in given.items()))
partial = st.dictionaries(st.sampled_from(sorted(WEIGHTS)), st.none() | levels).map(
    lambda given: tuple(Mark(key, level, not_applicable=level is None, comment="why") for key, level in given.items())
)
recommendations = st.sampled_from(["accept", "accept_with_conditions", "waitlist", "refer", "decline"])


def marks(**given):
    return tuple(Mark(key, level) for key, level in given.items())


def read(given_marks, recommendation, confidence=None, weights=SMALL):
    """A review as its own rubric counts it."""
    is_thin = coverage(given_marks, weights) < Rules().min_coverage
    return Reading(given_marks, recommendation, confidence, total(given_marks, weights), is_thin)


@pytest.mark.parametrize(
    ("given_marks", "expected"),
    [
        (marks(need=4, fit=4), Decimal("100.0")),
        (marks(need=0, fit=0), Decimal("0.0")),
        (marks(need=4, fit=0), Decimal("75.0")),
        (marks(need=3, fit=2), Decimal("68.8")),
        ((Mark("need", 2), Mark("fit", not_applicable=True, comment="no course")), Decimal("50.0")),
        ((Mark("fit", not_applicable=True, comment="no course"),), None),
        ((), None),
    ],
)
def test_total_weighs_scored_criteria_only(given_marks, expected):
    assert total(given_marks, SMALL) == expected


def test_coverage_is_share_of_weight_that_was_scored():
    assert coverage((Mark("need", 2), Mark("fit", not_applicable=True, comment="none")), SMALL) == Decimal("0.75")
    assert coverage((), {}) == Decimal("0.00")


def test_unfinished_names_criteria_without_level_or_reason():
    given_marks = (Mark("need"), Mark("fit", not_applicable=True, comment=" "))
    assert unfinished(given_marks, SMALL) == ["need", "fit"]
    assert unfinished((Mark("need", 0), Mark("fit", not_applicable=True, comment="no course")), SMALL) == []


@given(complete)
def test_total_stays_on_its_scale_and_full_marks_cover_everything(given_marks):
    assert 0 <= total(given_marks, WEIGHTS) <= 100
    assert coverage(given_marks, WEIGHTS) == 1


@given(partial, levels)
def test_same_level_everywhere_gives_that_share_whatever_is_left_out(given_marks, level):
    level_everywhere = [
        Mark(mark.criterion, None if mark.not_applicable else level, mark.not_applicable, mark.comment) for mark in given_marks
    ]
    expected = None if all(mark.not_applicable for mark in given_marks) else Decimal(25 * level)
    assert total(level_everywhere, WEIGHTS) == expected


@given(complete, st.sampled_from(sorted(WEIGHTS)))
def test_raising_one_level_never_lowers_the_total(given_marks, criterion):
    raised = tuple(Mark(mark.criterion, min(4, mark.level + 1)) if mark.criterion == criterion else mark for mark in given_marks)
    assert total(raised, WEIGHTS) >= total(given_marks, WEIGHTS)


@given(st.lists(st.tuples(complete, recommendations), min_size=1, max_size=5), st.randoms())
def test_summary_ignores_the_order_of_reviews_and_brackets_its_middle(given_reviews, random):
    readings = [read(given_marks, recommendation, weights=WEIGHTS) for given_marks, recommendation in given_reviews]
    summary = summarise(readings, WEIGHTS, Rules())
    assert summary.low <= summary.median <= summary.high
    assert summary.low <= summary.mean <= summary.high
    shuffled = random.sample(readings, len(readings))
    again = summarise(shuffled, WEIGHTS, Rules())
    assert (again.median, again.mean, again.flags) == (summary.median, summary.mean, summary.flags)


def test_summary_of_nothing_flags_too_few_reviews():
    summary = summarise([], SMALL, Rules())
    assert (summary.count, summary.median, summary.mean, summary.low, summary.high) == (0, None, None, None, None)
    assert summary.spreads == (Spread("need", ()), Spread("fit", ()))
    assert summary.flags == (Flag(FlagKind.FEW_REVIEWS),)
    assert summary.spreads[0].median is None


def test_summary_of_agreeing_reviewers_has_no_flags():
    readings = [read(marks(need=3, fit=2), "accept"), read(marks(need=2, fit=3), "accept_with_conditions")]
    summary = summarise(readings, SMALL, Rules())
    assert (summary.count, summary.median, summary.mean) == (2, Decimal("62.6"), Decimal("62.6"))
    assert summary.flags == ()
    assert summary.spreads[0].median == Decimal("2.5")


def test_summary_flags_spread_zero_split_and_low_coverage():
    readings = [
        read(marks(need=4, fit=1), "accept"),
        read((Mark("need", 0), Mark("fit", 1)), "decline"),
        read((Mark("need", not_applicable=True, comment="?"), Mark("fit", 1)), "decline"),
    ]
    summary = summarise(readings, SMALL, Rules())
    assert summary.flags == (Flag(FlagKind.SPLIT), Flag(FlagKind.COVERAGE), Flag(FlagKind.SPREAD, "need"), Flag(FlagKind.ZERO, "need"))
    assert summary.has_flag(FlagKind.SPLIT)
    assert not summary.has_flag(FlagKind.FEW_REVIEWS)


def test_range_below_the_rule_is_no_spread():
    readings = [read(marks(need=4, fit=1), "accept"), read(marks(need=3, fit=1), "accept")]
    assert summarise(readings, SMALL, Rules(spread=2)).flags == ()
    assert summarise(readings, SMALL, Rules(spread=1)).flags == (Flag(FlagKind.SPREAD, "need"),)


def test_total_that_covers_too_little_is_not_ranked():
    thin = read((Mark("need", not_applicable=True, comment="?"), Mark("fit", 4)), "accept")
    full = read(marks(need=2, fit=2), "accept")
    summary = summarise([thin, full], SMALL, Rules(min_reviews=1))
    assert (summary.count, summary.median, summary.mean, summary.high) == (2, Decimal("50.0"), Decimal("50.0"), Decimal("50.0"))
    assert summarise([thin], SMALL, Rules(min_reviews=1)).median is None


def test_deviation_is_that_of_the_sample():
    readings = [read(marks(need=level, fit=level), "accept") for level in (1, 2, 4)]
    assert summarise(readings, SMALL, Rules()).deviation == Decimal("38.2")
    assert summarise(readings[:1], SMALL, Rules()).deviation is None


def test_reviewer_who_guesses_is_flagged():
    readings = [read(marks(need=3, fit=3), "accept", confidence) for confidence in (3, 1)]
    assert summarise(readings, SMALL, Rules()).flags == (Flag(FlagKind.CONFIDENCE),)
    assert summarise([read(marks(need=3, fit=3), "accept", 2)] * 2, SMALL, Rules()).flags == ()


def test_reviews_of_two_rubrics_keep_their_totals_and_are_compared_where_both_have_the_criterion():
    older = read(marks(need=4, reach=0), "accept", weights={"need": 1, "reach": 9})
    newer = read(marks(need=2, fit=4), "accept")
    summary = summarise([older, newer], ["need", "fit", "reach"], Rules())
    assert (summary.low, summary.high, summary.median) == (Decimal("10.0"), Decimal("62.5"), Decimal("36.3"))
    assert summary.spreads == (Spread("need", (4, 2)), Spread("fit", (4,)), Spread("reach", (0,)))
    assert summary.flags == (Flag(FlagKind.SPREAD, "need"), Flag(FlagKind.ZERO, "reach"))
