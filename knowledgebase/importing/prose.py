"""Directives that are text with a shape: callouts, cards, tabs, quotations, glossaries."""

import re
from collections.abc import Sequence

from knowledgebase.blocks import Tone
from knowledgebase.importing.fences import Directive, scan
from knowledgebase.importing.pieces import Block, Context, Maker, as_text, plain_words
from knowledgebase.markdown import term_anchor

TONES = {
    **dict.fromkeys(("note", "seealso", "admonition", "topic", "sidebar", "margin", "aside", "todo"), Tone.NOTE),
    **dict.fromkeys(("tip", "hint"), Tone.TIP),
    "important": Tone.IMPORTANT,
    **dict.fromkeys(("warning", "caution", "attention", "danger", "error"), Tone.WARNING),
}
TITLED = frozenset({"admonition", "topic", "sidebar", "dropdown"})
FEWEST_TABS, MOST_TABS = 2, 8  # of the block
SAID = {"seealso": "See also"}
VERSIONS = {"versionadded": "New in", "versionchanged": "Changed in", "deprecated": "Not recommended since"}


def _callout(directive: Directive, context: Context) -> list[Block]:
    classes = directive.options.get("class", "").split()
    text = context.body(directive)
    title = directive.argument
    tone = TONES.get(directive.name, Tone.NOTE)
    if directive.name in TITLED:
        tone = next((TONES[name] for name in classes if name in TONES), tone)
    elif title and text and not directive.lines[0].strip():
        pass  # a title of its own, as newer MyST has it
    else:
        text, title = f"{title}\n{text}".strip(), SAID.get(directive.name, "")
    if not text.strip():
        text, title = title, ""
    folded = "dropdown" in classes or directive.name == "dropdown" or directive.options.get("open") == "false"
    value = {"tone": str(tone), "title": plain_words(title)[:120], "text": text, **({"folded": True} if folded else {})}
    return [Block("callout", value, [directive.first])] if text.strip() else []


def _version(directive: Directive, context: Context) -> list[Block]:
    number, _space, rest = directive.argument.partition(" ")
    said = f"{VERSIONS[directive.name]} {number}"
    return [
        Block(
            "callout",
            {"tone": str(Tone.NOTE), "title": said, "text": f"{rest}\n{context.body(directive)}".strip() or said},
            [directive.line],
        )
    ]


def _tabs(directive: Directive, context: Context) -> list[Block]:
    """Tabs; more or fewer than a block takes are sections with headings."""
    items = [
        piece for piece in scan(directive.lines, directive.first) if isinstance(piece, Directive) and piece.name in {"tab-item", "tab"}
    ]
    tabs = [{"title": plain_words(item.argument)[:60], "text": context.body(item)} for item in items]
    if FEWEST_TABS <= len(tabs) <= MOST_TABS:
        return [Block("tabs", {"tabs": tabs}, [directive.first])]
    return as_text("\n\n".join(f"### {tab['title']}\n\n{tab['text']}" for tab in tabs), directive)


def _card(directive: Directive, context: Context) -> list[Block]:
    """A card: its title, a link if it leads somewhere, and its words."""
    kept = [line for line in directive.lines if not re.fullmatch(r"\^{3,}|\+{3,}", line.strip())]
    text = " ".join(context.markdown(kept, directive.first).split("\n")).strip()
    text = re.sub(r"[ ]{2,}", " ", text)
    title, target = directive.argument, directive.options.get("link") or directive.options.get("url") or ""
    image = directive.options.get("img-top") or directive.options.get("img-bottom") or directive.options.get("img-background")
    if image:
        context.tell(directive.line, f"a card without its image: {image}")
    link = f"[{title}]({target})" if target else f"**{title}**" if title else ""
    parts = [part for part in (link, text) if part]
    return as_text(f"- {': '.join(parts)}" if link else f"- {text}", directive) if parts else []


def _grid(directive: Directive, context: Context) -> list[Block]:
    """Cards as a list, what stands between them as it is."""
    text = context.body(directive)
    return as_text(re.sub(r"(?m)(^- .*\n)\n+(?=- )", r"\1", text), directive)


def _button(directive: Directive, context: Context) -> list[Block]:
    return as_text(f"[{' '.join(context.body(directive).split())}]({directive.argument})", directive)


def _epigraph(directive: Directive, context: Context) -> list[Block]:
    return as_text("\n".join(f"> {line}".rstrip() for line in context.body(directive).split("\n")), directive)


def _rubric(directive: Directive, context: Context) -> list[Block]:
    return as_text("\n\n".join(part for part in (f"**{directive.argument}**", context.body(directive)) if part), directive)


def _glossary(directive: Directive, context: Context) -> list[Block]:
    """Terms and what they mean; several terms in a row share their meaning."""
    entries: list[tuple[list[str], list[str]]] = []
    for line in context.body(directive).split("\n"):
        if not line.strip() and not entries:
            continue
        if line and not line.startswith((" ", ": ")):
            if not entries or any(entries[-1][1]):
                entries.append(([], []))
            entries[-1][0].append(line.strip())
        elif entries:
            entries[-1][1].append(line.removeprefix(":").strip() if line.startswith(":") else line.strip())
    for terms, _meaning in entries:
        context.terms |= {plain_words(term).lower(): term_anchor(", ".join(map(plain_words, terms))) for term in terms}
    return as_text("\n\n".join(_entry(terms, meaning) for terms, meaning in entries), directive)


def _entry(terms: Sequence[str], meaning: Sequence[str]) -> str:
    first, *rest = "\n".join(meaning).strip().split("\n")
    return "\n".join([", ".join(terms), f": {first}", *(f"  {line}".rstrip() for line in rest)])


PROSE: dict[str, Maker] = {
    **dict.fromkeys((*TONES, "dropdown"), _callout),
    **dict.fromkeys(VERSIONS, _version),
    "tab-set": _tabs,
    **dict.fromkeys(("grid", "card-carousel", "cards"), _grid),
    **dict.fromkeys(("grid-item-card", "card"), _card),
    **dict.fromkeys(("button-link", "button-ref"), _button),
    **dict.fromkeys(("epigraph", "pull-quote", "highlights"), _epigraph),
    **dict.fromkeys(("rubric", "centered"), _rubric),
    "glossary": _glossary,
}
