"""Moving answers to a newer form: what is kept, what is lost and said, and who is offered it."""

import copy

import pytest
from django.utils import timezone

from ground.actors import Actor
from ground.states import WrongState
from onboarding import publishing, upgrading
from onboarding.models import AnswerRevision, Application
from tests.onboarding.factories import AnswerRevisionFactory, ApplicationFactory, FormVersionFactory, draft, interest_schema

pytestmark = pytest.mark.django_db
ANA = Actor.applicant("Ana")
STEPS = {"start": 0, "community": 1, "goals": 2}


def question(schema, step, place):
    return schema["steps"][STEPS[step]]["fields"][place]


def newer(definition, change, **renames):
    """Publish the default form with a change."""
    schema = copy.deepcopy(interest_schema())
    change(schema)
    return publishing.publish(definition, schema, by=Actor.system(), renames=renames)


def without_teaching_style(schema):
    options = question(schema, "goals", 3)["options"]
    options[:] = [option for option in options if option["key"] != "mostly_interactive"]


def without_r(schema):
    options = question(schema, "goals", 4)["options"]
    options[:] = [option for option in options if option["key"] != "r"]


def with_a_new_question(schema):
    words = dict.fromkeys(["en", "es", "pt", "fr"], "How did you hear of us?")
    schema["steps"][0]["fields"].append({"key": "heard", "type": "short_text", "required": "submit", "label": words, "hint": words})


def renamed_description(schema):
    question(schema, "goals", 6)["key"] = "open.shown"


@pytest.fixture
def version():
    return FormVersionFactory()


def test_nothing_is_offered_on_the_newest_form(version):
    assert upgrading.offered(draft(form_version=version)) is None


def test_a_draft_is_told_what_it_would_keep_lose_and_be_asked(version):
    application = draft(form_version=version, language="en")
    application.answers = {"work.style": "mostly_interactive", "work.software": ["python", "r"], "goal.future": "One notebook for all."}
    application.save()
    newer(version.definition, lambda schema: (without_teaching_style(schema), without_r(schema), with_a_new_question(schema)))
    offer = upgrading.offered(application)
    assert offer is not None
    assert offer.is_newer
    assert offer.kept == ["What would you like to be able to do?", "Which languages or software do they use?"]
    assert offer.lost == [
        "How do people work, mostly?: Step by step, looking at results as they go",
        "Which languages or software do they use?: R",
    ]
    assert "How did you hear of us?" in offer.asked_anew
    assert Application.objects.get().form_version == version, "an offer changes nothing"


def test_an_upgrade_copies_what_matches_and_keeps_a_revision(version):
    application = draft(form_version=version)
    before = dict(application.answers)
    second = newer(version.definition, lambda schema: (without_r(schema), with_a_new_question(schema)))
    etag = application.etag
    upgrading.upgrade(application, by=ANA)
    stored = Application.objects.get()
    assert stored.answers == before | {"work.software": ["python"]}
    assert (stored.form_version, stored.etag, application.form_version) == (second, etag + 1, second)
    revision = AnswerRevision.objects.get()
    assert (revision.reason, revision.form_version, revision.answers, revision.actor_label) == ("upgrade", second, stored.answers, "Ana")


def test_a_renamed_question_takes_its_answer_along(version):
    application = draft(form_version=version)
    application.answers["open.example"] = "https://example.org/course"
    application.save()
    newer(version.definition, renamed_description, **{"open.shown": "open.example"})
    upgrading.upgrade(application, by=ANA)
    stored = Application.objects.get().answers
    assert (stored["open.shown"], "open.example" in stored) == ("https://example.org/course", False)


def test_a_renamed_question_follows_through_two_renames(version):
    application = draft(form_version=version)
    application.answers["open.example"] = "https://example.org/course"
    application.save()
    newer(version.definition, renamed_description, **{"open.shown": "open.example"})

    def again(schema):
        question(schema, "goals", 6)["key"] = "open.link"

    newer(version.definition, again, **{"open.link": "open.shown"})
    upgrading.upgrade(application, by=ANA)
    assert Application.objects.get().answers["open.link"] == "https://example.org/course"


def test_a_sent_application_is_offered_it_only_while_it_waits_for_an_answer(version):
    sent = ApplicationFactory(form_version=version)
    asked = ApplicationFactory(form_version=version, waiting_since=timezone.now())
    AnswerRevisionFactory(application=asked, form_version=version)
    newer(version.definition, with_a_new_question)
    assert upgrading.offered(sent) is None
    with pytest.raises(WrongState):
        upgrading.upgrade(sent, by=ANA)
    upgrading.upgrade(asked, by=ANA)
    assert list(asked.revisions.values_list("number", "reason", "form_version__number")) == [(1, "sent", 1), (2, "upgrade", 2)]


def test_answers_of_an_old_version_are_read_with_it(version):
    sent = ApplicationFactory(form_version=version)
    newer(version.definition, without_teaching_style)
    assert sent.form_version.form.field("work.style").option_keys[0] == "mostly_interactive"
    assert Application.objects.get().form_version == version


def test_upgrading_twice_is_refused(version):
    application = draft(form_version=version)
    newer(version.definition, with_a_new_question)
    upgrading.upgrade(application, by=ANA)
    with pytest.raises(WrongState):
        upgrading.upgrade(application, by=ANA)


def test_nobody_agreed_to_a_statement_in_other_words(version):
    application = draft(form_version=version)

    def reworded(schema):
        consent = next(each for each in schema["steps"][-1]["fields"] if each["key"] == "consent.privacy")
        consent["label"]["en"] = "You may keep my answers for ten years."

    newer(version.definition, reworded)
    offer = upgrading.upgrade(application, by=ANA)
    assert offer.lost == ["You may keep and read my answers to decide about this application.: Agreed"]
    assert "You may keep my answers for ten years." in offer.asked_anew
    assert "consent.privacy" not in Application.objects.get().answers
    assert Application.objects.get().answers["consent.conduct"]
