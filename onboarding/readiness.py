"""Where each phase of a plan stands: computed from its items, the phases before it and what the hub request lacks. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from ground.states import Look
from ground.texts import Text, pick


class Standing(TextChoices):
    """Where a phase stands; nobody sets it."""

    DONE = "done", _("Done")
    READY = "ready", _("Ready")
    WAITING = "waiting", _("Waiting for answers")
    NEXT = "next", _("Later")
    NOT_NEEDED = "not_needed", _("Not needed")


LOOKS = {
    Standing.DONE: Look("good"),
    Standing.READY: Look("info"),
    Standing.WAITING: Look("act"),
    Standing.NEXT: Look("wait"),
    Standing.NOT_NEEDED: Look("wait"),
}


ENDING = "decommission"


@dataclass(frozen=True)
class MissingAnswer:
    """An answer the hub request lacks, and who owes it."""

    pointer: str
    label: str
    supplier: str


@dataclass(frozen=True)
class ItemFacts:
    """One item as the rule sees it; `settled` holds for what is done, not needed or found to be so, `can_be_ticked` where a person says so."""

    key: str
    text: Text
    supplied_by: str
    settled: bool
    optional: bool = False
    can_be_ticked: bool = True
    pk: int | None = None
    note: str = ""

    def __str__(self) -> str:
        return pick(self.text)


@dataclass(frozen=True)
class PhaseFacts:
    """One phase as the rule sees it."""

    key: str
    title: Text
    done_when: Text
    owner: str
    needs: Sequence[str]
    fields: str
    skip: str
    starts: str
    items: Sequence[ItemFacts]
    after_start: Sequence[str] = ()
    whole: Sequence[str] = ()

    def __str__(self) -> str:
        return pick(self.title)


@dataclass(frozen=True)
class World:
    """What is true around the plan: answers missing by phase, facts that skip a phase, and events that start one."""

    missing: Mapping[str, Sequence[MissingAnswer]] = field(default_factory=dict)
    skips: Collection[str] = ()
    started: Collection[str] = ()


@dataclass(frozen=True)
class PhaseStanding:
    """A phase with what was found out about it."""

    phase: PhaseFacts
    standing: Standing
    missing: Sequence[MissingAnswer] = ()
    waits_for: Sequence[PhaseFacts] = ()

    @property
    def look(self) -> Look:
        return LOOKS[self.standing]

    @property
    def open_items(self) -> list[ItemFacts]:
        return [item for item in self.phase.items if not item.settled and not item.optional]

    @property
    def is_open(self) -> bool:
        return self.standing in {Standing.READY, Standing.WAITING}

    @property
    def has_begun(self) -> bool:
        return self.is_open or self.standing == Standing.DONE

    @property
    def holder(self) -> str:
        """Who has to move: the community while it owes an answer or nothing else is open, else the phase's owner."""
        if not self.is_open:
            return ""
        items = [] if self.standing == Standing.WAITING else self.open_items
        owed: list[MissingAnswer | ItemFacts] = [*self.missing, *items]
        return "community" if owed and all(_owed_by(row) == "community" for row in owed) else self.phase.owner


def standings(phases: Sequence[PhaseFacts], world: World) -> list[PhaseStanding]:
    """Every phase in order, each with what it waits for. A phase needs only phases before it."""
    found: dict[str, PhaseStanding] = {}
    for phase in phases:
        found[phase.key] = _while_it_lasts(_standing(phase, found, world), world)
    return list(found.values())


def _while_it_lasts(found: PhaseStanding, world: World) -> PhaseStanding:
    """Once the end has begun nothing but the end is still to do; what was done stays done."""
    if ENDING not in world.started or found.phase.starts == ENDING or found.standing == Standing.DONE:
        return found
    return PhaseStanding(found.phase, Standing.NOT_NEEDED)


def _standing(phase: PhaseFacts, before: Mapping[str, PhaseStanding], world: World) -> PhaseStanding:
    if phase.skip and phase.skip in world.skips:
        return PhaseStanding(phase, Standing.NOT_NEEDED)
    if phase.starts and phase.starts not in world.started:
        return PhaseStanding(phase, Standing.NEXT)
    waits_for = _waits_for(phase, before)
    missing = list(world.missing.get(phase.fields, ())) if phase.fields else []
    if waits_for:
        return PhaseStanding(phase, Standing.NEXT, missing, waits_for)
    if missing:
        return PhaseStanding(phase, Standing.WAITING, missing)
    lacking = [answer for key in phase.whole for answer in world.missing.get(key, ())]
    settled = all(item.settled or item.optional for item in phase.items)
    return PhaseStanding(phase, Standing.DONE if settled and not lacking else Standing.READY, lacking)


def _waits_for(phase: PhaseFacts, before: Mapping[str, PhaseStanding]) -> list[PhaseFacts]:
    """The phases before it that are not done, or have not even begun where that is enough."""
    over = {Standing.DONE, Standing.NOT_NEEDED}
    undone = [before[key].phase for key in phase.needs if before[key].standing not in over]
    return undone + [before[key].phase for key in phase.after_start if before[key].standing not in over and not before[key].is_open]


def _owed_by(row: MissingAnswer | ItemFacts) -> str:
    return row.supplier if isinstance(row, MissingAnswer) else row.supplied_by
