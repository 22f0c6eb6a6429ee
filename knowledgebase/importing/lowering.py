"""Blocks as lines of Markdown, for inside a list item or another block."""

import re
from collections.abc import Callable, Iterable

from knowledgebase.blocks import Tone
from knowledgebase.importing.pieces import Block, Context
from knowledgebase.markdown import cells


def lowered(blocks: Iterable[Block], context: Context, line: int) -> list[str]:
    """Blocks as lines of Markdown, for inside a list item or another block."""
    lines: list[str] = []
    for block in blocks:
        lower = LOWER.get(block.kind)
        if lower is None:
            context.tell(line, f"a {block.kind.replace('_', ' ')} inside another block keeps only its words")
        text = lower(block) if lower else str(block.value.get("words") or block.value.get("title") or "")
        lines += ["", *text.split("\n")] if lines else text.split("\n")
    return lines


def _lower_callout(block: Block) -> str:
    title = block.value["title"] or Tone(block.value["tone"]).name.capitalize()
    return "\n".join(f"> {line}".rstrip() for line in [f"**{title}**", "", *block.value["text"].split("\n")])


def _lower_figure(block: Block) -> str:
    image = f"![{block.value['alt']}]({block.files['image']})"
    return f"{image}\n\n*{block.value['caption']}*" if block.value["caption"] else image


def _lower_code(block: Block) -> str:
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall(r"`{3,}", block.value["code"])), 3)
    return f"{fence}{block.value['language']}\n{block.value['code']}\n{fence}"


def _lower_table(block: Block) -> str:
    first, *rest = block.value["rows"].split("\n")
    table = "\n".join([first, "|" + " --- |" * len(cells(first)), *rest])
    return f"*{block.value['caption']}*\n\n{table}" if block.value["caption"] else table


def _lower_steps(block: Block) -> str:
    lines: list[str] = []
    for number, step in enumerate(block.value["steps"], start=1):
        lines += [f"{number}. {step['title']}", *(f"   {line}".rstrip() for line in step["text"].split("\n") if step["text"])]
    return "\n".join(lines)


def _lower_file(block: Block) -> str:
    path = block.files.get("document") or block.files["video"]
    return f"[{block.value.get('words') or block.value.get('title') or path.rpartition('/')[2]}]({path})"


LOWER: dict[str, Callable[[Block], str]] = {
    "text": lambda block: str(block.value),
    "callout": _lower_callout,
    "figure": _lower_figure,
    "code": _lower_code,
    "table": _lower_table,
    "steps": _lower_steps,
    "download": _lower_file,
    "video": _lower_file,
    "tabs": lambda block: "\n\n".join(f"**{tab['title']}**\n\n{tab['text']}" for tab in block.value["tabs"]),
}
