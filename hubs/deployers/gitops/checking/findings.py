"""What a check finds: where it is written, and how much it weighs."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much a finding weighs. Whatever was so before a change is never held against the change."""

    WRONG = "wrong"
    UNWANTED = "unwanted"  # refused where it is new, lived with where it runs
    DOUBTFUL = "doubtful"  # for somebody to look at; stops nothing


@dataclass(frozen=True)
class Finding:
    """One thing that is not right. `pointer` leads through the file by keys, and to items of lists by their names where they have any.

    `line` is where the value was last written, or what is around it where something is absent; 0 stands for the whole file.
    """

    path: str
    line: int
    detail: str
    pointer: str = ""
    level: Level = Level.WRONG

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.pointer}: {self.detail}" if self.pointer else f"{place}: {self.detail}"

    @property
    def is_wrong(self) -> bool:
        """Even where it has been so for long."""
        return self.level == Level.WRONG

    @property
    def identity(self) -> tuple[str, str, str]:
        """What stays the same when lines move. What is unwanted may move within its file as well: its detail says what it is about."""
        return (self.path, "" if self.level == Level.UNWANTED else self.pointer, self.detail)

    @property
    def place(self) -> tuple[str, str]:
        """Several checks may be unhappy about the same value; once is enough."""
        return (self.path, self.pointer)
