"""Every error has a page of ours, in the reader's language, with a way on."""

import json
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation

from ground import error_pages
from ground.actors import Actor
from tests.factories import UserFactory

Page = Callable[[HttpRequest], HttpResponse]

PAGES: list[tuple[int, Page]] = [
    (400, lambda request: error_pages.bad_request(request, SuspiciousOperation())),
    (403, lambda request: error_pages.forbidden(request, PermissionDenied())),
    (403, lambda request: error_pages.form_expired(request, "CSRF cookie not set")),
    (404, lambda request: error_pages.not_found(request, Exception())),
    (405, lambda request: error_pages.wrong_method(request, allowed="GET")),
    (409, error_pages.changed),
    (413, lambda request: error_pages.bad_request(request, RequestDataTooBig())),
    (429, error_pages.too_many),
    (500, error_pages.server_error),
]


def a_request() -> HttpRequest:
    request = RequestFactory().get("/somewhere/")
    request.actor = Actor.anonymous()
    return request


@pytest.mark.parametrize(("status", "page"), PAGES)
def test_error_has_a_page_with_a_way_on_and_asks_no_database(status: int, page: Page):
    response = page(a_request())
    assert response.status_code == status
    html = response.content.decode()
    assert "Go to the first page" in html
    assert "support@hubs.example" in html


def test_unknown_address_gets_the_page(client: Client, db: None):
    response = client.get("/nowhere/")
    assert (response.status_code, "There is nothing at this address" in response.content.decode()) == (404, True)


def test_forged_or_expired_form_gets_the_page(db: None):
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "ana@example.org"})
    assert (response.status_code, "open for too long" in response.content.decode()) == (403, True)


def test_too_much_at_once_gets_the_page(client: Client, db: None, settings: object):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    response = client.post("/accounts/login/", {"login": "a" * 1000})
    assert (response.status_code, "too large" in response.content.decode()) == (413, True)


@pytest.mark.parametrize(("code", "direction"), [("en", "ltr"), ("es", "ltr"), ("fr", "ltr")])
def test_page_says_its_language(code: str, direction: str):
    with translation.override(code):
        html = error_pages.not_found(a_request(), Exception()).content.decode()
    assert f'<html lang="{code}" dir="{direction}"' in html


@pytest.mark.parametrize(("status", "page"), PAGES)
def test_error_of_the_api_is_a_problem(status: int, page: Page):
    request = RequestFactory().get("/api/v1/somewhere/")
    response = page(request)
    assert (response.status_code, response.headers["Content-Type"]) == (status, "application/problem+json")
    assert set(json.loads(response.content)) == {"type", "title", "status", "detail"}


def test_unknown_address_of_the_api_is_a_problem(client: Client, db: None):
    response = client.get("/api/v1/nowhere/")
    assert (response.status_code, response.json()["type"]) == (404, "urn:hubdesk:problem:not-found")


def test_too_much_at_once_for_the_api_is_a_problem(client: Client, db: None, settings: object):
    client.force_login(UserFactory())
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    response = client.post("/api/v1/tickets/", {"subject": "a" * 1000}, content_type="application/json")
    assert (response.status_code, response.headers["Content-Type"]) == (413, "application/problem+json")


@pytest.mark.parametrize("address", ["/", "/c/", "/status/", "/healthz", "/readyz"])
def test_what_an_address_does_not_do_gets_the_page(client: Client, db: None, address: str):
    response = client.post(address, headers={"accept-language": "fr"})
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD")
    assert '<html lang="fr"' in response.content.decode()


def test_a_probe_needs_no_form():
    assert Client(enforce_csrf_checks=True).post("/healthz").status_code == 405


def test_what_an_address_of_the_api_does_not_do_is_a_problem(client: Client, db: None):
    client.force_login(UserFactory())
    response = client.delete("/api/v1/tickets/")
    assert (response.status_code, response.headers["Content-Type"]) == (405, "application/problem+json")
