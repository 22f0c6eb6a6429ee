"""Signing in: by a mailed code first, in plain words, with every script from a file of ours."""

import os
import re
import subprocess
import sys
from pathlib import Path

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


@pytest.mark.parametrize("page", ["reset", "reset/done", "change", "set", "reset/key/1-abc"])
def test_password_pages_lead_to_the_settings_since_nobody_has_a_password(client: Client, page: str):
    response = client.get(f"/accounts/password/{page}/", follow=True)
    assert response.redirect_chain == [("/accounts/settings/", 302), ("/accounts/login/?next=/accounts/settings/", 302)]
    client.force_login(UserFactory())
    assert client.get(f"/accounts/password/{page}/", follow=True).redirect_chain == [("/accounts/settings/", 302)]


@pytest.mark.parametrize(
    ("configured", "targets"),
    [
        ({}, "'self'"),
        ({"GITHUB_CLIENT_ID": "x"}, "'self' https://github.com"),
        ({"ORCID_CLIENT_ID": "x", "CILOGON_CLIENT_ID": "x"}, "'self' https://orcid.org https://cilogon.org"),
    ],
)
def test_a_form_may_lead_to_the_providers_that_are_configured_and_nowhere_else(configured: dict, targets: str, tmp_path: Path):
    ask = "from config.settings import CONTENT_SECURITY_POLICY as policy; print(*policy['DIRECTIVES']['form-action'])"
    known = {name: value for name, value in os.environ.items() if not name.endswith("_CLIENT_ID")}
    environment = {**known, "SECRET_KEY": "x", "VAR_DIR": str(tmp_path), **configured}
    answer = subprocess.run([sys.executable, "-c", ask], env=environment, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == targets
