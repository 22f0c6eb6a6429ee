"""A community's articles: as a book that builds, and each as a page that opens anywhere; with their files."""

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from knowledgebase import placeholders
from knowledgebase.exporting import as_they_stand, files_of
from knowledgebase.models import Article, ArticleDocument, ArticleImage, Audience, KnowledgeBase
from knowledgebase.rendering import render
from portal.leaving.archive import Archive
from portal.leaving.scope import Scope


def put(scope: Scope, archive: Archive) -> None:
    """Each file of the knowledge base; drafts too, as they stand."""
    knowledge_base = KnowledgeBase.objects.filter(community=scope.community).first()
    if knowledge_base is None:
        return
    articles = as_they_stand(knowledge_base)
    if not scope.is_whole:
        articles = list(_for_members(knowledge_base, articles))
    for name, content in files_of(knowledge_base, articles):
        archive.write(f"articles/{name}", content, about="book")
    for article in articles:
        archive.write(f"articles/{_address(knowledge_base, article)}.html", as_html(article), about="article")
    _put_files(knowledge_base, archive)


def as_html(article: Article) -> str:
    """A page that opens anywhere."""
    html = "".join(part.get("html", "") for part in render(article.body).parts)
    body = mark_safe(placeholders.neutral(html))  # noqa: S308  render cleans it
    return render_to_string("portal/leaving/article.html", {"title": article.title, "body": body})


def _put_files(knowledge_base: KnowledgeBase, archive: Archive) -> None:
    for model in (ArticleImage, ArticleDocument):
        for row in model.objects.filter(collection=knowledge_base.collection).order_by("pk").iterator(chunk_size=500):
            path = f"files/{row.key}{PurePosixPath(row.file.name).suffix}"
            try:
                content = row.file.open("rb")
            except FileNotFoundError:
                archive.missing.append(path)
                continue
            with content:
                archive.write_parts(path, content.chunks(), about="file of the articles")


def _for_members(knowledge_base: KnowledgeBase, articles: Sequence[Article]) -> Iterator[Article]:
    """Without what only staff read, and what lies below it."""
    closed = [_address(knowledge_base, article) for article in articles if article.audience == Audience.STAFF]
    for article in articles:
        address = _address(knowledge_base, article)
        if not any(address == each or address.startswith(f"{each}/") for each in closed):
            yield article


def _address(knowledge_base: KnowledgeBase, article: Article) -> str:
    return str(article.url_path.removeprefix(knowledge_base.url_path).strip("/"))
