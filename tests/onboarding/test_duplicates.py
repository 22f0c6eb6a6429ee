"""Duplicates: found by comparing, joined, told apart, taken apart."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from ground.states import WrongState
from onboarding import comparing, duplicates, reviewing
from onboarding.conflicts import Conflicted
from onboarding.likeness import Likeness
from onboarding.models import Application, DuplicateLink
from onboarding.standing import standing
from onboarding.states import ApplicationState, ConflictKind, Verdict
from tests.factories import acting
from tests.onboarding.factories import ANSWERS, ApplicationFactory, draft
from tests.onboarding.review_factories import in_review, lead, proposed, reviewed, screened

pytestmark = pytest.mark.django_db


def other_wish(**fields):
    answers = ANSWERS | {"community.long_name": "Mangroves du Saloum", "community.website": "https://mangroves.example.sn"}
    return ApplicationFactory(**{"answers": answers, "email": "aissatou@mangroves.example.sn", "country": "SN"} | fields)


@pytest.fixture
def pair():
    first, second = in_review(), screened(email="luis@glaciares.example.org")
    comparing.compare_all()
    return DuplicateLink.objects.get(a=first, b=second)


@pytest.fixture
def boss():
    return acting(lead())


# finding


def test_compare_one_finds_the_twin_and_no_stranger():
    first, second = ApplicationFactory(), ApplicationFactory(email="luis@glaciares.example.org")
    other_wish()
    assert (comparing.compare_one(second.pk), comparing.compare_one(first.pk)) == (1, 0)
    link = DuplicateLink.objects.get()
    assert (link.a, link.b, link.verdict, link.reasons) == (first, second, Verdict.OPEN, [Likeness.WEBSITE, Likeness.MAIL, Likeness.NAME])


def test_compare_all_finds_what_comparing_each_finds():
    names = ["Red Andina de Glaciares", "Red Andina de los Glaciares", "Glaciares Andinos", "Mangroves du Saloum", "Rede de Manguezais"]
    for number, name in enumerate(names):
        answers = {"community.long_name": name, "community.website": f"https://site{number // 2}.example.org"}
        ApplicationFactory(answers=answers, name=name, email=f"a@org{number % 3}.example")
    comparing.compare_all()
    at_once = set(DuplicateLink.objects.values_list("a", "b"))
    DuplicateLink.objects.all().delete()
    for pk in Application.objects.values_list("pk", flat=True):
        comparing.compare_one(pk)
    assert at_once == set(DuplicateLink.objects.values_list("a", "b")) != set()


def test_found_again_keeps_the_verdict(pair, boss):
    duplicates.differ(pair, by=boss)
    assert (comparing.compare_all(), DuplicateLink.objects.get().verdict) == (0, Verdict.DIFFERENT)


@pytest.mark.parametrize("change", [{"spam_at": timezone.now()}, {"is_calibration": True}])
def test_spam_and_examples_are_compared_with_nothing(change):
    ApplicationFactory()
    second = ApplicationFactory(**change)
    assert (comparing.compare_one(second.pk), comparing.compare_all()) == (0, 0)


def test_drafts_are_compared_with_nothing():
    ApplicationFactory()
    assert comparing.compare_one(draft().pk) == 0


def test_comparing_costs_the_same_queries_however_many_there_are(django_assert_num_queries):
    for _ in range(2):
        ApplicationFactory()
    with django_assert_num_queries(3):
        comparing.compare_all()
    DuplicateLink.objects.all().delete()
    for _ in range(4):
        ApplicationFactory()
    with django_assert_num_queries(3):
        comparing.compare_all()


# joining


def test_merge_keeps_both_rows_and_one_goes_on(pair, boss):
    kept = duplicates.merge(pair, keep=duplicates.to_keep(pair), by=boss)
    pair.refresh_from_db()
    assert (kept, pair.verdict, pair.by) == (pair.a, Verdict.SAME, boss.user)
    assert (pair.b.duplicate_of, Application.objects.in_earnest().get()) == (kept, kept)
    assert [each.application for each in duplicates.joined_answers(kept, by=boss)] == [pair.b]
    assert kept.reference in standing(pair.b).text
    assert standing(pair.b).word == "Goes on as one"


def test_merge_may_keep_the_other(pair, boss):
    assert duplicates.merge(pair, keep=pair.b, by=boss) == pair.b
    pair.a.refresh_from_db()
    assert pair.a.duplicate_of == pair.b


def test_to_keep_prefers_further_then_more_reviewed_then_earlier():
    first, second = in_review(), in_review()
    link = DuplicateLink.objects.create(a=first, b=second, score=1)
    assert duplicates.to_keep(link) == first
    reviewed(second)
    link = DuplicateLink.objects.select_related("a", "b").get()
    assert duplicates.to_keep(link) == second


def test_merge_of_what_is_joined_already_is_refused(pair, boss):
    duplicates.merge(pair, keep=pair.a, by=boss)
    with pytest.raises(WrongState):
        duplicates.merge(pair, keep=pair.b, by=boss)
    with pytest.raises(WrongState):
        duplicates.differ(pair, by=boss)


@pytest.mark.parametrize("change", [{"state": ApplicationState.WITHDRAWN}, {"spam_at": timezone.now()}])
def test_merge_into_what_is_not_on_its_way_is_refused(pair, boss, change):
    Application.objects.filter(pk=pair.a_id).update(**change)
    pair.a.refresh_from_db()
    with pytest.raises(WrongState, match="not on its way"):
        duplicates.merge(pair, keep=pair.a, by=boss)


def test_merge_away_of_a_decided_one_is_refused(boss):
    decided = proposed().application
    other = in_review()
    link = DuplicateLink.objects.create(a=decided, b=other, score=1)
    with pytest.raises(WrongState):
        duplicates.merge(link, keep=other, by=boss)
    assert duplicates.merge(link, keep=decided, by=boss) == decided


def test_merge_by_a_lead_who_cannot_judge_is_refused(pair, boss):
    reviewing.declare_conflict(pair.b, kind=ConflictKind.PERSONAL, by=boss)
    with pytest.raises(Conflicted):
        duplicates.merge(pair, keep=pair.a, by=boss)


def test_those_joined_with_one_that_is_joined_move_along(pair, boss):
    third = screened()
    duplicates.merge(DuplicateLink.objects.create(a=pair.b, b=third, score=1), keep=pair.b, by=boss)
    duplicates.merge(pair, keep=pair.a, by=boss)
    third.refresh_from_db()
    assert third.duplicate_of == pair.a


def test_part_undoes_a_merge(pair, boss):
    duplicates.merge(pair, keep=pair.a, by=boss)
    joined = duplicates.part(pair, by=boss)
    pair.refresh_from_db()
    assert (joined, joined.duplicate_of, joined.state) == (pair.b, None, ApplicationState.SCREENING)
    assert (pair.verdict, pair.by, pair.at) == (Verdict.OPEN, None, None)
    with pytest.raises(WrongState):
        duplicates.part(pair, by=boss)


@pytest.fixture
def chain(pair, boss):
    """C was joined into B, then B into A: both links, and C."""
    third = screened(sent_at=timezone.now() - timedelta(days=1))
    later = DuplicateLink.objects.create(a=pair.b, b=third, score=1)
    duplicates.merge(later, keep=pair.b, by=boss)
    duplicates.merge(pair, keep=pair.a, by=boss)
    return pair, later, third


def kept_by(*applications):
    return [Application.objects.get(pk=each.pk).duplicate_of for each in applications]


def test_part_of_the_later_link_lets_go_the_last_alone(chain, boss):
    pair, later, third = chain
    assert duplicates.part(later, by=boss) == third
    assert kept_by(pair.a, pair.b, third) == [None, pair.a, None]
    assert duplicates.part(pair, by=boss) == pair.b
    assert kept_by(pair.a, pair.b, third) == [None, None, None]


def test_part_of_the_first_link_takes_along_what_came_with_the_other(chain, boss):
    pair, later, third = chain
    assert duplicates.part(pair, by=boss) == pair.b
    assert kept_by(pair.a, pair.b, third) == [None, None, pair.b]
    assert duplicates.part(later, by=boss) == third
    assert kept_by(pair.a, pair.b, third) == [None, None, None]


def test_part_lets_go_the_earlier_where_the_later_was_kept(pair, boss):
    duplicates.merge(pair, keep=pair.b, by=boss)
    assert duplicates.part(pair, by=boss) == pair.a
    assert kept_by(pair.a, pair.b) == [None, None]


# what the database refuses


@pytest.mark.parametrize("fields", [{"verdict": Verdict.SAME}, {"at": timezone.now()}, {"score": 2}])
def test_pair_with_half_a_verdict_or_off_the_scale_is_refused(pair, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        DuplicateLink.objects.filter(pk=pair.pk).update(**fields)


def test_pair_in_the_wrong_order_or_twice_is_refused(pair):
    for a, b in ((pair.b, pair.a), (pair.a, pair.b), (pair.a, pair.a)):
        with pytest.raises(IntegrityError), transaction.atomic():
            DuplicateLink.objects.create(a=a, b=b, score=1)
