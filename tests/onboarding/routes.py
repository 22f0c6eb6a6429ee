"""Who gets through to the onboarding room's addresses: applying needs no account."""

from collections.abc import Sequence
from typing import Any

from onboarding import links
from tests.access.routes import EVERYBODY, Route, World
from tests.onboarding.factories import draft


def a_step(_world: World) -> Sequence[Any]:
    return ("community",)


def a_link(_world: World) -> Sequence[Any]:
    return (links.mint(draft()).rstrip("/").rsplit("/", 1)[-1],)


ROUTES = [
    Route("onboarding:apply", EVERYBODY),
    Route("onboarding:page", EVERYBODY, a_step),
    Route("onboarding:pause", EVERYBODY, a_step, method="post"),
    Route("onboarding:existing", EVERYBODY),
    Route("onboarding:check", EVERYBODY),
    Route("onboarding:send", EVERYBODY, method="post"),
    Route("onboarding:later", EVERYBODY),
    Route("onboarding:leave", EVERYBODY, method="post"),
    Route("onboarding:lost", EVERYBODY),
    Route("onboarding:status", EVERYBODY),
    Route("onboarding:address", EVERYBODY, method="post"),
    Route("onboarding:withdraw", EVERYBODY, method="post"),
    Route("onboarding:open", EVERYBODY, a_link),
]
