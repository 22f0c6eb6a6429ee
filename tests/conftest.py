"""Fixtures of every room."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import translation
from playwright.sync_api import Browser, expect, sync_playwright
from pytest_django import fixtures as pytest_django_fixtures

from tests import database

# The machine is shared: how long one example takes says nothing.
hypothesis.settings.register_profile("shared", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("shared")
expect.set_options(timeout=20_000)  # milliseconds, for the same reason: what is waited for comes, or does not

CHROMIUM = Path("/usr/bin/chromium")
REQUIRE_SERVICES = os.environ.get("REQUIRE_SERVICES") == "1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs Chromium is skipped where there is none, and fails where the services are required."""
    if CHROMIUM.exists() or REQUIRE_SERVICES:
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, which asks nothing of the outside. Playwright's loop runs in this thread, which Django must not mind."""
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run"]
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as running:
        browser = running.chromium.launch(
            executable_path=str(CHROMIUM), args=[*quiet, "--disable-background-networking", "--disable-component-update"]
        )
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """No test meets what another one counted."""
    cache.clear()


@pytest.fixture(autouse=True)
def _in_english() -> None:
    """No test reads in the language of the one before."""
    translation.activate("en")


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Path, settings: object) -> None:
    """Every test keeps its files to itself."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path / "files")}},
    }


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, django_test_environment: None, django_db_blocker: Any
) -> None:
    """PostgreSQL is migrated by pytest-django; SQLite is copied from a file that was migrated once."""
    if connection.vendor != "sqlite":
        request.getfixturevalue("migrated_database")
        return
    with django_db_blocker.unblock():
        database.open_in(tmp_path_factory.mktemp("database"))


migrated_database = pytest_django_fixtures.django_db_setup


@pytest.fixture(autouse=True)
def _what_migrations_left(request: pytest.FixtureRequest, django_db_blocker: Any) -> None:
    """A test with real transactions empties every table when it ends; the next one begins with the rows of the migrations again."""
    marker = request.node.get_closest_marker("django_db")
    if marker is None or not marker.kwargs.get("transaction") or connection.vendor != "sqlite":
        return
    request.getfixturevalue("django_db_setup")
    with django_db_blocker.unblock():
        connection.ensure_connection()
        database.restore()


@pytest.fixture(autouse=True)
def _mail_is_a_row_first(settings: object) -> None:
    """As on the site; what is sent in the end lands in `mailoutbox`."""
    settings.EMAIL_BACKEND = "ground.mail.RowBackend"
