"""Figures, downloads and videos."""

import re
from dataclasses import dataclass

from knowledgebase.blocks import Width
from knowledgebase.importing.fences import Directive
from knowledgebase.importing.pieces import Block, Context, Maker, as_text

FILMS = frozenset({"mp4", "webm"})


@dataclass(frozen=True)
class Film:
    """A video: its path, what it is called, the path of its captions, and what is said in it."""

    source: str
    title: str
    captions: str = ""
    transcript: str = ""


def figure(source: str, *, alt: str, caption: str, line: int, width: str = "") -> Block:
    size = _width(width)
    value = {"alt": alt[:300], "caption": caption[:300], **({"width": size} if size else {})}
    return Block("figure", value, [line], {"image": source})


def _width(said: str) -> str:
    """One of our widths for one of theirs: a share of the column, or a length against a column of 700 pixels."""
    found = re.match(r"(?P<number>\d+(?:\.\d+)?)[ ]*(?P<unit>%|px|em|rem|)", said.strip())
    if not found:
        return Width.FULL
    number = float(found["number"])
    share = number / {"%": 100, "px": 700, "": 700, "em": 44, "rem": 44}[found["unit"]]
    return Width.FULL if share > 0.8 else Width.MEDIUM if share > 0.45 else Width.SMALL


def _figure(directive: Directive, context: Context) -> list[Block]:
    said = directive.options
    caption, _blank, legend = context.body(directive).partition("\n\n")
    made = figure(
        directive.argument, alt=said.get("alt", ""), caption=" ".join(caption.split()), width=said.get("width", ""), line=directive.line
    )
    if said.get("target") and not made.value["caption"]:
        made.value["caption"] = f"<{said['target']}>" if ":" in said["target"] else ""
    return [made, *as_text(legend, directive)]


def _download(directive: Directive, _context: Context) -> list[Block]:
    words = " ".join(directive.text.split())
    return [Block("download", {"words": words[:120]}, [directive.line], {"document": directive.argument})]


def _video_directive(directive: Directive, context: Context) -> list[Block]:
    film = Film(directive.argument, directive.options.get("title", ""), directive.options.get("captions", ""), context.body(directive))
    return video(film, directive.line, context)


def video(film: Film, line: int, context: Context) -> list[Block]:
    """A film; of a kind that articles do not show, a download."""
    title = film.title or film.transcript.partition("\n")[0] or film.source.rpartition("/")[2]
    if film.source.rpartition(".")[2].lower() in FILMS:
        files = {"video": film.source, **({"captions": film.captions} if film.captions else {})}
        return [Block("video", {"title": title[:150], "captions": None, "transcript": film.transcript}, [line], files)]
    context.tell(line, f"a video becomes a download: {film.source}")
    return [Block("download", {"words": title[:120]}, [line], {"document": film.source})]


MEDIA: dict[str, Maker] = {
    **dict.fromkeys(("figure", "image"), _figure),
    "download": _download,
    **dict.fromkeys(("video", "youtube"), _video_directive),
}
