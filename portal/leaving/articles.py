"""A community's articles as Markdown and HTML, and their files."""

from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import mark_safe

from communities.models import Community
from knowledgebase.models import Article, ArticleDocument, ArticleImage, KnowledgeBase
from knowledgebase.rendering import render


def files(community: Community) -> Iterator[tuple[str, str | bytes]]:
    """Name and content of each file of the knowledge base; drafts too, as they stand."""
    knowledge_base = KnowledgeBase.objects.filter(community=community).first()
    if knowledge_base is None:
        return
    for article in Article.objects.descendant_of(knowledge_base):
        address = article.url_path.removeprefix(knowledge_base.url_path).strip("/")
        latest = article.get_latest_revision_as_object()
        yield f"articles/{address}.md", as_markdown(latest)
        yield f"articles/{address}.html", as_html(latest)
    for model in (ArticleImage, ArticleDocument):
        for row in model.objects.filter(collection=knowledge_base.collection):
            with row.file.open("rb") as content:
                yield f"files/{row.key}{PurePosixPath(row.file.name).suffix}", content.read()


def as_html(article: Article) -> str:
    """A page that opens anywhere."""
    body = mark_safe("".join(part.get("html", "") for part in render(article.body).parts))  # noqa: S308  render cleans it
    page = '<!doctype html>\n<html><head><meta charset="utf-8"><title>{}</title></head>\n<body><h1>{}</h1>\n{}</body></html>\n'
    return format_html(page, article.title, article.title, body)


def as_markdown(article: Article) -> str:
    """Its title, its summary, and every block in the Markdown nearest to it."""
    blocks = [WRITERS.get(block.block_type, _values)(block.value) for block in article.body]
    return "\n\n".join(part for part in (f"# {article.title}", article.summary, *blocks) if part) + "\n"


def _callout(value: Any) -> str:
    text = f"**{value['title']}**\n\n{value['text']}" if value["title"] else value["text"]
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def _figure(value: Any) -> str:
    image = value["image"]
    return f"![{value['alt']}](/files/images/{image.key}/original/)\n\n{value['caption']}".strip() if image else ""


def _table(value: Any) -> str:
    rows = [f"| {line.strip().strip('|')} |" for line in value["rows"].splitlines() if line.strip()]
    bar = "|" + " --- |" * (rows[0].count("|") - 1) if rows else ""
    return "\n".join([*rows[:1], bar, *rows[1:]])


def _steps(value: Any) -> str:
    return "\n".join(f"{number}. **{step['title']}** {step['text']}".rstrip() for number, step in enumerate(value["steps"], start=1))


def _download(value: Any) -> str:
    document = value["document"]
    return f"[{value['words'] or document.title}]({document.url})" if document else ""


def _values(value: Any) -> str:
    """A block that the desk filled in while serving: what its editor wrote."""
    return " · ".join(str(part) for part in value.values() if part)


WRITERS: dict[str, Callable[[Any], str]] = {
    "text": str,
    "callout": _callout,
    "figure": _figure,
    "code": lambda value: f"```{value['language']}\n{value['code']}\n```",
    "table": _table,
    "steps": _steps,
    "download": _download,
}
