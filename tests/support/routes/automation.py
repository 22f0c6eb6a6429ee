"""Who gets through to the addresses of rules and rotations."""

from datetime import date

from support.models import Absence, Rotation, Rule
from tests.access.routes import Route, World
from tests.support.routes.base import DESK

EDITORS = frozenset({"Support triager", "Operator"})


def a_rule(_world: World) -> tuple[int]:
    return (Rule.objects.create(name="Thank", trigger="opened", actions=[{"do": "add_tag", "value": "new"}]).pk,)


def a_rotation(_world: World) -> tuple[int]:
    return (Rotation.objects.create(name="Everybody").pk,)


def an_agents_absence(world: World) -> tuple[int]:
    agent = world.people["Support agent"]
    return (Absence.objects.create(user=agent, first_day=date(2026, 3, 2), last_day=date(2026, 3, 3)).pk,)


RULE = {"name": "Thank", "trigger": "opened", "match": "all", "most_an_hour": 10, "action-0-do": "add_tag", "action-0-value": "new"}
ROUTES: list[Route] = [
    Route("support:rules", DESK),
    Route("support:new_rule", EDITORS),
    Route("support:new_rule", EDITORS, method="post", data=RULE),
    Route("support:rule", EDITORS, a_rule),
    Route("support:rule", EDITORS, a_rule, method="post", data=RULE),
    Route("support:try_rule", EDITORS, a_rule),
    Route("support:try_rule", EDITORS, a_rule, method="post"),
    Route("support:switch_on_rule", EDITORS, a_rule, method="post"),
    Route("support:switch_off_rule", EDITORS, a_rule, method="post"),
    Route("support:earlier_rule", EDITORS, a_rule, method="post"),
    Route("support:later_rule", EDITORS, a_rule, method="post"),
    Route("support:remove_rule", EDITORS, a_rule, method="post"),
    Route("support:rule_runs", DESK, a_rule),
    Route("support:rotations", DESK),
    Route("support:new_rotation", EDITORS),
    Route("support:rotation", EDITORS, a_rotation),
    Route("support:rotation", EDITORS, a_rotation, method="post", data={"name": "Everybody", "position": 1}),
    Route("support:absences", DESK),
    Route("support:absences", DESK, method="post", data={"first_day": "2026-03-02", "last_day": "2026-03-03"}),
    Route("support:take_back_absence", EDITORS | {"Support agent"}, an_agents_absence, method="post"),
]
