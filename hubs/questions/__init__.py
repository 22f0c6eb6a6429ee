"""The words of a hub request: label, hint, example, who can answer and by which phase, for each pointer of the schema (docs/adr/0031)."""

import re

from hubs.questions import changes, endings, events, hub, people
from hubs.questions.asking import Question

WORDS: dict[str, Question] = {**people.QUESTIONS, **hub.QUESTIONS, **events.QUESTIONS, **changes.QUESTIONS, **endings.QUESTIONS}
"""By canonical pointer: indexes are `*`, and whatever describes a hub is written below `/hubs/*`."""

HUB_PARTS = ("environment", "resources", "storage", "homepage", "domain")


def question(pointer: str) -> Question:
    """How to ask for what is at `pointer`; an unknown place is asked for by its own name."""
    place = canonical(pointer)
    return WORDS.get(place) or Question(place.rstrip("*/").rpartition("/")[2].replace("_", " "))


def canonical(pointer: str) -> str:
    """The pointer without indexes, with every description of a hub in one place."""
    place = re.sub(r"/\d+(?=/|$)", "/*", pointer)
    place = re.sub(r"^/new_hub(?=/|$)", "/hubs/*", place)
    return re.sub(rf"^/changes/\*/(?={'|'.join(HUB_PARTS)})", "/hubs/*/", place)


__all__ = ["WORDS", "Question", "canonical", "question"]
