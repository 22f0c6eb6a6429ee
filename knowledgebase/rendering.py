"""An article's body as what is kept for its readers: safe HTML, headings, plain text, and the blocks filled while serving."""

import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string

from ground.sanitising import plain_text
from knowledgebase.blocks import LIVE, Tone
from knowledgebase.markdown import Anchors, code_to_html, inline_to_html, to_html

Part = dict[str, Any]  # {"html": …} or {"live": name, …values}
IMAGE_KEY = re.compile(r"/files/images/([0-9a-f-]{36})/")


@dataclass
class Rendered:
    """A body, rendered."""

    parts: list[Part] = field(default_factory=list)
    contents: list[dict[str, Any]] = field(default_factory=list)
    text: str = ""
    images: set[UUID] = field(default_factory=set)
    documents: set[UUID] = field(default_factory=set)

    def add_html(self, html: str) -> None:
        if self.parts and "html" in self.parts[-1]:
            self.parts[-1]["html"] += html
        else:
            self.parts.append({"html": html})


def render(body: Any) -> Rendered:
    """That stream of blocks, in order."""
    rendered, anchors = Rendered(), Anchors()
    for block in body:
        if block.block_type in LIVE:
            rendered.parts.append({"live": block.block_type, **_plain_values(block.value)})
            continue
        html = RENDERERS[block.block_type](block.value, anchors, rendered)
        rendered.images |= {UUID(key) for key in IMAGE_KEY.findall(html)}
        rendered.add_html(html)
    rendered.contents = [asdict(heading) for heading in anchors.headings if heading.level <= 3]
    rendered.text = "\n".join(_words(rendered.parts))
    return rendered


def _words(parts: list[Part]) -> Iterator[str]:
    for part in parts:
        yield plain_text(part["html"]) if "html" in part else part.get("words", "")


def _plain_values(value: Any) -> dict[str, str]:
    return {name: str(value.get(name) or "") for name in value}


def _text(value: str, anchors: Anchors, _rendered: Rendered) -> str:
    return to_html(value, anchors)


def _callout(value: Any, anchors: Anchors, _rendered: Rendered) -> str:
    tone = Tone(value["tone"])
    return render_to_string(
        "knowledgebase/blocks/callout.html", {"tone": tone, "title": value["title"], "html": to_html(value["text"], anchors)}
    )


def _figure(value: Any, _anchors: Anchors, rendered: Rendered) -> str:
    image = value["image"]
    if image is None:
        return ""
    rendered.images.add(image.key)
    return render_to_string("knowledgebase/blocks/figure.html", {"image": image, "alt": value["alt"], "caption": value["caption"]})


def _code(value: Any, _anchors: Anchors, _rendered: Rendered) -> str:
    return code_to_html(value["code"], value["language"])


def _table(value: Any, _anchors: Anchors, _rendered: Rendered) -> str:
    rows = [[inline_to_html(cell.strip()) for cell in _cells(line)] for line in value["rows"].splitlines() if _cells(line)]
    return render_to_string("knowledgebase/blocks/table.html", {"caption": value["caption"], "heading": rows[:1], "rows": rows[1:]})


def _cells(line: str) -> list[str]:
    bare = line.strip().strip("|")
    if not bare or set(bare) <= set("-:| "):
        return []
    return bare.split("|")


def _steps(value: Any, anchors: Anchors, _rendered: Rendered) -> str:
    steps = [{"title": inline_to_html(step["title"]), "html": to_html(step["text"], anchors)} for step in value["steps"]]
    return render_to_string("knowledgebase/blocks/steps.html", {"steps": steps})


def _download(value: Any, _anchors: Anchors, rendered: Rendered) -> str:
    document = value["document"]
    if document is None:
        return ""
    rendered.documents.add(document.key)
    return render_to_string("knowledgebase/blocks/download.html", {"document": document, "words": value["words"] or document.title})


RENDERERS: dict[str, Callable[[Any, Anchors, Rendered], str]] = {
    "text": _text,
    "callout": _callout,
    "figure": _figure,
    "code": _code,
    "table": _table,
    "steps": _steps,
    "download": _download,
}
