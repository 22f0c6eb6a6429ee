"""The letters on the decision page: more than one language, and what reviewers wrote for the applicant."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from onboarding import deciding, letters, reviewing
from onboarding.reviewing import Notes
from onboarding.states import ConflictKind, LetterState
from tests.factories import acting
from tests.onboarding.review_factories import in_review, lead, marks, proposed, reviewer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.endswith("second_factor_for_staff")]


@pytest.fixture
def boss():
    return lead(name="Boss")


@pytest.fixture
def desk(boss) -> Client:
    client = Client()
    client.force_login(boss, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def decision(boss):
    """A proposal of the boss, who said that there is no conflict."""
    application = in_review(language="es")
    reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=acting(boss))
    return proposed(application, by=boss)


def url(name, decision):
    return reverse(f"onboarding:{name}", args=[decision.application.reference])


def test_letter_is_added_in_another_language_and_each_is_edited_by_itself(desk, decision):
    desk.post(url("add_letter", decision), {"language": "fr"})
    page = desk.get(url("decision", decision)).content.decode()
    assert page.index('id="letter-es"') < page.index('id="letter-fr"')
    desk.post(url("edit_letter", decision), {"language": "fr", "subject": "Bonjour", "body": "Bienvenue"})
    assert dict(decision.letters.values_list("language", "subject")) == {
        "es": "Nos gustaría trabajar con Red Andina de Glaciares",
        "fr": "Bonjour",
    }


def test_letter_with_something_wrong_comes_back_beside_the_other_untouched(desk, decision):
    letters.add(decision, language="fr", by=acting(lead()))
    response = desk.post(url("edit_letter", decision), {"language": "fr", "subject": "", "body": "mes mots"})
    assert response.status_code == 422
    by_language = {page.letter.language: page.form for page in response.context["letters"]}
    assert (by_language["es"].is_bound, by_language["fr"].is_bound) == (False, True)
    assert "mes mots" in response.content.decode()


def test_language_nobody_offers_and_letter_that_is_not_there(desk, decision):
    desk.post(url("add_letter", decision), {"language": "xx"})
    assert decision.letters.count() == 1
    assert desk.post(url("edit_letter", decision), {"language": "fr", "subject": "a", "body": "b"}).status_code == 404


def test_added_letter_is_approved_with_the_decision_and_none_is_offered_after(desk, decision):
    letters.add(decision, language="fr", by=acting(lead()))
    assert 'id="letter-language"' in desk.get(url("decision", decision)).content.decode()
    deciding.approve(decision, by=acting(lead()))
    assert set(decision.letters.values_list("state", flat=True)) == {LetterState.APPROVED}
    assert 'id="letter-language"' not in desk.get(url("decision", decision)).content.decode()


def test_what_reviewers_wrote_for_the_applicant_stands_beside_the_letter(desk, boss):
    application = in_review(language="es")
    for name, words in (("Ana", "Start with twenty people."), ("Ben", "")):
        by = acting(reviewer(name=name))
        reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=by)
        notes = Notes(team="Not for them.", applicant=words)
        reviewing.record(application, scores=marks(), recommendation="accept", notes=notes, by=by)
    reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=acting(boss))
    page = desk.get(url("decision", proposed(application))).context["letters"]
    assert [(note.by, note.words) for note in page[0].notes] == [("Ana", "Start with twenty people.")]


def count_of(desk, decision) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert desk.get(url("decision", decision)).status_code == 200
    return len(queries)


def test_same_queries_with_one_and_three_letters(desk, decision):
    before = count_of(desk, decision)
    for language in ("en", "fr"):
        letters.add(decision, language=language, by=acting(lead()))
    assert count_of(desk, decision) == before
