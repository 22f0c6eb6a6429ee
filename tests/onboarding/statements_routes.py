"""Who reads the statements: everybody."""

from collections.abc import Sequence
from typing import Any

from onboarding import statement_defaults
from tests.access.routes import EVERYBODY, Route, World
from tests.factories import ProgrammeFactory
from tests.onboarding.review_routes import SCORERS, with_proposal


def a_statement(_world: World) -> Sequence[Any]:
    ProgrammeFactory()
    statement_defaults.ensure()
    return ("privacy",)


def a_version(world: World) -> Sequence[Any]:
    return (*a_statement(world), 1)


ROUTES = [
    Route("onboarding:statement", EVERYBODY, a_statement),
    Route("onboarding:statement_version", EVERYBODY, a_version),
    Route("onboarding:add_letter", SCORERS, with_proposal, method="post", data={"language": "en"}),
]
