"""A rubric as one document: criteria with weights and five level texts, gates, and what it asks of a set of reviews.

The document is what a published version freezes and hashes. Texts are `{"en": …, "es": …}`. Nothing here knows a database.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from ground.texts import Text, pick
from onboarding.scoring import HIGHEST, Rules

LEVELS = range(HIGHEST + 1)
BANDS: Mapping[str, int] = {"strong": 70, "discuss": 50, "weak": 0}
"""From which total on a band begins. Bands sort the list of a meeting; they never decide."""
WEIGHTS_TOTAL = 100


@dataclass(frozen=True)
class Criterion:
    """One thing a reviewer judges; `evidence` names the answers that show it."""

    key: str
    weight: int
    title: Text
    levels: Sequence[Text]
    evidence: Sequence[str]

    def __str__(self) -> str:
        return pick(self.title)

    @property
    def choices(self) -> list[tuple[int, str]]:
        """The levels with their texts, the best first: the text is the choice."""
        return [(level, pick(self.levels[level])) for level in reversed(LEVELS)]


@dataclass(frozen=True)
class Gate:
    """Something that must be so, whatever the score."""

    key: str
    text: Text
    evidence: Sequence[str]

    def __str__(self) -> str:
        return pick(self.text)


@dataclass(frozen=True)
class RubricContent:
    """A rubric's document, read."""

    document: Mapping[str, Any]

    @cached_property
    def criteria(self) -> list[Criterion]:
        return [Criterion(**row) for row in self.document["criteria"]]

    @cached_property
    def gates(self) -> list[Gate]:
        return [Gate(**row) for row in self.document["gates"]]

    @cached_property
    def weights(self) -> dict[str, int]:
        return {criterion.key: criterion.weight for criterion in self.criteria}

    @cached_property
    def rules(self) -> Rules:
        rules = self.document["rules"]
        return Rules(min_reviews=rules["min_reviews"], spread=rules["spread"], min_coverage=Decimal(str(rules["min_coverage"])))

    @property
    def bands(self) -> Mapping[str, int]:
        """The bands by name; a rubric published before it had any gets the usual ones."""
        return dict(self.document["rules"].get("bands") or BANDS)

    def band(self, total: Decimal | None) -> str:
        """The band of that total, empty without one."""
        reached = [(edge, name) for name, edge in self.bands.items() if total is not None and total >= edge]
        return max(reached)[1] if reached else ""

    def to_edge(self, total: Decimal | None) -> Decimal:
        """How far that total is from changing its band; what has no total stands behind everything that has."""
        edges = [edge for edge in self.bands.values() if edge > 0]
        return min(abs(total - edge) for edge in edges) if total is not None and edges else Decimal(1000)

    @property
    def needs_second_person(self) -> bool:
        """Whether a decision must be approved by somebody who did not propose it."""
        return bool(self.document["rules"].get("second_person", True))

    def criterion(self, key: str) -> Criterion:
        return next(criterion for criterion in self.criteria if criterion.key == key)


def compiled(structure: Mapping[str, Any], words: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Structure and the words of each language as one document."""
    return {
        "key": structure["key"],
        "title": {language: texts["title"] for language, texts in words.items()},
        "rules": dict(structure["rules"]),
        "gates": [
            {**row, "text": {language: texts["gates"][row["key"]] for language, texts in words.items()}} for row in structure["gates"]
        ],
        "criteria": [_criterion(row, words) for row in structure["criteria"]],
    }


def _criterion(row: Mapping[str, Any], words: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    texts = {language: given["criteria"][row["key"]] for language, given in words.items()}
    return {
        **row,
        "title": {language: text["title"] for language, text in texts.items()},
        "levels": [{language: text["levels"][level] for language, text in texts.items()} for level in LEVELS],
    }


def problems(document: Mapping[str, Any]) -> list[str]:
    """What keeps this document from being published; empty when nothing does."""
    found = []
    keys = [row["key"] for row in document["criteria"]]
    if len(keys) != len(set(keys)):
        found.append("Two criteria have the same key.")
    if sum(row["weight"] for row in document["criteria"]) != WEIGHTS_TOTAL:
        found.append(f"The weights do not add up to {WEIGHTS_TOTAL}.")
    found += [f"{row['key']} needs {len(LEVELS)} level texts." for row in document["criteria"] if not _has_all_levels(row)]
    return found


def _has_all_levels(row: Mapping[str, Any]) -> bool:
    return len(row["levels"]) == len(LEVELS) and all(text.get("en") for text in row["levels"])


def digest(document: Mapping[str, Any]) -> str:
    """The same document gives the same hash, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(document, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
