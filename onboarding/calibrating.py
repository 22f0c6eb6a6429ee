"""Calibrating: score an example, then see what the team agreed on and why. Nothing that is counted changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from communities.models import Programme, User
from ground.actors import Actor
from ground.texts import pick
from onboarding import conflicts
from onboarding.models import CalibrationExample, CalibrationPractice, ReviewPolicy, RubricVersion


class Unfinished(Exception):
    """Criteria without a level; `criteria` names them."""

    def __init__(self, criteria: Sequence[str]) -> None:
        super().__init__(", ".join(criteria))
        self.criteria = list(criteria)


@dataclass(frozen=True)
class Line:
    """One criterion: one's own level and the agreed one, with their texts."""

    title: str
    own: int
    own_text: str
    agreed: int
    agreed_text: str

    @property
    def apart(self) -> int:
        return abs(self.own - self.agreed)


@transaction.atomic
def practise(example: CalibrationExample, *, levels: Mapping[str, int], by: Actor) -> CalibrationPractice:
    """Score an example; the first answer is the one that stays. Raises `Unfinished` when a criterion has no level."""
    if missing := [key for key in criteria_of(example) if key not in levels]:
        raise Unfinished(missing)
    kept = {key: levels[key] for key in criteria_of(example)}
    practice, _is_new = CalibrationPractice.objects.get_or_create(example=example, reviewer=conflicts.person(by), defaults={"levels": kept})
    return practice


def criteria_of(example: CalibrationExample) -> list[str]:
    """The criteria of the current rubric on which there is an agreed level."""
    content = RubricVersion.objects.current(example.application.programme_id).content
    return [key for key in content.weights if key in example.agreed]


def side_by_side(practice: CalibrationPractice) -> list[Line]:
    """One's own levels beside the agreed ones, by the current rubric."""
    example = practice.example
    content = RubricVersion.objects.current(example.application.programme_id).content
    return [
        Line(
            title=str(criterion),
            own=practice.levels[criterion.key],
            own_text=pick(criterion.levels[practice.levels[criterion.key]]),
            agreed=example.agreed[criterion.key],
            agreed_text=pick(criterion.levels[example.agreed[criterion.key]]),
        )
        for criterion in content.criteria
        if criterion.key in example.agreed and criterion.key in practice.levels
    ]


def is_needed(user: User, programme: Programme) -> bool:
    """Whether this person has examples to score before the first review."""
    return ReviewPolicy.of(programme).needs_calibration and CalibrationExample.objects.left_for(user, programme).exists()
