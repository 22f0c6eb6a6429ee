"""An article as MyST Markdown: text as it is written, every other block as the directive that an import makes the same block of."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from knowledgebase.blocks import Tone, Width
from knowledgebase.markdown import cells, outside_code
from knowledgebase.models import Article

LINK = re.compile(r"\]\((?:kb:/*|/kb/)(?P<address>[\w\-/.%]*)(?P<anchor>#[\w\-.%:]*)?(?P<title>\s+\"[^\"]*\")?\)")
IMAGE = re.compile(r"\]\(/files/images/(?P<key>[0-9a-f-]{36})/[\w-]+/(?P<title>\s+\"[^\"]*\")?\)")
DOCUMENT = re.compile(r"\]\(/files/documents/(?P<key>[0-9a-f-]{36})/(?P<title>\s+\"[^\"]*\")?\)")
HERE = re.compile(r"\]\((?P<anchor>#[\w\-.%:]+)(?P<title>\s+\"[^\"]*\")?\)")
SITE = re.compile(r"\]\((?P<path>/(?:status|apply|accounts|c)/[^()\s]*)(?P<title>\s+\"[^\"]*\")?\)")
WIDTHS: dict[str, str] = {Width.MEDIUM: "66%", Width.SMALL: "33%"}
ALL_FACTS = 3  # hub facts that show all of these say nothing of it
BREAK = "+++"  # keeps two texts that follow each other two, as in MyST


@dataclass(frozen=True)
class Pointing:
    """What links become where the text goes: of an article's address and anchor (`#…` or nothing), of the key of an image or a document."""

    article: Callable[[str, str], str]
    image: Callable[[str], str]
    document: Callable[[str], str]
    here: Callable[[str], str] = str  # of an anchor of the same article
    site: Callable[[str], str] = str  # of a path of this site that is no article


def _on_site(address: str, anchor: str) -> str:
    return (reverse("knowledgebase:article", args=[address]) if address else reverse("knowledgebase:home")) + anchor


ON_SITE = Pointing(
    article=_on_site,
    image=lambda key: reverse("knowledgebase:image", args=[key, "original"]),
    document=lambda key: reverse("knowledgebase:document", args=[key]),
)


def markdown_of(article: Article, pointing: Pointing = ON_SITE) -> str:
    """Its title, its summary and its blocks."""
    return in_pieces(article, [article.body], pointing)


def in_pieces(article: Article, bodies: Iterable[Any], pointing: Pointing = ON_SITE) -> str:
    """Its title, its summary and those streams of blocks, one after the other."""
    summary = f"\n{article.summary.strip()}\n" if article.summary.strip() else ""
    written = "\n".join(filter(None, (body_as_markdown(body, pointing) for body in bodies)))
    return f"# {article.title}\n{summary}\n{written}"


def body_as_markdown(body: Any, pointing: Pointing = ON_SITE) -> str:
    """A stream of blocks, each a piece of MyST with an empty line between; a kind that is not known here is left out."""
    pieces, before = [], ""
    for block in body:
        piece = WRITERS.get(block.block_type, _nothing)(block.value, pointing)
        if not piece.strip():
            continue
        pieces += [BREAK] * (before == block.block_type == "text") + [piece]
        before = block.block_type
    return "\n\n".join(pieces) + "\n" if pieces else ""


def directive(name: str, argument: str = "", text: str = "", *, mark: str = "`", **options: str) -> str:
    """One directive, fenced longer than any fence in its text; options without a value are left out."""
    longest = max((len(run) for run in re.findall(rf"^\s*({re.escape(mark)}{{3,}})", text, re.MULTILINE)), default=2)
    fence = mark * (longest + 1)
    said = [f":{key.replace('_', '-')}: {value}" for key, value in options.items() if value]
    apart = [""] if (said and text) or re.match(r":[\w-]|\n", text) else []
    return "\n".join([f"{fence}{{{name}}} {' '.join(argument.split())}".rstrip(), *said, *apart, *([text] if text else []), fence])


def pointed(text: str, pointing: Pointing) -> str:
    """Markdown whose links lead where it goes; code stays as it is."""
    return outside_code(text, lambda words: _each_link(words, pointing))


