"""Applying, through the pages, without an account."""

import gzip
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communities.roles import StaffGroup
from ground.models import OutgoingMail
from onboarding import links
from onboarding.models import Application, CommandPolicy, ResumeToken
from onboarding.states import ApplicationState
from tests.factories import UserFactory, staff
from tests.onboarding.factories import (
    ANSWERS,
    ApplicationFactory,
    FormDefinitionFactory,
    FormVersionFactory,
    applied,
    draft,
    interest_schema,
)
from tests.onboarding.typing_in import begin, fill_in, post, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def version():
    return FormVersionFactory()


@pytest.fixture
def application(client, version) -> Application:
    return begin(client)


def hold(client: Client, application: Application) -> Application:
    session = client.session
    session["application"] = application.pk
    session.save()
    return application


def ripen(application: Application) -> None:
    """As if somebody had taken their time."""
    Application.objects.filter(pk=application.pk).update(created_at=timezone.now() - timedelta(minutes=20))


def test_start_page_without_a_form_says_closed(client):
    assert "closed at the moment" in client.get("/apply/").content.decode()


def test_start_page_makes_no_row_and_is_light(client, version, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        response = client.get("/apply/")
    assert "Begin your application" in response.content.decode()
    assert not Application.objects.exists()
    assert len(gzip.compress(response.content)) < 20_000


def another_form(key="event", **fields):
    """A form that an operator added."""
    definition = FormDefinitionFactory(key=key, **fields)
    title = {"en": f"Ask for an {key} hub", "es": f"Pedir un hub: {key}"}
    return FormVersionFactory(definition=definition, schema=interest_schema() | {"key": key, "title": title, "intro": {"en": "Few days."}})


def test_start_page_costs_the_same_with_one_form_and_with_three(client, version, django_assert_num_queries):
    client.get("/apply/")  # what a form asks is read once a process
    with django_assert_num_queries(2):
        assert "/apply/forms/" not in client.get("/apply/").content.decode()
    for key in ("event", "class"):
        another_form(key)
    with django_assert_num_queries(2):
        page = client.get("/apply/", headers={"accept-language": "es"}).content.decode()
    assert "Pedir un hub: event" in page
    assert page.index("/apply/forms/class/") < page.index("/apply/forms/event/")


def test_start_page_names_other_forms_while_its_own_is_closed(client):
    another_form()
    page = client.get("/apply/").content.decode()
    assert "closed at the moment" in page
    assert reverse("onboarding:apply_with", args=["event"]) in page


def test_form_that_an_operator_added_is_begun_at_its_own_address(client, version):
    added, path = another_form(), reverse("onboarding:apply_with", args=["event"])
    page = client.get(path).content.decode()
    assert "<h1>Ask for an event hub</h1>" in page
    assert "Few days." in page
    assert f'action="{path}"' in page
    assert client.post(path).headers["Location"] == reverse("onboarding:page", args=["start"])
    assert Application.objects.get().form_version == added
    for start in (path, "/apply/"):
        page = client.get(start).content.decode()
        assert ("Go on where you stopped" in page, "newer version" in page) == (True, False)


def test_form_that_is_not_public_or_not_there_is_closed(client, version):
    another_form("event", is_public=False)
    for key in ("event", "nonsense"):
        for method in (client.get, client.post):
            response = method(reverse("onboarding:apply_with", args=[key]))
            assert (response.status_code, "closed at the moment" in response.content.decode()) == (404, True)
    assert not Application.objects.exists()


def test_begin_makes_a_draft_in_the_readers_language(client, version):
    client.post("/apply/", headers={"accept-language": "pt"})
    application = Application.objects.get()
    assert (application.state, application.language, application.answers) == ("draft", "pt", {"applicant.language": "pt"})


def test_begin_with_the_trap_filled_is_refused_kindly(client, version):
    response = client.post("/apply/", {"trap": "buy"})
    assert "hidden field" in response.content.decode()
    assert not Application.objects.exists()


def test_page_without_an_application_leads_to_the_start(client, version):
    assert client.get(reverse("onboarding:page", args=["community"])).headers["Location"] == "/apply/"


def test_page_of_a_step_not_asked_leads_to_the_first_open_one(client, application):
    response = client.get(reverse("onboarding:page", args=["research"]))
    assert response.headers["Location"] == reverse("onboarding:page", args=["start"])


def test_page_of_no_step_is_not_found(client, application):
    assert client.get(reverse("onboarding:page", args=["nowhere"])).status_code == 404


@pytest.mark.parametrize(
    "step", ["start", "community", "goals", "research", "education", "event", "other_use", "people", "data_money_time", "send"]
)
def test_every_page_is_light_and_asks_few_queries(client, version, step, django_assert_max_num_queries):
    hold(client, draft(answers=ANSWERS | {"use.types": ["research", "education", "event", "other"]}))
    with django_assert_max_num_queries(6 if step == "send" else 4):  # consents stand beside their statements
        response = client.get(reverse("onboarding:page", args=[step]))
    assert response.status_code == 200
    assert len(gzip.compress(response.content)) < 15_000


def test_whole_form_filled_in_is_sent_acknowledged_and_followed(client, application):
    fill_in(client, application)
    ripen(application)
    response = client.get(reverse("onboarding:check"))
    assert "Red Andina de Glaciares" in response.content.decode()
    assert "Send application" in response.content.decode()
    for _again in range(2):
        response = client.post(reverse("onboarding:send"), {"key": str(application.idempotency_key)})
        assert response.headers["Location"] == reverse("onboarding:status")
    application.refresh_from_db()
    assert application.state == ApplicationState.APPLIED
    assert application.answers == ANSWERS
    assert application.revisions.count() == 1
    assert list(OutgoingMail.objects.order_by("pk").values_list("kind", flat=True)) == [
        "onboarding/resume.txt",
        "onboarding/acknowledgement.txt",
    ]
    assert "confirm your e-mail address" in client.get(reverse("onboarding:status")).content.decode()


def test_page_with_bad_input_keeps_every_word_and_says_why(client, application):
    long = "x" * 10_000
    response = post(
        client,
        application,
        "community",
        **{"community.website": "javascript:alert(1)", "community.long_name": long, "community.country": ""},
    )
    page = response.content.decode()
    assert response.status_code == 200
    assert long in page
    assert "javascript:alert(1)" in page
    assert "10,000 now" in page
    assert "Please choose an answer" in page
    assert "3 answers need another look" in page
    application.refresh_from_db()
    assert application.answers["community.description"] == ANSWERS["community.description"]
    assert "community.website" not in application.answers


def test_page_escapes_what_was_typed(client, application):
    post(client, application, "community", **{"community.long_name": "<script>alert(1)</script> 🧊", "community.country": ""})
    page = client.get(reverse("onboarding:page", args=["community"])).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; 🧊" in page


def test_page_saved_in_two_tabs_shows_both_texts_and_keeps_both(client, application):
    before = typed(application, "community")
    client.post(reverse("onboarding:page", args=["community"]), before | {"community.long_name": "First tab"})
    response = client.post(reverse("onboarding:page", args=["community"]), before | {"community.long_name": "Second tab"})
    page = response.content.decode()
    assert response.status_code == 409
    assert 'value="Second tab"' in page
    assert "Saved in the other window: First tab" in page
    application.refresh_from_db()
    assert application.answers["community.long_name"] == "First tab"
    assert f'name="etag" value="{application.etag}"' in page


def test_page_with_an_unreadable_etag_counts_as_stale(client, application):
    assert client.post(reverse("onboarding:page", args=["start"]), typed(application, "start") | {"etag": "²"}).status_code == 409


def test_answer_that_opens_a_question_brings_the_page_back_with_it(client, version):
    hold(client, draft(answers=dict(ANSWERS)))
    application = Application.objects.get()
    data = typed(application, "education") | {"edu.exams": "yes"}
    response = client.post(reverse("onboarding:page", args=["education"]), data)
    assert response.headers["Location"] == reverse("onboarding:page", args=["education"])
    application.refresh_from_db()
    data = typed(application, "education", {"edu.exams": "yes"})
    assert data["edu.exam_dates:seen"] == "yes"
    response = client.post(reverse("onboarding:page", args=["education"]), data)
    assert response.headers["Location"] == reverse("onboarding:page", args=["people"])


def test_existing_community_is_led_on_kindly_once(client, application):
    assert post(client, application, "start", **{"use.existing_community": "yes"}).headers["Location"] == reverse("onboarding:existing")
    assert "Go on with this form" in client.get(reverse("onboarding:existing")).content.decode()
    assert post(client, application, "start", **{"use.existing_community": "yes"}).headers["Location"] == reverse(
        "onboarding:page", args=["community"]
    )


def test_change_from_the_summary_leads_back_to_it(client, version):
    application = hold(client, draft())
    response = client.post(reverse("onboarding:page", args=["community"]) + "?from=check", typed(application, "community"))
    assert response.headers["Location"] == reverse("onboarding:check")


def test_pause_keeps_a_half_filled_page_and_offers_the_link(client, application):
    data = {"etag": application.etag, "community.long_name": "Half"}
    response = client.post(reverse("onboarding:pause", args=["community"]), data, follow=True)
    assert "Where shall we mail the link" in response.content.decode()
    client.post(reverse("onboarding:later"), {"email": "Ana@Example.org"})
    application.refresh_from_db()
    assert (application.email, application.answers["contact.email"], application.answers["community.long_name"]) == (
        "ana@example.org",
        "ana@example.org",
        "Half",
    )
    assert OutgoingMail.objects.get().to == ["ana@example.org"]


def test_pause_with_bad_input_keeps_the_page(client, application):
    response = client.post(
        reverse("onboarding:pause", args=["community"]), {"etag": application.etag, "community.website": "not an address"}
    )
    assert 'value="not an address"' in response.content.decode()
    assert "One answer needs another look" in response.content.decode()


def test_later_without_an_address_says_so(client, application):
    assert "Please write your e-mail address." in client.post(reverse("onboarding:later"), {"email": ""}).content.decode()


def test_send_too_quickly_asks_to_read_once_more(client, version):
    application = hold(client, draft())
    response = client.post(reverse("onboarding:send"), {"key": str(application.idempotency_key)})
    assert "That was very quick" in response.content.decode()


def test_send_incomplete_marks_what_is_missing(client, application):
    ripen(application)
    response = client.post(reverse("onboarding:send"), {"key": str(application.idempotency_key)})
    assert "A few answers are still missing" in response.content.decode()
    application.refresh_from_db()
    assert application.is_draft


@pytest.mark.parametrize("data", [{}, {"key": "nonsense"}, {"trap": "x"}])
def test_send_without_a_key_shows_the_summary_again(client, application, data):
    assert client.post(reverse("onboarding:send"), data).status_code == 200


def test_sent_application_cannot_be_written_any_more(client, version):
    hold(client, applied())
    assert client.get(reverse("onboarding:page", args=["community"])).headers["Location"] == reverse("onboarding:status")


def test_link_shows_a_button_and_opens_by_pressing_it(client, version):
    application = draft(email="ana@example.org")
    path = links.mint(application)
    page = client.get(path).content.decode()
    assert "Go on with my answers" in page
    assert "application" not in client.session
    assert client.post(path).headers["Location"] == "/apply/"
    assert client.session["application"] == application.pk
    assert (ResumeToken.objects.get().uses, Application.objects.get().is_verified) == (1, True)
    assert "Go on where you stopped" in client.get("/apply/").content.decode()


def test_link_of_a_sent_application_confirms_the_address(client, version):
    application = applied()
    assert client.post(links.mint(application)).headers["Location"] == reverse("onboarding:status")
    application.refresh_from_db()
    assert application.state == ApplicationState.SCREENING
    assert "With us" in client.get(reverse("onboarding:status")).content.decode()


def test_link_that_nobody_gave_out_offers_a_new_one(client, version):
    for method in (client.get, client.post):
        response = method(reverse("onboarding:open", args=["x" * 43]))
        assert response.status_code == 404
        assert "does not open anything" in response.content.decode()


def test_lost_link_says_the_same_for_every_address(client, version):
    draft(email="ana@example.org")
    pages = {
        email: client.post(reverse("onboarding:lost"), {"email": email}).content.decode().replace(email, "")
        for email in ("ana@example.org", "nobody@example.org")
    }
    assert len({page.split("<main")[1] for page in pages.values()}) == 1
    assert [mail.to for mail in OutgoingMail.objects.all()] == [["ana@example.org"]]


def test_leaving_lets_this_device_forget(client, application):
    client.post(reverse("onboarding:leave"))
    assert "Go on where you stopped" not in client.get("/apply/").content.decode()


def test_wrong_address_is_corrected_while_unconfirmed(client, version):
    application = hold(client, applied(email="typo@example.org"))
    path = links.mint(application)
    client.post(reverse("onboarding:address"), {"email": "ana@example.org"})
    application.refresh_from_db()
    assert application.email == "ana@example.org"
    assert Client().get(path).status_code == 404


def test_wrong_address_written_badly_is_said(client, version):
    hold(client, applied())
    assert "does not look like" in client.post(reverse("onboarding:address"), {"email": "ana"}).content.decode()


def test_withdrawn_application_says_so(client, version):
    application = hold(client, applied())
    client.post(reverse("onboarding:withdraw"))
    application.refresh_from_db()
    assert application.state == ApplicationState.WITHDRAWN
    assert "Withdrawn" in client.get(reverse("onboarding:status")).content.decode()


@pytest.mark.parametrize("person", [UserFactory, lambda: staff(StaffGroup.REVIEWER)])
def test_signed_in_applicant_withdraws_like_any_other(client, version, person):
    user = person()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    application = hold(client, ApplicationFactory())
    client.post(reverse("onboarding:withdraw"))
    application.refresh_from_db()
    event = application.stage_events().get()
    assert (application.state, event.actor_role, event.actor_label) == ("withdrawn", "applicant", user.get_full_name())


def test_withdrawing_where_the_programme_does_without_says_so(client, version):
    application = hold(client, ApplicationFactory())
    CommandPolicy.objects.create(programme=application.programme, command="withdraw", is_enabled=False)
    page = client.post(reverse("onboarding:withdraw"), follow=True).content.decode()
    assert "This programme does not use this." in page
    assert "is decided" not in page


def test_admin_shows_what_was_sent_and_changes_nothing(client, version):
    client.force_login(staff(StaffGroup.OPERATOR, is_staff=True, is_superuser=True), backend="django.contrib.auth.backends.ModelBackend")
    secret, sent = draft(), applied()
    page = client.get("/admin/onboarding/application/").content.decode()
    assert (sent.reference in page, secret.reference in page) == (True, False)
    assert client.post(f"/admin/onboarding/application/{sent.pk}/change/", {"state": "decided"}).status_code == 403


@pytest.mark.parametrize(
    ("language", "button", "question"),
    [
        ("es", "Empezar la solicitud", "¿Para qué usarían un hub?"),
        ("pt", "Começar a inscrição", "Para que vocês usariam um hub?"),
        ("fr", "Commencer la candidature", "À quoi vous servirait un hub ?"),
    ],
)
def test_applying_speaks_the_readers_language(client, version, language, button, question):
    headers = {"accept-language": language}
    assert button in client.get("/apply/", headers=headers).content.decode()
    page = client.post("/apply/", headers=headers, follow=True).content.decode()
    assert question in page
    assert "Save and go on" not in page
