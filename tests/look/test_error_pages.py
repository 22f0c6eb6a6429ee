"""Every error has a page of ours, in the reader's language, with a way on."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation

from ground import error_pages
from ground.actors import Actor

Page = Callable[[HttpRequest], HttpResponse]

PAGES: list[tuple[int, Page]] = [
    (400, lambda request: error_pages.bad_request(request, SuspiciousOperation())),
    (403, lambda request: error_pages.forbidden(request, PermissionDenied())),
    (403, lambda request: error_pages.form_expired(request, "CSRF cookie not set")),
    (404, lambda request: error_pages.not_found(request, Exception())),
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
