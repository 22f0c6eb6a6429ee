"""What is promised: a target for each clock, by how urgent a ticket is and what it is about."""

from collections.abc import Mapping
from dataclasses import dataclass

from support.states import ClockKind


@dataclass(frozen=True)
class Promise:
    """Working minutes by clock; a clock that is not there is not promised."""

    minutes: Mapping[str, int]

    def of(self, clock: str) -> int | None:
        return self.minutes.get(clock)


@dataclass(frozen=True)
class Target:
    """What holds for tickets of this priority, kind and impact; 0 and blank hold for every one."""

    priority: int = 0
    kind: str = ""
    impact: str = ""
    first: int | None = None
    next: int | None = None
    resolution: int | None = None

    @property
    def promise(self) -> Promise:
        said = {ClockKind.FIRST: self.first, ClockKind.NEXT: self.next, ClockKind.RESOLUTION: self.resolution}
        return Promise({clock.value: minutes for clock, minutes in said.items() if minutes is not None})

    @property
    def weight(self) -> tuple[int, bool, bool]:
        """The more it names, the more it counts; between equals a kind counts more than an impact, and an impact more than a priority."""
        return bool(self.priority) + bool(self.kind) + bool(self.impact), bool(self.kind), bool(self.impact)

    def holds(self, priority: int, kind: str, impact: str) -> bool:
        return self.priority in {0, priority} and self.kind in {"", kind} and self.impact in {"", impact}


@dataclass(frozen=True)
class Objectives:
    """All targets, and when to warn: with this much of the target left, or this many minutes, whichever is less."""

    targets: tuple[Target, ...] = ()
    warn_percent: int = 25
    warn_minutes: int = 30

    def promise(self, *, priority: int, kind: str = "", impact: str = "") -> Promise:
        fitting = [target for target in self.targets if target.holds(priority, kind, impact)]
        return max(fitting, key=lambda target: target.weight, default=Target()).promise

    def warned_with(self, minutes: int) -> int:
        """Working minutes that are left when people are warned."""
        return min(minutes * self.warn_percent // 100, self.warn_minutes)


DAY = 8 * 60  # working minutes
USUAL = Objectives(
    (
        Target(priority=1, first=DAY, next=2 * DAY, resolution=10 * DAY),
        Target(priority=2, first=DAY, next=DAY, resolution=5 * DAY),
        Target(priority=3, first=DAY // 2, next=DAY // 2, resolution=2 * DAY),
        Target(priority=4, first=DAY // 4, next=DAY // 4, resolution=DAY),
        Target(first=DAY, next=2 * DAY, resolution=10 * DAY),
    )
)
"""Where no operator has said otherwise. The public process promises that somebody has looked within one working day."""
