"""Spam: out of every queue by one click, back by another, and nobody outside learns of it."""

import pytest

from ground.actors import Actor
from ground.models import OutgoingMail
from ground.states import WrongState
from onboarding import screening
from onboarding.models import Application
from tests.onboarding.factories import ApplicationFactory, applied, draft
from tests.onboarding.review_factories import in_review, screened

pytestmark = pytest.mark.django_db
SOMEBODY = Actor.system()


@pytest.mark.parametrize("make", [applied, screened, in_review])
def test_spam_is_hidden_and_nothing_else_changes(make):
    application = make()
    state = application.state
    marked = screening.mark_spam(application, by=SOMEBODY, note="Sells pills")
    assert (marked.state, marked.spam_at is not None, OutgoingMail.objects.count()) == (state, True, 0)
    assert (Application.objects.not_spam().count(), Application.objects.sent().count()) == (0, 1)


def test_not_spam_puts_it_back():
    application = screening.mark_spam(screened(), by=SOMEBODY)
    assert screening.not_spam(application, by=SOMEBODY).spam_at is None
    assert Application.objects.not_spam().get() == application


@pytest.mark.parametrize("make", [draft, lambda: ApplicationFactory(state="decided"), lambda: ApplicationFactory(state="withdrawn")])
def test_spam_of_what_nobody_has_to_read_is_refused(make):
    with pytest.raises(WrongState):
        screening.mark_spam(make(), by=SOMEBODY)


def test_marking_twice_and_taking_back_what_is_not_marked_are_refused():
    application = screening.mark_spam(screened(), by=SOMEBODY)
    with pytest.raises(WrongState):
        screening.mark_spam(application, by=SOMEBODY)
    screening.not_spam(application, by=SOMEBODY)
    with pytest.raises(WrongState):
        screening.not_spam(application, by=SOMEBODY)
