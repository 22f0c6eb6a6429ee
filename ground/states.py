"""States as data: a table of transitions, and one door that moves a row and writes who, when and why."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone

from ground.actors import Actor
from ground.models import StageEvent


class WrongState(Exception):
    """The row is not in a state from which this may happen."""


@dataclass(frozen=True)
class Look:
    """How a state is shown: its word is the choice's label; `tone` is act, wait, good, bad, info or note."""

    tone: str
    holder: str = ""


@dataclass(frozen=True)
class Machine:
    """One state machine, for docs/states.md."""

    name: str
    states: type[models.TextChoices]
    transitions: Mapping[str, Collection[str]]


Transitions = Mapping[str, Collection[str]]
MACHINES: dict[str, Machine] = {}


def register(name: str, states: type[models.TextChoices], transitions: Mapping[str, Collection[str]]) -> None:
    """Make a machine known to the generated page of states; a transition from or to an unknown state is refused."""
    known = set(states.values)
    mentioned = set(transitions) | {target for targets in transitions.values() for target in targets}
    if mentioned != known:
        raise ValueError(f"{name}: transitions and states differ in {sorted(mentioned ^ known)}")
    MACHINES[name] = Machine(name, states, transitions)


class Stateful(models.Model):
    """A row with a `state`; `move_to` is its only writer."""

    TRANSITIONS: ClassVar[Mapping[str, Collection[str]]] = {}

    state: "models.CharField[str, str]"

    class Meta:
        abstract = True

    def can_move_to(self, state: str) -> bool:
        return state in self.TRANSITIONS.get(self.state, ())

    @transaction.atomic
    def move_to(self, state: str, *, by: Actor, note: str = "") -> Self:
        """Move to that state and write it down. Raises `WrongState`, also when somebody else moved the row first."""
        before = self.state
        if not self.can_move_to(state):
            raise WrongState(f"{self._meta.label} {self.pk} cannot go from {before} to {state}")
        if not type(self)._base_manager.filter(pk=self.pk, state=before).update(state=state):
            raise WrongState(f"{self._meta.label} {self.pk} is not {before} any more")
        self.state = state
        StageEvent.objects.create(
            content_type=ContentType.objects.get_for_model(self),
            object_id=self.pk,
            before=before,
            after=state,
            actor=by.user,
            actor_role=by.role,
            actor_label=by.label,
            at=timezone.now(),
            note=note,
        )
        return self

    def stage_events(self) -> "models.QuerySet[StageEvent]":
        """What happened to this row, oldest first."""
        return StageEvent.objects.filter(content_type=ContentType.objects.get_for_model(self), object_id=self.pk).order_by("at", "pk")
