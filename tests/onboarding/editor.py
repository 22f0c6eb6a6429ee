"""What a browser posts for a draft: every input of its stream of blocks, as Wagtail's script would make them."""

from typing import Any

from django.urls import reverse
from wagtail.blocks import Block, ListBlock, MultipleChoiceBlock, StreamBlock, StructBlock

Inputs = dict[str, Any]


def inputs(block: Block, value: Any, prefix: str) -> Inputs:
    """The inputs of a value of that block."""
    match block:
        case StreamBlock():
            rows = [(child.block, child.value, {"type": child.block_type, "id": child.id or ""}) for child in value]
            return _rows(rows, prefix)
        case ListBlock():
            rows = [(child.block, child.value, {"id": child.id or ""}) for child in value.bound_blocks]
            return _rows(rows, prefix)
        case StructBlock():
            parts = [inputs(child, value[name], f"{prefix}-{name}") for name, child in block.child_blocks.items()]
            return {name: each for part in parts for name, each in part.items()}
        case MultipleChoiceBlock():
            return {prefix: list(value or ())}
    if isinstance(value, bool):
        return {prefix: "on"} if value else {}
    return {prefix: "" if value is None else value}


def _rows(rows: list[tuple[Block, Any, dict[str, str]]], prefix: str) -> Inputs:
    found: Inputs = {f"{prefix}-count": len(rows)}
    for place, (block, value, hidden) in enumerate(rows):
        found |= {f"{prefix}-{place}-{name}": each for name, each in hidden.items()}
        found |= {f"{prefix}-{place}-order": place, f"{prefix}-{place}-deleted": ""}
        found |= inputs(block, value, f"{prefix}-{place}-value")
    return found


def form_of(draft: Any, **changed: Any) -> Inputs:
    """The whole form of a draft; `changed` are fields beside the stream, or `action-publish`."""
    body = type(draft)._meta.get_field("body").stream_block
    return inputs(body, draft.body, "body") | {"changelog": draft.changelog} | changed


def address(draft: Any, name: str = "edit", *more: Any) -> str:
    return reverse(f"wagtailsnippets_onboarding_{draft._meta.model_name}:{name}", args=[draft.pk, *more])
