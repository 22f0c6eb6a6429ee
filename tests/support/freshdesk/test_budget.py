"""The account's minute: what may be spent when, by whom."""

import threading
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.freshdesk import budget
from support.freshdesk.budget import Cost, Lane, Ledger, OwnBudget, Spent, SubLimit
from support.freshdesk.headers import Credits

LIST = Cost(3, SubLimit.TICKETS_LIST)
wishes = st.lists(
    st.tuples(
        st.floats(0, 20, allow_nan=False),
        st.sampled_from(Lane),
        st.builds(Cost, st.sampled_from([1.0, 2.0, 3.0, 7.0]), st.none() | st.sampled_from(SubLimit)),
    ),
    max_size=120,
)


class Moved:
    """A clock that only moves when it is told to."""

    def __init__(self, now=1000.0):
        self.moment = now

    def now(self):
        return self.moment

    def sleep(self, seconds):
        self.moment += seconds


def taken(limit, wishes, start=1000.7):
    """Everything that was let through, with its moment."""
    ledger, now, through = Ledger(limit=limit), start, []
    for pause, lane, cost in wishes:
        now += pause
        ledger, wait = budget.take(ledger, cost, lane, now)
        if not wait:
            through.append((now, lane, cost))
    return through


def in_a_minute(through, since):
    return [(lane, cost) for at, lane, cost in through if since <= at <= since + 60]


@given(limit=st.sampled_from([10.0, 50.0, 200.0, 400.0]), wishes=wishes, hurry=st.floats(0.001, 1))
def test_no_minute_sees_more_than_the_limit_nor_a_lane_more_than_its_share(limit, wishes, hurry):
    through = taken(limit, [(pause * hurry, lane, cost) for pause, lane, cost in wishes])
    for since, _, _ in through:
        minute = in_a_minute(through, since)
        assert sum(cost.credits for _, cost in minute) <= limit
        for lane in Lane:
            own = [cost.credits for each, cost in minute if each == lane]
            assert sum(own) <= max(limit * lane.share, 7)


@given(wishes=wishes, hurry=st.floats(0.001, 1))
def test_no_minute_sees_more_calls_than_a_sub_limit(wishes, hurry):
    through = taken(200.0, [(pause * hurry, Lane.PERSON, Cost(0.1, cost.sublimit)) for pause, _, cost in wishes])
    for since, _, _ in through:
        minute = in_a_minute(through, since)
        for sublimit, calls in budget.sub_limits(200).items():
            assert sum(cost.sublimit == sublimit for _, cost in minute) <= calls


@given(wishes=wishes)
def test_a_backfill_alone_leaves_three_tenths(wishes):
    through = taken(50.0, [(pause / 20, Lane.BACKFILL, cost) for pause, _, cost in wishes])
    for since, _, _ in through:
        assert sum(cost.credits for _, cost in in_a_minute(through, since)) <= 35


@given(wishes=wishes, lane=st.sampled_from(Lane), cost=st.sampled_from([Cost(), LIST]), now=st.floats(1000, 1300))
def test_who_waits_as_long_as_told_goes(wishes, lane, cost, now):
    ledger = Ledger(limit=200.0)
    for pause, other, wish in wishes:
        ledger, _ = budget.take(ledger, wish, other, now)
        now += pause / 10
    _, wait = budget.take(ledger, cost, lane, now)
    assert 0 <= wait <= budget.KEPT + 0.001
    assert budget.take(ledger, cost, lane, now + wait)[1] == 0


@given(wishes=wishes)
def test_a_ledger_survives_being_kept(wishes):
    ledger = Ledger(limit=400.0, blocked_until=7.5)
    for pause, lane, cost in wishes:
        ledger, _ = budget.take(ledger, cost, lane, 1000 + pause)
    assert Ledger.read(ledger.as_json()) == ledger


def test_an_empty_ledger_is_read_from_nothing():
    assert Ledger.read({}) == Ledger()


def test_lower_lanes_step_back_and_a_person_still_goes():
    ledger = Ledger(limit=10.0)
    went = dict.fromkeys(Lane, 0)
    for lane in reversed(Lane):
        wait = 0.0
        while not wait:
            ledger, wait = budget.take(ledger, Cost(), lane, 1000.0)
            went[lane] += not wait
        assert wait == 63
    assert went == {Lane.BACKFILL: 7, Lane.POLL: 1, Lane.WEBHOOK: 1, Lane.PERSON: 1}


