"""Blocks of our own: steps, hub facts, doors to requests and tickets, and the buttons elsewhere that were such doors."""

import re
from collections.abc import Sequence

from knowledgebase.blocks import RequestKind
from knowledgebase.importing.fences import Directive, Html
from knowledgebase.importing.media import Film, video
from knowledgebase.importing.pieces import Block, Context, Maker, as_text

STEP = re.compile(r"(?P<mark>\d+[.)][ ]+)(?P<title>.+)")
WIDGET = re.compile(r"openWidget\(\s*\{(?P<fields>.*?)\}\s*\)", re.DOTALL)
WIDGET_FIELD = re.compile(r"[\"']?(?P<name>\w+)[\"']?\s*:\s*(?:'(?P<single>[^']*)'|\"(?P<double>[^\"]*)\"|&quot;(?P<quoted>.*?)&quot;)")
ATTRIBUTE = re.compile(r"(?P<name>[\w-]+)\s*=\s*[\"'](?P<value>[^\"']*)[\"']")
TAG = re.compile(r"<[^>]*>")
REQUESTS = {
    RequestKind.EVENT: ("event", "workshop", "hackathon", "course"),
    RequestKind.DECOMMISSION: ("decommission", "shut down", "shutdown", "end of", "remove hub", "delete hub"),
    RequestKind.NEW_HUB: ("new hub", "new-hub", "hub request", "request a hub", "new community"),
    RequestKind.CHANGE: ("change", "configuration", "update hub", "feature"),
}


def _steps(directive: Directive, context: Context) -> list[Block]:
    steps: list[tuple[str, int, list[str]]] = []
    for line in context.body(directive).split("\n"):
        found = STEP.match(line)
        if found:
            steps.append((found["title"], len(found["mark"]), []))
        elif steps:
            steps[-1][2].append(line)
    if not steps:
        context.tell(directive.line, "{steps} without numbered lines")
        return as_text(context.body(directive), directive)
    value = {"steps": [{"title": title[:150], "text": _step_text(lines, room)} for title, room, lines in steps]}
    return [Block("steps", value, [directive.first])]


def _step_text(lines: Sequence[str], room: int) -> str:
    first = next((line for line in lines if line.strip()), "")
    room = min(room, len(first) - len(first.lstrip(" ")))
    return "\n".join(line[min(room, len(line) - len(line.lstrip(" "))) :].rstrip() for line in lines).strip("\n")


def _request(directive: Directive, context: Context) -> list[Block]:
    if directive.argument not in RequestKind.values:
        context.tell(directive.line, f"{{request}} asks for “{directive.argument}”; known are {', '.join(RequestKind.values)}")
        return as_text(context.body(directive), directive)
    return [Block("request", {"kind": directive.argument, "words": " ".join(directive.text.split())[:200]}, [directive.first])]


def _ask_support(directive: Directive, _context: Context) -> list[Block]:
    value = {"subject": directive.argument[:150], "words": " ".join(directive.text.split())[:200]}
    return [Block("ask_support", value, [directive.first])]


def _hub_facts(directive: Directive, _context: Context) -> list[Block]:
    shows = directive.options.get("shows")
    chosen = {} if shows is None else {"shows": [name for name in shows.split() if name != "nothing"]}
    return [Block("hub_facts", {"title": directive.argument[:120], **chosen}, [directive.line])]


def _open_in_hub(directive: Directive, context: Context) -> list[Block]:
    repository = directive.options.get("repository", "")
    if not repository.startswith("https://"):
        context.tell(directive.line, "{open-in-hub} needs a :repository: that begins with https://")
        return []
    options = {"repository": repository, "branch": directive.options.get("branch") or "main", "path": directive.options.get("path", "")}
    options |= {"app": directive.options["app"]} if directive.options.get("app") else {}
    return [Block("open_in_hub", {"words": (directive.argument or repository)[:120], **options}, [directive.line])]


def html_blocks(html: Html, context: Context) -> list[Block]:
    """A button that opened a support widget becomes a door; a video, a file; anything else its words."""
    said = html.text.replace("&#39;", "'")
    widget = WIDGET.search(said)
    if html.tag == "button" and widget:
        fields = {
            found["name"]: found["single"] or found["double"] or found["quoted"] or "" for found in WIDGET_FIELD.finditer(widget["fields"])
        }
        return [_door(fields, " ".join(TAG.sub("", said).split()), html.line)]
    attributes = {found["name"].lower(): found["value"] for found in reversed(list(ATTRIBUTE.finditer(said)))}  # the first counts
    if html.tag == "video" and attributes.get("src"):
        words = attributes.get("aria-label") or attributes.get("title") or " ".join(TAG.sub(" ", said).split())
        return video(Film(attributes["src"], words, _captions(said)), html.line, context)
    context.tell(html.line, f"<{html.tag}> is not carried over; its words are kept")
    return [Block("text", " ".join(TAG.sub("", said).split()), [html.line])]


def _captions(html: str) -> str:
    track = re.search(r"<track\b[^>]*\bsrc\s*=\s*[\"']([^\"']+)", html, re.IGNORECASE)
    return track[1] if track else ""


def _door(fields: dict[str, str], words: str, line: int) -> Block:
    """A request for what its type or subject speaks of, or the door to a ticket with that subject."""
    subject, said = fields.get("subject", ""), f"{fields.get('type', '')} {fields.get('subject', '')}".lower()
    for kind, spoken in REQUESTS.items():
        if any(word in said for word in spoken):
            return Block("request", {"kind": str(kind), "words": words[:200]}, [line])
    return Block("ask_support", {"subject": subject[:150], "words": words[:200]}, [line])


DOORS: dict[str, Maker] = {
    "steps": _steps,
    "request": _request,
    "ask-support": _ask_support,
    "hub-facts": _hub_facts,
    "open-in-hub": _open_in_hub,
}
