"""An onboarding plan as blocks: phases with their items; compiled and drawn without loss."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import BlockGroup, BooleanBlock, CharBlock, ChoiceBlock, ListBlock, StreamBlock, StructBlock, TextBlock

from onboarding.blocks.parts import Document, Json, Words, extra, lines, on_lines, said, unsaid, words
from onboarding.states import Supplier

OWNERS = [
    ("partnerships", _("Partnerships")),
    ("product_services", _("Product and services")),
    ("engineer", _("Engineers")),
]
OF_PHASE = ("fields", "skip", "starts")
OF_ITEM = ("check", "optional")
ALWAYS_IN_PHASE = ("key", "owner", "needs", "title", "done_when", "items")
ALWAYS_IN_ITEM = ("key", "text", "supplied_by")


class Item(StructBlock):
    """One thing to do."""

    key = CharBlock(required=False, label=_("Key"))
    text = Words(label=_("What is to do"))
    supplied_by = ChoiceBlock(choices=Supplier.choices, default=Supplier.PROVIDER, label=_("Supplied by"))
    check = CharBlock(required=False, label=_("Looked up"), help_text=_("The fact that settles it; empty where a person says so."))
    optional = BooleanBlock(required=False, label=_("Not needed to go on"))
    more = Json()

    class Meta:
        icon = "tick"
        label_format = "{key}"
        form_layout = BlockGroup(["key", "text", "supplied_by"], settings=["check", "optional", "more"])


class Phase(StructBlock):
    """One phase."""

    key = CharBlock(required=False, label=_("Key"))
    title = Words(label=_("Title"))
    done_when = Words(is_long=True, label=_("Done when"))
    owner = ChoiceBlock(choices=OWNERS, default="partnerships", label=_("Who holds it"))
    needs = TextBlock(required=False, rows=2, label=_("Phases that come first"), help_text=_("Their keys, one a line."))
    fields = CharBlock(
        required=False,
        label=_("Waits for answers of"),
        help_text=_("The phase in which the hub request needs them, for example p1_account."),
    )
    skip = CharBlock(required=False, label=_("Not needed when"), help_text=_("A fact of the hub request, for example shared_cluster."))
    starts = CharBlock(required=False, label=_("Begins with"), help_text=_("An event, such as renewal or decommission; empty for at once."))
    items = ListBlock(Item(), default=[], collapsed=True, label=_("Items"))
    more = Json()

    class Meta:
        icon = "tasks"
        label = _("Phase")
        label_format = "{key}"
        form_layout = BlockGroup(["key", "title", "done_when", "owner", "needs", "items"], settings=["fields", "skip", "starts", "more"])


class PlanBody(StreamBlock):
    """A whole plan."""

    phase = Phase()

    class Meta:
        collapsed = True


PLAN = PlanBody()
Block = Mapping[str, Any]


def plan_document(body: Any) -> dict[str, Any]:
    """The document that the blocks say."""
    return {"phases": [_phase(block.value) for block in body]}


def plan_blocks(document: Document) -> list[dict[str, Any]]:
    """The blocks for a document, as a stream keeps them."""
    return [{"type": "phase", "value": _phase_block(row)} for row in document["phases"]]


def _phase(value: Block) -> dict[str, Any]:
    return {
        "key": value["key"],
        "owner": value["owner"],
        "needs": lines(value["needs"]),
        **said({name: value[name] for name in OF_PHASE}),
        "title": words(value["title"]),
        "done_when": words(value["done_when"]),
        **extra(value["more"], OF_PHASE, ALWAYS_IN_PHASE),
        "items": [_item(item) for item in value["items"]],
    }


def _item(value: Block) -> dict[str, Any]:
    return {
        "key": value["key"],
        "text": words(value["text"]),
        "supplied_by": value["supplied_by"],
        **said({name: value[name] for name in OF_ITEM}),
        **extra(value["more"], OF_ITEM, ALWAYS_IN_ITEM),
    }


def _phase_block(row: Document) -> dict[str, Any]:
    extra = {name: value for name, value in row.items() if name not in ALWAYS_IN_PHASE}
    return {
        "key": row["key"],
        "owner": row["owner"],
        "needs": on_lines(row["needs"]),
        **{name: row.get(name, "") for name in OF_PHASE},
        "title": dict(row["title"]),
        "done_when": dict(row["done_when"]),
        "items": [_item_block(item) for item in row["items"]],
        "more": unsaid(extra, OF_PHASE),
    }


def _item_block(item: Document) -> dict[str, Any]:
    extra = {name: value for name, value in item.items() if name not in ALWAYS_IN_ITEM}
    return {
        "key": item["key"],
        "text": dict(item["text"]),
        "supplied_by": item["supplied_by"],
        "check": item.get("check", ""),
        "optional": bool(item.get("optional")),
        "more": unsaid(extra, OF_ITEM),
    }