def test_until_the_limit_is_told_the_smallest_plan_is_assumed():
    through = taken(None, [(0, Lane.PERSON, Cost())] * 60)
    assert len(through) == 50


def test_what_never_fits_goes_when_nothing_else_does():
    ledger, wait = budget.take(Ledger(limit=5.0), Cost(7), Lane.BACKFILL, 1000.0)
    assert wait == 0
    assert budget.take(ledger, Cost(1), Lane.PERSON, 1010.0)[1] == 53


def test_a_refused_call_is_not_spent():
    full = Ledger(limit=1.0, spent=(Spent(1000, 1.0, "", 1),))
    assert budget.take(full, Cost(), Lane.PERSON, 1001.0) == (full, 62)


@pytest.mark.parametrize(
    ("total", "calls"), [(50, None), (199, None), (200, 20), (399, 20), (400, 100), (700, 200), (1000, 300), (5000, 400)]
)
def test_sub_limits_are_the_nearest_lower_plans(total, calls):
    assert budget.sub_limits(total).get(SubLimit.TICKETS_LIST) == calls


def test_calls_of_one_second_and_kind_are_one_entry():
    ledger = Ledger(limit=400.0)
    for fraction in (0.1, 0.5, 0.9):
        ledger, _ = budget.take(ledger, LIST, Lane.POLL, 1000 + fraction)
    assert ledger.spent == (Spent(1000, 9.0, "tickets_list", 3),)


def test_the_limit_is_learnt_and_nonsense_is_not():
    ledger = budget.learn(Ledger(), Cost(), Credits(used=1, remaining=49, total=50), 1000.0)
    assert ledger.limit == 50
    assert budget.learn(ledger, Cost(), Credits(used=1, total=0), 1000.0).limit == 50
    assert budget.learn(ledger, Cost(), Credits(used=1), 1000.0).limit == 50


def test_a_call_that_cost_more_counts_for_more():
    ledger, _ = budget.take(Ledger(limit=400.0), Cost(), Lane.POLL, 1000.0)
    assert budget.learn(ledger, Cost(), Credits(used=3.0), 1001.0).used(1002.0) == 3


def test_a_call_that_cost_less_gives_back():
    ledger, _ = budget.take(Ledger(limit=400.0), Cost(3), Lane.POLL, 1000.0)
    assert budget.learn(ledger, Cost(3), Credits(used=1.0), 1001.0).used(1002.0) == 1


def test_what_others_spent_is_noted_once():
    ledger, _ = budget.take(Ledger(), Cost(), Lane.PERSON, 1000.0)
    told = Credits(used=1.0, remaining=20.0, total=50.0)
    ledger = budget.learn(ledger, Cost(), told, 1001.0)
    assert ledger.used(1001.0) == 30
    assert budget.learn(ledger, Cost(), told, 1002.0) == ledger


def test_an_answer_that_says_what_we_know_changes_nothing():
    ledger, _ = budget.take(Ledger(limit=50.0), Cost(), Lane.PERSON, 1000.0)
    assert budget.learn(ledger, Cost(), Credits(used=1.0, remaining=49.0, total=50.0), 1000.5) == ledger


@pytest.mark.parametrize("lane", Lane)
def test_a_retry_after_holds_for_every_lane_and_the_longest_counts(lane):
    ledger = budget.block(budget.block(Ledger(limit=400.0), 40, 1000.0), 5, 1001.0)
    assert budget.take(ledger, Cost(), lane, 1010.0) == (ledger, 30)
    assert budget.take(ledger, Cost(), lane, 1040.0)[1] == 0


def test_a_wait_of_days_is_an_hour():
    assert budget.take(budget.block(Ledger(), 1e9, 1000.0), Cost(), Lane.PERSON, 1000.0)[1] == 3600


def test_threads_share_one_budget():
    shared = OwnBudget(Moved())
    shared.learn(Cost(0), Credits(used=0.0, total=100.0))
    went = []

    def call():
        went.extend(shared.take(Cost(), Lane.PERSON) for _ in range(40))

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert went.count(0) == 100


def test_an_own_budget_follows_its_clock():
    clock = Moved()
    own = OwnBudget(clock)
    own.block(7)
    assert own.take(Cost(), Lane.PERSON) == 7
    clock.sleep(7)
    assert own.take(Cost(), Lane.PERSON) == 0


def test_lanes_are_in_the_order_in_which_they_step_back():
    assert all(one.share > next_.share for one, next_ in pairwise(Lane))
