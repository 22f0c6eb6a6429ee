"""Who gets through to what the area of applying added: an applicant needs no account, a question of ours needs a right."""

from collections.abc import Sequence
from typing import Any

from communities.roles import StaffGroup
from onboarding import reviewing
from onboarding.states import ConflictKind
from tests.access.routes import EVERYBODY, Route, World
from tests.factories import acting
from tests.onboarding.factories import ApplicationFactory, FormVersionFactory
from tests.onboarding.files import kept

READERS = frozenset({StaffGroup.REVIEWER.value, StaffGroup.REVIEW_LEAD.value, StaffGroup.OPERATOR.value})
ASKERS = frozenset({StaffGroup.REVIEWER.value, StaffGroup.REVIEW_LEAD.value})


def a_step(_world: World) -> Sequence[Any]:
    return ("community",)


def an_application(_world: World) -> Sequence[Any]:
    return (ApplicationFactory().reference,)


def a_sent_file(world: World) -> Sequence[Any]:
    """Of an application that nobody has a conflict with."""
    application = ApplicationFactory()
    for group in ASKERS:
        reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=acting(world.people[group]))
    return (kept(application).key,)


def a_public_form(_world: World) -> Sequence[Any]:
    return (FormVersionFactory().definition.key,)


ROUTES = [
    Route("onboarding:apply_with", EVERYBODY, a_public_form),
    Route("onboarding:keep", EVERYBODY, a_step, method="post"),
    Route("onboarding:attach", EVERYBODY, a_step, method="post"),
    Route("onboarding:file", READERS, a_sent_file),
    Route("onboarding:newer", EVERYBODY),
    Route("onboarding:where", EVERYBODY),
    Route("onboarding:correct", EVERYBODY),
    Route("onboarding:hand_in", EVERYBODY, method="post"),
    Route("onboarding:drop_correction", EVERYBODY, method="post"),
    Route("onboarding:correct_page", EVERYBODY, a_step),
    Route("onboarding:correct_keep", EVERYBODY, a_step, method="post"),
    Route("onboarding:correct_attach", EVERYBODY, a_step, method="post"),
    Route("onboarding:ask_applicant", ASKERS, an_application),
]
