"""An article's body as what is kept for its readers: safe HTML, headings, plain text, and the blocks filled while serving."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from html import escape
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.translation import get_language

from ground.sanitising import plain_text
from knowledgebase import placeholders
from knowledgebase.blocks import LIVE, Tone, texts_of
from knowledgebase.markdown import Anchors, cells, code_to_html, inline_to_html, notes_to_html, to_html

Part = dict[str, Any]  # {"html": …} or {"live": name, …values}
IMAGE_KEY = re.compile(r"/files/images/([0-9a-f-]{36})/")
DOCUMENT_KEY = re.compile(r"/files/documents/([0-9a-f-]{36})/")


@dataclass
class Rendered:
    """A body, rendered."""

    parts: list[Part] = field(default_factory=list)
    contents: list[dict[str, Any]] = field(default_factory=list)
    text: str = ""
    images: set[UUID] = field(default_factory=set)
    documents: set[UUID] = field(default_factory=set)
    facts: frozenset[str] = frozenset()
    tab_sets: int = 0

    def add_html(self, html: str) -> None:
        if self.parts and "html" in self.parts[-1]:
            self.parts[-1]["html"] += html
        else:
            self.parts.append({"html": html})


def render(body: Any) -> Rendered:
    """That stream of blocks, in order."""
    rendered, anchors = Rendered(), Anchors()
    protected = _protected(body)
    anchors.expect_notes(text for block in protected for text in texts_of(block.block_type, block.value))
    for block in protected:
        if block.block_type in LIVE:
            rendered.parts.append({"live": block.block_type, **_plain_values(block.value)})
            continue
        rendered.add_html(placeholders.marked(RENDERERS[block.block_type](block.value, anchors, rendered)))
    if notes := notes_to_html(anchors):
        rendered.add_html(placeholders.marked(notes))
    for part in rendered.parts:
        rendered.images |= {UUID(key) for key in IMAGE_KEY.findall(part.get("html", ""))}
        rendered.documents |= {UUID(key) for key in DOCUMENT_KEY.findall(part.get("html", ""))}
    rendered.contents = [_in_contents(asdict(heading)) for heading in anchors.headings if heading.level <= 3]
    rendered.text = words(rendered.parts)
    rendered.facts = facts_in(rendered.parts)
    return rendered


def words(parts: Sequence[Part]) -> str:
    """What they say to somebody of whom nothing is known, for search."""
    return "\n".join(_words(parts))


def _words(parts: Sequence[Part]) -> Iterator[str]:
    for part in parts:
        said = part["html"] if "html" in part else placeholders.marked(escape(part.get("words", "")))
        yield plain_text(placeholders.neutral(said))


def _protected(body: Any) -> Any:
    """The blocks with a plain word for each fact they name; the live ones are not parsed, so they keep what was typed."""
    raw = body.get_prep_value()
    if not placeholders.may_hold(raw):
        return body
    return body.stream_block.to_python([block if block["type"] in LIVE else placeholders.protected(block) for block in raw])


def _in_contents(heading: dict[str, Any]) -> dict[str, Any]:
    """A heading that names a fact: the neutral words for whoever shows it, and what was typed for whoever fills it."""
    typed = placeholders.bare(heading["title"])
    if typed == heading["title"]:
        return heading
    neutral = placeholders.in_words(typed, lambda _name: placeholders.Fact())
    return {**heading, "id": placeholders.as_anchor(heading["id"]), "title": neutral, "typed": typed}


def facts_in(parts: Sequence[Part]) -> frozenset[str]:
    """The facts they name."""
    marked = (placeholders.used(part["html"]) for part in parts if "html" in part)
    typed = (placeholders.named(str(value)) for part in parts if "html" not in part for value in part.values())
    return frozenset().union(*marked, *typed)


def _plain_values(value: Any) -> dict[str, Any]:
    return {name: _plain(value.get(name)) for name in value}


def _plain(value: Any) -> str | list[str]:
    return [str(each) for each in value] if isinstance(value, list) else str(value or "")


def _text(value: str, anchors: Anchors, _rendered: Rendered) -> str:
    return to_html(value, anchors)


def _callout(value: Any, anchors: Anchors, _rendered: Rendered) -> str:
    tone = Tone(value["tone"])
    text = to_html(value["text"], anchors)
    return render_to_string(
        "knowledgebase/blocks/callout.html", {"tone": tone, "title": value["title"], "html": text, "folded": value["folded"]}
    )


def _figure(value: Any, _anchors: Anchors, rendered: Rendered) -> str:
    image = value["image"]
    if image is None:
        return ""
    rendered.images.add(image.key)
    caption = inline_to_html(value["caption"])
    return render_to_string(
        "knowledgebase/blocks/figure.html", {"image": image, "alt": value["alt"], "caption": caption, "width": value["width"]}
    )


def _code(value: Any, _anchors: Anchors, _rendered: Rendered) -> str:
    return code_to_html(value["code"], value["language"])


def _table(value: Any, _anchors: Anchors, _rendered: Rendered) -> str:
    lines = [cells(line) for line in value["rows"].splitlines()]
    rows = [[inline_to_html(cell.replace("\\|", "|")) for cell in line] for line in lines if line]
    caption = inline_to_html(value["caption"])
    return render_to_string("knowledgebase/blocks/table.html", {"caption": caption, "heading": rows[:1], "rows": rows[1:]})


def _steps(value: Any, anchors: Anchors, _rendered: Rendered) -> str:
    steps = [{"title": inline_to_html(step["title"]), "html": to_html(step["text"], anchors)} for step in value["steps"]]
    return render_to_string("knowledgebase/blocks/steps.html", {"steps": steps})


def _tabs(value: Any, anchors: Anchors, rendered: Rendered) -> str:
    rendered.tab_sets += 1
    tabs = [{"title": tab["title"], "html": to_html(tab["text"], anchors)} for tab in value["tabs"]]
    return render_to_string("knowledgebase/blocks/tabs.html", {"name": f"tabs-{rendered.tab_sets}", "tabs": tabs})


def _video(value: Any, anchors: Anchors, rendered: Rendered) -> str:
    video, captions = value["video"], value["captions"]
    if video is None:
        return ""
    rendered.documents |= {file.key for file in (video, captions) if file}
    words = {"title": value["title"], "html": to_html(value["transcript"], anchors) if value["transcript"] else ""}
    return render_to_string("knowledgebase/blocks/video.html", {"video": video, "captions": captions, "language": get_language(), **words})


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
    "tabs": _tabs,
    "video": _video,
    "download": _download,
}
