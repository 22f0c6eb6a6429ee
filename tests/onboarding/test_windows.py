"""A page saved by itself, in two windows, twice, and with its answer lost on the way."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from ground.models import OutgoingMail
from onboarding.models import Application
from tests.onboarding.factories import ANSWERS, FormVersionFactory, applied, draft
from tests.onboarding.typing_in import typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(client: Client) -> Application:
    FormVersionFactory()
    application = draft(answers=dict(ANSWERS))
    session = client.session
    session["application"] = application.pk
    session.save()
    return application


def keep(client: Client, application: Application, step: str = "community", **changes):
    return client.post(reverse("onboarding:keep", args=[step]), typed(application, step) | changes)


def test_keep_answers_with_the_next_etag_and_the_time(client, application, django_assert_max_num_queries):
    with django_assert_max_num_queries(15):
        response = keep(client, application, **{"community.long_name": "Andes"})
    application.refresh_from_db()
    assert response.json()["etag"] == application.etag == 2
    assert response.json()["saved"].startswith("Saved ")
    assert application.answers["community.long_name"] == application.name == "Andes"


def test_keep_leaves_out_what_is_half_typed(client, application):
    assert keep(client, application, **{"community.website": "not an addr", "community.long_name": "Andes"}).status_code == 200
    application.refresh_from_db()
    assert (application.answers["community.website"], application.answers["community.long_name"]) == (ANSWERS["community.website"], "Andes")


def test_keep_mails_no_half_typed_address_and_the_button_does(client, application):
    Application.objects.update(email="")
    keep(client, application, "people", **{"contact.email": "ana@example.co"})
    assert not OutgoingMail.objects.exists()
    application.refresh_from_db()
    assert (application.email, application.answers["contact.email"]) == ("", "ana@example.co")
    client.post(reverse("onboarding:page", args=["people"]), typed(application, "people", {"contact.email": "ana@example.com"}))
    assert [mail.to for mail in OutgoingMail.objects.all()] == [["ana@example.com"]]


def test_keep_from_another_window_shows_both_texts_and_writes_nothing(client, application):
    before = typed(application, "community")
    client.post(reverse("onboarding:page", args=["community"]), before | {"community.long_name": "First", "window": str(uuid.uuid4())})
    response = client.post(
        reverse("onboarding:keep", args=["community"]), before | {"community.long_name": "Second", "window": str(uuid.uuid4())}
    )
    page = response.content.decode()
    assert response.status_code == 409
    assert 'value="Second"' in page
    assert "Saved in the other window: First" in page
    application.refresh_from_db()
    assert application.answers["community.long_name"] == "First"


def test_window_that_missed_its_answer_saves_again(client, application):
    before = typed(application, "community") | {"window": str(uuid.uuid4())}
    client.post(reverse("onboarding:page", args=["community"]), before | {"community.long_name": "Andes"})
    response = client.post(reverse("onboarding:page", args=["community"]), before | {"community.long_name": "Andes and coast"})
    assert response.status_code == 302
    application.refresh_from_db()
    assert application.answers["community.long_name"] == "Andes and coast"


def test_keeping_that_comes_late_undoes_nothing_and_tries_again(client, application):
    before = typed(application, "community") | {"window": str(uuid.uuid4())}
    client.post(reverse("onboarding:page", args=["community"]), before | {"community.long_name": "By the button"})
    late = client.post(reverse("onboarding:keep", args=["community"]), before | {"community.long_name": "By itself"})
    assert late.json() == {"etag": 2, "saved": ""}
    application.refresh_from_db()
    assert application.answers["community.long_name"] == "By the button"
    again = client.post(reverse("onboarding:keep", args=["community"]), before | {"etag": 2, "community.long_name": "More"})
    assert again.json()["etag"] == 3


def test_window_that_another_one_followed_is_stale(client, application):
    before = typed(application, "community")
    mine, other = {"window": str(uuid.uuid4())}, {"window": str(uuid.uuid4())}
    client.post(reverse("onboarding:keep", args=["community"]), before | mine)
    application.refresh_from_db()
    client.post(reverse("onboarding:keep", args=["community"]), typed(application, "community") | other | {"community.long_name": "Other"})
    assert client.post(reverse("onboarding:keep", args=["community"]), before | mine).status_code == 409


@pytest.mark.parametrize("window", ["", "nonsense", "\x00", "x" * 1000])
def test_unreadable_window_is_none(client, application, window):
    assert keep(client, application, etag="7", window=window).status_code == 409


def test_keep_of_what_was_sent_leads_away(client, application):
    session = client.session
    session["application"] = applied().pk
    session.save()
    assert keep(client, application).status_code == 302


def test_keep_of_a_step_that_is_not_asked_is_not_found(client, application):
    assert client.post(reverse("onboarding:keep", args=["event"]), {"etag": "1"}).status_code == 404


@pytest.mark.parametrize("words", ["a\x00b", "x" * 1_000_000, "\uffff", "🧊" * 5000], ids=["nul", "megabyte", "nonce", "ice"])
@pytest.mark.parametrize("name", ["page", "keep", "pause", "attach"])
def test_hostile_words_break_no_page(client, application, words, name):
    answer = client.post(
        reverse(f"onboarding:{name}", args=["community"]),
        typed(application, "community") | {"community.description": words},
    )
    assert answer.status_code in {200, 302}
    application.refresh_from_db()
    assert len(str(application.answers["community.description"])) <= 600


def test_file_where_words_belong_and_words_where_a_file_belongs_are_left_out(client, application):
    from tests.onboarding.files import upload

    answer = client.post(
        reverse("onboarding:page", args=["send"]), typed(application, "send") | {"files.attachments": "words", "consent.conduct": upload()}
    )
    assert answer.status_code == 200
    application.refresh_from_db()
    assert "files.attachments" not in application.answers


def test_form_page_asks_few_queries(client, application, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        client.get(reverse("onboarding:page", args=["community"]))


def test_step_saved_asks_few_queries(client, application, django_assert_max_num_queries):
    for step in ("community", "people", "send"):
        application.refresh_from_db()
        with django_assert_max_num_queries(15):
            client.post(reverse("onboarding:page", args=[step]), typed(application, step) | {"window": str(uuid.uuid4())})
