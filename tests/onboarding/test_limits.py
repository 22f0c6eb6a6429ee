"""What needs no account may be done only so often; beyond that a page of ours says when to come back."""

import pytest
from django.test import Client
from django.urls import reverse

from ground.models import OutgoingMail
from onboarding.models import Application
from onboarding.views import limits
from tests.onboarding.factories import FormVersionFactory, applied, draft
from tests.onboarding.files import FIELD, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(client) -> Application:
    FormVersionFactory()
    application = draft()
    session = client.session
    session["application"] = application.pk
    session.save()
    return application


def spent(limit, address: str = "127.0.0.1") -> None:
    for _ in range(limit.most):
        limits.count(limit, address)


@pytest.mark.parametrize(
    ("limit", "page", "data"),
    [
        (limits.STARTS, ("apply", []), {}),
        (limits.LINKS, ("lost", []), {"email": "ana@example.org"}),
        (limits.LINKS, ("later", []), {"email": "ana@example.org"}),
        (limits.SENDS, ("send", []), {}),
        (limits.UPLOADS, ("attach", ["send"]), {FIELD: "file", "etag": 1}),
    ],
)
def test_too_many_get_a_page_of_ours(client, application, limit, page, data):
    spent(limit)
    before = (Application.objects.count(), OutgoingMail.objects.count())
    data = {key: upload() if value == "file" else value for key, value in data.items()}
    response = client.post(reverse(f"onboarding:{page[0]}", args=page[1]), data)
    assert response.status_code == 429
    assert "That was a lot in a short time" in response.content.decode()
    assert 0 < int(response.headers["Retry-After"]) <= 3600
    assert (Application.objects.count(), OutgoingMail.objects.count()) == before


def test_one_address_sends_only_so_often_from_anywhere(application):
    for place in range(limits.SENDS_OF_ONE.most + 1):
        client = Client(REMOTE_ADDR=f"127.0.1.{place}")
        session = client.session
        session["application"] = application.pk
        session.save()
        answer = client.post(reverse("onboarding:send"), {"key": str(application.idempotency_key)})
    assert answer.status_code == 429


def test_correcting_an_address_counts_as_a_link(client, application):
    session = client.session
    session["application"] = applied().pk
    session.save()
    spent(limits.LINKS)
    assert client.post(reverse("onboarding:address"), {"email": "ana@example.org"}).status_code == 429


def test_too_many_lookups_get_the_same_page(client, db):
    spent(limits.LOOKUPS)
    assert client.get(reverse("onboarding:where"), {"reference": "CI-0000-0000"}).status_code == 429
    assert client.get(reverse("onboarding:where")).status_code == 200


def test_reading_is_free_and_another_address_is_not_held_up(client, application):
    spent(limits.STARTS)
    assert client.get(reverse("onboarding:apply")).status_code == 200
    assert Client(REMOTE_ADDR="127.0.0.9").post(reverse("onboarding:apply")).status_code == 302
