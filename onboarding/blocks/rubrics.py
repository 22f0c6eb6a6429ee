"""A rubric as blocks: a heading with its rules, gates, and criteria with five level texts; compiled and drawn without loss."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import BlockGroup, BooleanBlock, CharBlock, FloatBlock, IntegerBlock, StreamBlock, StructBlock, TextBlock

from onboarding.blocks.parts import Document, Json, Words, extra, lines, on_lines, unsaid, words

RULES = ("min_reviews", "spread", "min_coverage", "second_person")
LEVELS = tuple(f"level_{level}" for level in range(5))
EVIDENCE = _("Keys of the questions whose answers show it, one a line.")


class RubricHeading(StructBlock):
    """What the rubric is called, and what it asks of a set of reviews."""

    title = Words(label=_("Title"))
    min_reviews = IntegerBlock(
        default=2, min_value=1, label=_("Least number of reviews"), help_text=_("Before a decision may be proposed.")
    )
    spread = IntegerBlock(
        default=2,
        min_value=1,
        max_value=4,
        label=_("Spread"),
        help_text=_("Levels between two reviewers that send a criterion to discussion."),
    )
    min_coverage = FloatBlock(
        default=0.7,
        min_value=0,
        max_value=1,
        label=_("Least coverage"),
        help_text=_("Share of the weights that must be scored, for example 0.7."),
    )
    second_person = BooleanBlock(required=False, default=True, label=_("A second person approves a decision"))
    more = Json(label=_("More rules, as JSON"))

    class Meta:
        icon = "title"
        label = _("Heading and rules")
        form_layout = BlockGroup(["title", *RULES], settings=["more"])


class Gate(StructBlock):
    """Something that must be so, whatever the score."""

    key = CharBlock(required=False, label=_("Key"))
    text = Words(is_long=True, label=_("What must be so"))
    evidence = TextBlock(required=False, rows=3, label=_("Shown by"), help_text=EVIDENCE)

    class Meta:
        icon = "lock"
        label = _("Gate")
        label_format = "{key}"


class Criterion(StructBlock):
    """One thing a reviewer judges."""

    key = CharBlock(required=False, label=_("Key"))
    weight = IntegerBlock(required=False, min_value=0, max_value=100, label=_("Weight"), help_text=_("All weights together are 100."))
    title = Words(label=_("Title"))
    level_0 = Words(is_long=True, label=_("Level 0"))
    level_1 = Words(is_long=True, label=_("Level 1"))
    level_2 = Words(is_long=True, label=_("Level 2"))
    level_3 = Words(is_long=True, label=_("Level 3"))
    level_4 = Words(is_long=True, label=_("Level 4"))
    evidence = TextBlock(required=False, rows=4, label=_("Shown by"), help_text=EVIDENCE)

    class Meta:
        icon = "list-ol"
        label = _("Criterion")
        label_format = "{key} · {weight}"


class RubricBody(StreamBlock):
    """A whole rubric."""

    heading = RubricHeading()
    gate = Gate()
    criterion = Criterion()

    class Meta:
        block_counts = {"heading": {"min_num": 1, "max_num": 1}}
        collapsed = True


RUBRIC = RubricBody()
Block = Mapping[str, Any]


def rubric_document(body: Any, *, key: str) -> dict[str, Any]:
    """The document that the blocks say."""
    heading = next((block.value for block in body if block.block_type == "heading"), RUBRIC.child_blocks["heading"].get_default())
    return {
        "key": key,
        "title": words(heading["title"]),
        "rules": {**{name: heading[name] for name in RULES}, **extra(heading["more"], RULES, RULES)},
        "gates": [_gate(block.value) for block in body if block.block_type == "gate"],
        "criteria": [_criterion(block.value) for block in body if block.block_type == "criterion"],
    }


def rubric_blocks(document: Document) -> list[dict[str, Any]]:
    """The blocks for a document, as a stream keeps them."""
    rules = document["rules"]
    heading = {
        "title": dict(document["title"]),
        **{name: rules[name] for name in RULES if name in rules},
        "more": unsaid({name: value for name, value in rules.items() if name not in RULES}, ()),
    }
    gates = [{"key": row["key"], "text": dict(row["text"]), "evidence": on_lines(row["evidence"])} for row in document["gates"]]
    return [
        {"type": "heading", "value": heading},
        *({"type": "gate", "value": gate} for gate in gates),
        *({"type": "criterion", "value": _criterion_block(row)} for row in document["criteria"]),
    ]


def _gate(value: Block) -> dict[str, Any]:
    return {"key": value["key"], "text": words(value["text"]), "evidence": lines(value["evidence"])}


def _criterion(value: Block) -> dict[str, Any]:
    return {
        "key": value["key"],
        "weight": value["weight"] or 0,
        "title": words(value["title"]),
        "levels": [words(value[level]) for level in LEVELS],
        "evidence": lines(value["evidence"]),
    }


def _criterion_block(row: Document) -> dict[str, Any]:
    return {
        "key": row["key"],
        "weight": row["weight"],
        "title": dict(row["title"]),
        **{level: dict(text) for level, text in zip(LEVELS, row["levels"], strict=True)},
        "evidence": on_lines(row["evidence"]),
    }
