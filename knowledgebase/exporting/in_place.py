"""What a community reads in the place of shared articles, as articles at the addresses it reads them at."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from knowledgebase import audiences
from knowledgebase.blocks import BODY
from knowledgebase.composing import OwnSection, composed, composed_source
from knowledgebase.models import Article, Edition, KnowledgeBase, Override, OverrideQuerySet
from knowledgebase.rendering import render
from knowledgebase.sources import Block, blocks_of

Told = Callable[[Article], Article]  # the page of a version, as published or as it stands


def read_in_place(knowledge_base: KnowledgeBase, told: Told) -> list[Article]:
    """The published versions, each with the shared text around it."""
    return list(_articles(knowledge_base, Override.objects.filter(article__live=True), told, alone=False))


def written_in_place(knowledge_base: KnowledgeBase, told: Told) -> list[Article]:
    """Drafts too, and sections whose shared article is not theirs to read any more."""
    return list(_articles(knowledge_base, Override.objects.all(), told, alone=True))


def _articles(knowledge_base: KnowledgeBase, among: OverrideQuerySet, told: Told, *, alone: bool) -> Iterator[Article]:
    if knowledge_base.community_id is None:
        return
    versions = among.active().filter(knowledge_base=knowledge_base).select_related("article").order_by("pk")
    groups: dict[str, list[Override]] = {}
    for version in versions:
        groups.setdefault(version.address, []).append(version)
    theirs = Edition.objects.shared().seen_with(frozenset({knowledge_base.community_id}))
    shared = {
        edition.pk: edition for edition in theirs.filter(pk__in=[version.shared_id for version in versions]).select_related("article")
    }
    for address, group in sorted(groups.items()):
        around = shared.get(group[0].shared_id or 0)
        whole = next((version for version in group if version.is_whole), None)
        if whole is not None:
            yield _at(knowledge_base, address, told(whole.article))
        elif around or alone:
            yield _at(knowledge_base, address, _with_sections(knowledge_base, group, around, told))


def _at(knowledge_base: KnowledgeBase, address: str, page: Article) -> Article:
    """An article that has no page of its own: what that one says, at that address."""
    return Article(
        title=page.title,
        summary=page.summary,
        audience=page.audience,
        responsibilities=page.responsibilities,
        body=page.body,
        url_path=f"{knowledge_base.url_path}{address}/",
    )


def _with_sections(knowledge_base: KnowledgeBase, versions: Sequence[Override], around: Edition | None, told: Told) -> Article:
    pages = [told(version.article) for version in versions]
    own = [
        OwnSection(version.pk, version.section, version.heading, render(page.body), blocks_of(page.body))
        for version, page in zip(versions, pages, strict=True)
    ]
    return Article(
        title=around.title if around else versions[0].title,
        summary=around.summary if around else "",
        audience=audiences.narrowest([knowledge_base.audience, *([around.audience] if around else []), *(page.audience for page in pages)]),
        responsibilities=[key for page in pages for key in page.responsibilities],
        body=BODY.to_python(list(_blocks(around, own))),
    )


def _blocks(around: Edition | None, own: Sequence[OwnSection]) -> Iterable[Block]:
    """As they were written; the words alone where source and parts tell different headings."""
    parts, source = (around.parts, blocks_of(around.article.body)) if around else ([], [])
    pieces = composed_source(parts, source, own)
    if pieces is None:
        return [{"type": "text", "value": composed(parts, [], own).text}]
    return [block for piece in pieces for block in piece if block["type"] != "text" or block["value"].strip()]
