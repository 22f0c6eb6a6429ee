"""A rubric as one document: criteria with weights and five level texts, gates, and what it asks of a set of reviews.

The document is what a published version freezes and hashes. Texts are `{"en": …, "es": …}`. Nothing here knows a database.
"""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

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


def problems(document: Mapping[str, Any], questions: Collection[str] | None = None) -> list[str]:
    """What keeps this document from being published; empty when nothing does.

    `questions` are the keys that the programme's forms ask, None when it has no form yet.
    """
    criteria, gates = document["criteria"], document["gates"]
    found = []
    if _repeats(criteria):
        found.append(_("Two criteria have the same key."))
    if _repeats(gates):
        found.append(_("Two gates have the same key."))
    if not all(row["key"] for row in [*criteria, *gates]):
        found.append(_("A criterion or a gate has no key."))
    if sum(row["weight"] for row in criteria) != WEIGHTS_TOTAL:
        found.append(_("The weights do not add up to %(total)s.") % {"total": WEIGHTS_TOTAL})
    found += [
        _("%(key)s needs %(number)s level texts.") % {"key": row["key"], "number": len(LEVELS)}
        for row in criteria
        if not _has_all_levels(row)
    ]
    return [*found, *_rule_problems(document["rules"]), *_missing_texts(document), *_missing_evidence(document, questions)]


def _repeats(rows: Sequence[Mapping[str, Any]]) -> bool:
    keys = [row["key"] for row in rows]
    return len(keys) != len(set(keys))


def _has_all_levels(row: Mapping[str, Any]) -> bool:
    return len(row["levels"]) == len(LEVELS) and all(text.get("en") for text in row["levels"])


def _rule_problems(rules: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(rules.get("min_reviews"), int) or rules["min_reviews"] < 1:
        yield _("At least one review is needed before a decision.")
    if not isinstance(rules.get("spread"), int) or not 1 <= rules["spread"] <= HIGHEST:
        yield _("The spread is a number of levels from 1 to %(highest)s.") % {"highest": HIGHEST}
    if not isinstance(rules.get("min_coverage"), int | float) or not 0 <= rules["min_coverage"] <= 1:
        yield _("The least coverage is a share from 0 to 1.")


def texts(document: Mapping[str, Any]) -> Iterator[tuple[str, Text]]:
    """Every text of a rubric with its place."""
    yield "title", document["title"]
    yield from ((row["key"], row["text"]) for row in document["gates"])
    for row in document["criteria"]:
        yield f"{row['key']}.title", row["title"]
        yield from ((f"{row['key']}.{level}", text) for level, text in enumerate(row["levels"]))


def _missing_texts(document: Mapping[str, Any]) -> Iterator[str]:
    """A rubric speaks the languages that its title has; a level that lacks English is said to lack it altogether."""
    if not document["title"]:
        yield _("The rubric has no title.")
    counted = {f"{row['key']}.{level}" for row in document["criteria"] for level in LEVELS}
    for place, text in texts(document):
        for language in document["title"]:
            if not text.get(language) and not (language == "en" and place in counted):
                yield _("%(place)s: no text in %(language)s") % {"place": place, "language": language}


def _missing_evidence(document: Mapping[str, Any], questions: Collection[str] | None) -> Iterator[str]:
    for row in [*document["criteria"], *document["gates"]]:
        for key in row["evidence"]:
            if questions is not None and key not in questions:
                yield _("%(key)s is shown by %(question)s, which no form asks.") % {"key": row["key"], "question": key}


def digest(document: Mapping[str, Any]) -> str:
    """The same document gives the same hash, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(document, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
