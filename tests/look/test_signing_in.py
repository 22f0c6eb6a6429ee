"""Signing in: by a mailed code first, in plain words, with every script from a file of ours."""

import re

import pytest
from django.test import Client

from communities.roles import StaffGroup
from ground.sweep import perform_due
from tests.factories import UserFactory, staff

pytestmark = pytest.mark.django_db


def test_login_asks_for_an_address_and_no_password(client: Client):
    page = client.get("/accounts/login/").content.decode()
    assert "Send me a code" in page
    assert 'type="password"' not in page


def test_login_offers_no_provider_that_is_not_configured(client: Client):
    assert "GitHub" not in client.get("/accounts/login/").content.decode()


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/2fa/", "/accounts/email/", "/accounts/sessions/", "/accounts/logout/"])
def test_every_script_is_a_file(client: Client, path: str):
    if path != "/accounts/login/":
        client.force_login(UserFactory())
    scripts = re.findall(r"<script([^>]*)>", client.get(path).content.decode())
    assert scripts
    assert all("src=" in attributes or "application/json" in attributes for attributes in scripts)


def test_a_code_by_mail_signs_in(client: Client, mailoutbox: list, django_capture_on_commit_callbacks: object):
    ana = UserFactory(email="ana@example.org")
    with django_capture_on_commit_callbacks(execute=False):
        response = client.post("/accounts/login/", {"login": ana.email})
    assert response.headers["Location"] == "/accounts/login/code/confirm/"
    assert "Enter the code from your mail" in client.get("/accounts/login/code/confirm/").content.decode()
    perform_due()
    (mail,) = mailoutbox
    code = re.search(r"^    (\S+)$", mail.body, re.MULTILINE)[1]
    assert code not in mail.subject, "the subject stays in the row of the mail"
    client.post("/accounts/login/code/confirm/", {"code": code})
    assert "Hello" in client.get("/").content.decode()


def test_an_unknown_address_learns_nothing_on_the_page_and_all_in_the_mail(client: Client, mailoutbox: list):
    client.post("/accounts/login/", {"login": "nobody@example.org"})
    assert "Enter the code" in client.get("/accounts/login/code/confirm/").content.decode()
    perform_due()
    assert [mail.subject for mail in mailoutbox] == ["There is no account for this address"]


def test_staff_without_a_second_factor_are_led_to_set_one_up(client: Client):
    engineer = staff(StaffGroup.ENGINEER)
    engineer.authenticator_set.all().delete()
    client.force_login(engineer)
    page = client.get("/", follow=True).content.decode()
    assert "Set up an app" in page
