"""Examples to practise on, and agreement on real ones: practice never counts."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from onboarding import calibrating, calibration_defaults, opinions, reliability, reviewing
from onboarding.calibrating import Line, Unfinished
from onboarding.models import Application, CalibrationExample, CalibrationPractice, Review, ReviewPolicy, RubricVersion
from onboarding.reviewing import NotCalibrated
from onboarding.states import ApplicationState, ConflictKind, Outcome
from tests.factories import acting
from tests.onboarding.factories import ApplicationFactory, FormVersionFactory
from tests.onboarding.review_factories import in_review, lead, marks, reviewed, reviewer, rubric

pytestmark = pytest.mark.django_db


@pytest.fixture
def rivers():
    rubric()
    FormVersionFactory()
    calibration_defaults.ensure()
    return CalibrationExample.objects.get(key="rivers")


@pytest.fixture
def ana():
    return acting(reviewer())


def agreed(example, **changes):
    return dict(example.agreed) | changes


def test_set_up_makes_the_examples_once_and_leaves_them(rivers):
    CalibrationExample.objects.filter(pk=rivers.pk).update(agreed={"need": 1})
    calibration_defaults.ensure()
    assert list(CalibrationExample.objects.values_list("key", flat=True)) == ["rivers", "simulations", "midwives"]
    rivers.refresh_from_db()
    assert rivers.agreed == {"need": 1}


@pytest.mark.parametrize("language", ["en", "es", "pt", "fr"])
def test_every_example_is_whole_in_every_language(language):
    criteria = set(rubric().content.weights) - {"timeline"}
    for row in calibration_defaults.examples():
        words = row["words"][language]
        assert set(row["agreed"]) == criteria
        assert set(words["answers"]) == set(row["words"]["en"]["answers"])
        assert all(words[key] for key in ("title", "why"))


def test_examples_are_nobodys_application(rivers):
    for who in (acting(lead()), acting(reviewer())):
        assert not Application.objects.visible_to(who).exists()
    assert not Application.objects.in_earnest().exists()
    assert not Application.objects.sent().exists()


def test_example_is_read_in_the_readers_language(rivers):
    with translation.override("es"):
        assert str(rivers) == "Una red que está lista"
        assert rivers.answers["community.long_name"] == "Red de Ríos de África Oriental"
        assert rivers.answers["community.country"] == "KE"


def test_practice_stands_beside_the_agreed_levels(rivers, ana):
    practice = calibrating.practise(rivers, levels=agreed(rivers, need=2), by=ana)
    lines = {line.title: line for line in calibrating.side_by_side(practice)}
    assert len(lines) == 9
    assert lines["Need and what blocks people now"] == Line(
        "Need and what blocks people now",
        2,
        "A real problem, but other services could solve it as well",
        4,
        "A clear, dated problem with numbers, and other ways were tried",
    )
    assert sum(line.apart for line in lines.values()) == 2


def test_practice_with_gaps_keeps_nothing(rivers, ana):
    with pytest.raises(Unfinished) as caught:
        calibrating.practise(rivers, levels={"need": 2}, by=ana)
    assert "fit" in caught.value.criteria
    assert not CalibrationPractice.objects.exists()


def test_first_practice_is_the_one_that_stays(rivers, ana):
    calibrating.practise(rivers, levels=agreed(rivers, need=2), by=ana)
    assert calibrating.practise(rivers, levels=agreed(rivers), by=ana).levels["need"] == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        CalibrationPractice.objects.create(example=rivers, reviewer=ana.user, levels={})


def test_programme_that_needs_it_takes_no_score_before_all_are_practised(rivers, ana):
    application = in_review()
    ReviewPolicy.objects.create(programme=application.programme, needs_calibration=True)
    reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=ana)
    for write in (reviewing.keep, reviewing.record):
        with pytest.raises(NotCalibrated):
            write(application, scores=marks(), recommendation=Outcome.ACCEPT, by=ana)
    assert calibrating.is_needed(ana.user, application.programme)
    for example in CalibrationExample.objects.all():
        calibrating.practise(example, levels=example.agreed, by=ana)
    assert not calibrating.is_needed(ana.user, application.programme)
    assert reviewing.record(application, scores=marks(), recommendation=Outcome.ACCEPT, by=ana).is_submitted


def test_practice_touches_no_real_figure(rivers, ana):
    calibrating.practise(rivers, levels=agreed(rivers), by=ana)
    assert not Review.objects.exists()
    assert [each.applications for each in reliability.agreement_of(rivers.application.programme)] == [0] * 10
    rivers.application.refresh_from_db()
    assert (rivers.application.reviews_submitted, rivers.application.median) == (0, None)


# agreement on real ones


def doubly_reviewed(number, **fields):
    for count in range(number):
        application = in_review(**fields)
        reviewed(application, level=count % 5, need=count % 5)
        reviewed(application, level=count % 5, need=4 - count % 5)


def of_need(programme, **kwargs):
    return next(each for each in reliability.agreement_of(programme, **kwargs) if each.criterion == "need")


def test_agreement_is_said_from_ten_applications_on():
    doubly_reviewed(9)
    programme = Application.objects.first().programme
    assert (of_need(programme).alpha, of_need(programme).applications) == (None, 9)
    doubly_reviewed(1)
    found = {each.criterion: each for each in reliability.agreement_of(programme)}
    assert (found["fit"].alpha, found["fit"].wants_work) == (1, False)
    assert found["need"].wants_work


def test_agreement_counts_submitted_live_reviews_of_one_rubric_in_earnest_alone():
    doubly_reviewed(2)
    programme = Application.objects.first().programme
    doubly_reviewed(1)
    retracted = Review.objects.last()
    reviewing.declare_conflict(retracted.application, kind=ConflictKind.PERSONAL, by=acting(retracted.reviewer))
    joined = Application.objects.order_by("pk").first()
    for fields in ({"spam_at": joined.sent_at}, {"is_calibration": True}, {"duplicate_of": joined}):
        application = ApplicationFactory(state=ApplicationState.IN_REVIEW)
        application.revisions.create(number=1, form_version=application.form_version, answers={}, reason="sent")
        reviewed(application)
        reviewed(application)
        Application.objects.filter(pk=application.pk).update(**fields)
    assert of_need(programme).applications == 2
    newer = RubricVersion.objects.get()
    other = RubricVersion.objects.create(rubric=newer.rubric, number=2, document=newer.document, sha256="x", is_current=False)
    assert of_need(programme, version=other).applications == 0


# the folded figures


def test_folding_gives_what_every_writer_left():
    doubly_reviewed(2)
    review = Review.objects.first()
    reviewing.reopen(review, by=acting(review.reviewer))
    last = Review.objects.last()
    reviewing.declare_conflict(last.application, kind=ConflictKind.OTHER, by=acting(last.reviewer))
    assert list(opinions.differing()) == []
    Application.objects.filter(pk=last.application_id).update(reviews_submitted=7)
    assert list(opinions.differing()) == [last.application]
