"""Letters from their templates: every outcome in every language, and what cannot be filled."""

import pytest
from django.db import DatabaseError, transaction

from communities.models import ServicePolicy
from ground import mail
from ground.actors import Actor
from ground.models import OutgoingMail
from ground.states import WrongState
from onboarding import deciding, intake, letter_defaults, letter_words, letters, wordings
from onboarding.emails import acknowledgement
from onboarding.models import LetterOccasion, LetterTemplate, LetterTemplateVersion
from onboarding.standing import standing
from onboarding.states import Outcome
from tests.factories import ProgrammeFactory, acting
from tests.onboarding.factories import ApplicationFactory
from tests.onboarding.review_factories import in_review, lead, proposed

pytestmark = pytest.mark.django_db
LANGUAGES = ["en", "es", "pt", "fr"]


@pytest.fixture
def templates() -> None:
    ProgrammeFactory()
    letter_defaults.ensure()


@pytest.mark.parametrize("outcome", LetterOccasion.values)
def test_letters_we_begin_with_have_nothing_to_put_right(outcome):
    assert list(letter_words.problems(letter_words.defaults()[outcome], outcome, LANGUAGES)) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("outcome", Outcome.values)
@pytest.mark.usefixtures("templates")
def test_letter_of_every_outcome_in_every_language_leaves_nothing_open(outcome, language):
    decision = proposed(in_review(language=language), outcome=outcome, conditions="Bring your own {data}.")
    letter = decision.letters.get()
    assert (letter.language, letter.template_version.template.outcome) == (language, outcome)
    assert "{" not in letter.subject + letter.body.replace("{data}", "")
    assert "Red Andina de Glaciares" in letter.subject
    assert "Ana Quispe Mamani" in letter.body
    assert ("Bring your own {data}." in letter.body) == (outcome in letter_words.NEEDED)


def test_without_templates_the_letters_we_begin_with_are_used():
    letter = proposed(in_review(language="es")).letters.get()
    assert (letter.template_version, letter.subject) == (None, "Nos gustaría trabajar con Red Andina de Glaciares")


@pytest.mark.usefixtures("templates")
def test_letter_is_drafted_from_the_current_version_and_remembers_it():
    template = LetterTemplate.objects.get(outcome="decline")
    words = {language: {"subject": "About {reference}", "body": "Dear {name}"} for language in LANGUAGES}
    version = wordings.publish(template, words, by=Actor.system())
    letter = proposed(in_review(), outcome="decline").letters.get()
    assert (letter.template_version, letter.body) == (version, "Dear Ana Quispe Mamani")
    assert letter.subject == f"About {letter.decision.application.reference}"


@pytest.mark.usefixtures("templates")
def test_language_without_a_text_gets_the_english_one():
    template = LetterTemplate.objects.get(outcome="decline")
    wordings.publish(template, {"en": {"subject": "No", "body": "Dear {name}"}}, by=Actor.system())
    assert proposed(in_review(language="fr"), outcome="decline").letters.get().subject == "No"


@pytest.mark.usefixtures("templates")
def test_published_template_changed_in_bulk_is_refused():
    for change in ({"texts": {}}, {"sha256": "0"}, {"number": 9}):
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            LetterTemplateVersion.objects.filter(template__outcome="accept").update(**change)


@pytest.mark.usefixtures("templates")
def test_setup_never_writes_over_an_operator():
    template = LetterTemplate.objects.get(outcome="decline")
    version = wordings.publish(template, {"en": {"subject": "No", "body": "Dear {name}"}}, by=Actor.system())
    letter_defaults.ensure()
    assert template.versions.current().get() == version


@pytest.mark.parametrize(
    ("text", "outcome", "problem"),
    [
        ("Hello {nobody}", "accept", "There is no {nobody}."),
        ("Hello {name.first}", "accept", "There is no {name.first}."),
        ("Hello {}", "accept", "There is no {}."),
        ("Hello {name", "accept", "A curly bracket stands alone."),
        ("Hello }", "accept", "A curly bracket stands alone."),
        ("Hello {next_steps}", "decline", "There is no {next_steps}."),
        ("Hello {name}", "refer", "Say where the conditions go: write {conditions}."),
        ("  ", "accept", "This language has no text yet."),
    ],
)
def test_words_that_could_not_be_filled_are_named(text, outcome, problem):
    found = list(letter_words.problems({"en": {"subject": "About you", "body": text}}, outcome, ["en"]))
    assert [(language, part) for language, part, _words in found] == [("en", "body")]
    assert found[0][2].startswith(problem)


def test_subject_that_is_too_long_is_named():
    found = letter_words.problems({"en": {"subject": "x" * 151, "body": "Hello"}}, "accept", ["en"])
    assert [(part, words) for _language, part, words in found] == [("subject", "A subject has at most 150 characters.")]


def test_second_letter_is_written_in_one_more_language_once():
    decision = proposed(in_review(language="es"))
    letter = letters.add(decision, language="en", by=acting(lead()))
    assert letter.subject == "We would like to work with Red Andina de Glaciares"
    assert letters.add(decision, language="en", by=acting(lead())) == letter
    assert sorted(decision.letters.values_list("language", flat=True)) == ["en", "es"]


def test_letter_is_not_added_once_the_decision_is_approved():
    decision = proposed(in_review(language="es"))
    deciding.approve(decision, by=acting(lead()))
    with pytest.raises(WrongState):
        letters.add(decision, language="en", by=acting(lead()))


def test_withdrawing_is_confirmed_in_the_applicants_language(mailoutbox):
    application = ApplicationFactory(language="es")
    intake.withdraw(application, by=Actor.applicant("Ana"))
    mail.send(OutgoingMail.objects.get(kind="onboarding/withdrawn.txt").pk)
    assert mailoutbox[0].subject == f"Su solicitud {application.reference} queda retirada"
    assert "Hola, Ana Quispe Mamani:" in mailoutbox[0].body
    assert "{" not in mailoutbox[0].body


def test_days_until_an_answer_are_the_programmes(mailoutbox):
    application = ApplicationFactory(language="en")
    ServicePolicy.objects.create(programme=application.programme, reply_days=8)
    row = acknowledgement.queue(to=application.email, language="en", application_id=application.pk)
    mail.send(row.pk)
    assert "We answer within 8 working days." in mailoutbox[0].body
    assert "/privacy/" in mailoutbox[0].body
    assert "answer within 8 working days" in standing(application).text
