"""When a step or a question is asked: tests on earlier answers, all or any of them; anything else as JSON, never lost."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ChoiceBlock, ListBlock, StructBlock, TextBlock

from onboarding.blocks.parts import Json, from_json, lines, on_lines, to_json
from onboarding.questions.shape import Condition

OPERATIONS = [
    ("eq", _("is")),
    ("neq", _("is not")),
    ("in", _("is one of")),
    ("nin", _("is none of")),
    ("has_any", _("includes any of")),
    ("truthy", _("is answered, and not with no")),
    ("falsy", _("is not answered, or with no")),
    ("gt", _("is more or later than")),
    ("gte", _("is at least, or not before")),
    ("lt", _("is less or earlier than")),
    ("lte", _("is at most, or not after")),
]
SEVERAL = frozenset({"in", "nin", "has_any"})
WITHOUT_VALUE = frozenset({"truthy", "falsy"})
COMBINED = {"all": "allOf", "any": "anyOf"}
Types = Mapping[str, str]


class Test(StructBlock):
    """One test on one earlier answer."""

    key = CharBlock(required=False, label=_("Key of the question"))
    op = ChoiceBlock(choices=OPERATIONS, default="eq", label=_("Its answer"))
    values = TextBlock(
        required=False,
        rows=2,
        label=_("Value"),
        help_text=_("The key of an option, a number, a day, or yes or no. Several stand one a line."),
    )

    class Meta:
        icon = "circle-check"
        label_format = "{key} {op} {values}"


class Requires(StructBlock):
    """When this is asked; without a test, always."""

    combine = ChoiceBlock(choices=[("all", _("All of these hold")), ("any", _("Any of these holds"))], default="all", label=_("Asked when"))
    tests = ListBlock(Test(), default=[], label=_("Tests"))
    more = Json(label=_("Another condition, as JSON"))

    class Meta:
        icon = "view"
        label_format = ""
        collapsed = True


def condition_of(value: Mapping[str, Any], types: Types) -> dict[str, Any] | None:
    """The condition that the inputs say; `types` are those of the form's questions by key."""
    parts = [_leaf(test, types) for test in value["tests"]]
    if value["more"]:
        parts.append(from_json(value["more"]))
    if len(parts) < 2:
        return parts[0] if parts else None
    return {COMBINED[value["combine"]]: parts}


def inputs_of(condition: Condition | None, types: Types) -> dict[str, Any]:
    """What the inputs hold for a condition; `condition_of` of it gives the condition back."""
    drawn = _drawn(condition)
    return drawn if condition_of(drawn, types) == condition else {"combine": "all", "tests": [], "more": to_json(condition or {})}


def _drawn(condition: Condition | None) -> dict[str, Any]:
    match condition:
        case None:
            return {"combine": "all", "tests": [], "more": ""}
        case {"allOf": [*parts]} | {"anyOf": [*parts]}:
            leaves, combine = parts, "all" if "allOf" in condition else "any"
        case _:
            leaves, combine = [condition], "all"
    return {"combine": combine, "tests": [_test(leaf) for leaf in leaves], "more": ""}


def _test(leaf: Condition) -> dict[str, Any]:
    value = leaf.get("value")
    shown = on_lines(_show(each) for each in value) if isinstance(value, list) else _show(value)
    return {"key": str(leaf.get("id", "")), "op": str(leaf.get("op", "eq")), "values": shown}


def _leaf(test: Mapping[str, Any], types: Types) -> dict[str, Any]:
    leaf = {"id": test["key"], "op": test["op"]}
    if test["op"] in WITHOUT_VALUE:
        return leaf
    values = [_read(line, types.get(test["key"], "")) for line in lines(test["values"])]
    return leaf | {"value": values if test["op"] in SEVERAL else next(iter(values), "")}


def _read(text: str, kind: str) -> Any:
    if kind == "integer" and text.lstrip("-").isdigit():
        return int(text)
    if kind in ("yes_no", "consent"):
        return {"yes": True, "no": False}.get(text.lower(), text)
    return text


def _show(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
