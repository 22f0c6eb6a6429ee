"""Every route of ours, as every kind of person and as the wrong community; a route without a row fails."""

import importlib.util
import pkgutil
from collections.abc import Callable, Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

import tests
from tests.access.routes import ANONYMOUS, WHO, Route, World

pytestmark = pytest.mark.django_db

BY_PREFIX = ("accounts/", "cms/", "admin/", "i18n/")  # allauth, Wagtail and Django guard their own; exceptions are tested by name


def collected() -> list[Route]:
    rooms = [module.name for module in pkgutil.iter_modules(tests.__path__) if module.ispkg]
    modules = [f"tests.{room}.routes" for room in rooms if room != "access" and importlib.util.find_spec(f"tests.{room}.routes")]
    return [route for name in modules for route in importlib.import_module(name).ROUTES]


ROUTES = collected()


def named(patterns: list[URLPattern | URLResolver], prefix: str = "", path: str = "") -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        here = path + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from named(pattern.url_patterns, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix, here)
        else:
            yield f"{prefix}{pattern.name}", here


def test_every_route_has_a_row():
    ours = {name for name, path in named(get_resolver().url_patterns) if not path.lstrip("^").startswith(BY_PREFIX)}
    assert ours - {route.name for route in ROUTES} == set()


def test_every_row_has_a_route():
    assert {route.name for route in ROUTES} - {name for name, _path in named(get_resolver().url_patterns)} == set()


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method}-{route.name}")
def test_route_lets_through_only_whom_its_row_names(route: Route):
    world = World()
    people = world.people
    address = reverse(route.name, args=route.args(world))
    outcome = {who: undone(lambda who=who: lets_through(route, address, people[who])) for who in WHO}
    assert {who for who, through in outcome.items() if through} == set(route.allowed)


def undone(ask: Callable[[], bool]) -> bool:
    """Ask, and leave the world as it was for the next one."""
    with transaction.atomic():
        answer = ask()
        transaction.set_rollback(True)
    return answer


def lets_through(route: Route, address: str, user: object) -> bool:
    """True for the page, False for the login, 401, 403 or 404; anything else is a mistake of the page."""
    client = Client(raise_request_exception=True)
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    response = getattr(client, route.method)(
        address, route.data, headers=route.headers, **({"content_type": "application/json"} if route.api and route.method != "get" else {})
    )
    if response.streaming:
        b"".join(response.streaming_content)  # read to its end, the file behind it closes
    if response.status_code in {401, 403, 404}:
        assert route.api or user is not None or response.status_code == 404, "a page sends a stranger to the login"
        return False
    if response.status_code == 302 and response.headers["Location"].startswith("/accounts/login/"):
        assert user is None, f"{ANONYMOUS} alone is sent to the login"
        return False
    assert response.status_code != 500
    return True
