"""What an import did, for who started it."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from knowledgebase.importing.pieces import Problem


@dataclass
class Report:
    """`kept` are pages that were edited, moved away from or removed here and left so; `removed` are files that are gone while their article stays;

    `redirects` are addresses of before that lead on from now on.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: int = 0
    redirects: int = 0
    moved: list[dict[str, str]] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)

    def note(self, path: str, problems: Iterable[Problem]) -> None:
        """Each line of a file once for each thing it says."""
        for problem in dict.fromkeys(problems):
            self.problems.append({"file": path, "line": problem.line, "problem": problem.text})

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)