def _each_link(words: str, pointing: Pointing) -> str:
    words = LINK.sub(lambda found: _to(pointing.article(found["address"].strip("/"), found["anchor"] or ""), found), words)
    words = HERE.sub(lambda found: _to(pointing.here(found["anchor"]), found), words)
    words = IMAGE.sub(lambda found: _to(pointing.image(found["key"]), found), words)
    words = DOCUMENT.sub(lambda found: _to(pointing.document(found["key"]), found), words)
    return SITE.sub(lambda found: _to(pointing.site(found["path"]), found), words)


def _to(target: str, found: re.Match[str]) -> str:
    return f"]({target}{found['title'] or ''})"


def _nothing(_value: Any, _pointing: Pointing) -> str:
    return ""


def _text(value: str, pointing: Pointing) -> str:
    return pointed(str(value).strip("\n"), pointing)


def _callout(value: Any, pointing: Pointing) -> str:
    text = pointed(value["text"], pointing)
    folded = "dropdown" if value["folded"] else ""
    if not value["title"]:
        return directive(value["tone"], text=text, mark=":", **{"class": folded})
    tone = value["tone"] if value["tone"] != Tone.NOTE else ""
    return directive("admonition", value["title"], text, mark=":", **{"class": f"{tone} {folded}".strip()})


def _figure(value: Any, pointing: Pointing) -> str:
    if value["image"] is None:
        return ""
    caption = pointed(value["caption"], pointing)
    width = WIDTHS.get(value["width"] or "", "")
    return directive("figure", pointing.image(str(value["image"].key)), caption, alt=value["alt"], width=width)


def _code(value: Any, _pointing: Pointing) -> str:
    return directive("code-block", value["language"], value["code"])


def _table(value: Any, pointing: Pointing) -> str:
    rows = [cells(line) for line in value["rows"].splitlines()]
    lines = [f"| {' | '.join(row)} |" for row in rows if row]
    columns = max((len(row) for row in rows), default=0)
    bar = "|" + " --- |" * columns
    return directive("table", value["caption"], pointed("\n".join([*lines[:1], bar, *lines[1:]]), pointing)) if lines else ""


def _steps(value: Any, pointing: Pointing) -> str:
    return directive("steps", text="\n".join(_numbered(value["steps"], pointing)), mark=":")


def _numbered(steps: Any, pointing: Pointing) -> Iterator[str]:
    for number, step in enumerate(steps, start=1):
        marker = f"{number}. "
        yield f"{marker}{pointed(step['title'], pointing)}"
        yield from (f"{' ' * len(marker)}{line}".rstrip() for line in pointed(step["text"], pointing).splitlines())


def _tabs(value: Any, pointing: Pointing) -> str:
    items = [directive("tab-item", tab["title"], pointed(tab["text"], pointing), mark=":") for tab in value["tabs"]]
    return directive("tab-set", text="\n".join(items), mark=":")


def _download(value: Any, pointing: Pointing) -> str:
    if value["document"] is None:
        return ""
    return directive("download", pointing.document(str(value["document"].key)), value["words"])


def _video(value: Any, pointing: Pointing) -> str:
    if value["video"] is None:
        return ""
    captions = pointing.document(str(value["captions"].key)) if value["captions"] else ""
    said = {"title": value["title"], "captions": captions}
    return directive("video", pointing.document(str(value["video"].key)), pointed(value["transcript"], pointing), **said)


def _hub_facts(value: Any, _pointing: Pointing) -> str:
    shows = value.get("shows")
    return directive(
        "hub-facts", value["title"], shows=" ".join(shows) or "nothing" if shows is not None and len(shows) < ALL_FACTS else ""
    )


def _open_in_hub(value: Any, _pointing: Pointing) -> str:
    where = {name: value[name] for name in ("repository", "branch", "path")}
    app = value.get("app") or ""
    where["app"] = app if app != "lab" else ""
    return directive("open-in-hub", value["words"], **where)


def _request(value: Any, _pointing: Pointing) -> str:
    return directive("request", value["kind"], value["words"])


def _ask_support(value: Any, _pointing: Pointing) -> str:
    return directive("ask-support", value["subject"], value["words"])


WRITERS: dict[str, Callable[[Any, Pointing], str]] = {
    "text": _text,
    "callout": _callout,
    "figure": _figure,
    "code": _code,
    "table": _table,
    "steps": _steps,
    "tabs": _tabs,
    "download": _download,
    "video": _video,
    "hub_facts": _hub_facts,
    "open_in_hub": _open_in_hub,
    "request": _request,
    "ask_support": _ask_support,
}
