"""Reads the links out of published articles, those alone that changed since the last time."""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.urls import Resolver404, resolve
from django.utils import timezone

from knowledgebase import placeholders
from knowledgebase.markdown import LOCAL
from knowledgebase.models import ArticleLink, Care, Edition, EditionQuerySet, KnowledgeBase, LinkCheck
from knowledgebase.models.care import LONGEST_LINK
from knowledgebase.rendering import Part

HREF = re.compile(r'<a [^>]*?href="([^"]+)"')
AT_ONCE = 100
LONGEST_ADDRESS = 255  # letters; no article has a longer one
HOMES = frozenset({"knowledgebase:home", "knowledgebase:community_home"})
ARTICLES = frozenset({"knowledgebase:article", "knowledgebase:community_article"})


@dataclass(frozen=True)
class Target:
    """Where one link leads: outside, into a knowledge base (`slug` of its community, None for the reader's own), or nowhere."""

    href: str
    is_outside: bool = False
    slug: str | None = None
    address: str = ""
    is_nowhere: bool = False


def collect() -> int:
    """Keep the links of every article that changed. How many articles that were."""
    done = 0
    while changed := list(_changed()[:AT_ONCE]):
        _keep(changed)
        done += len(changed)
    return done


def _changed() -> EditionQuerySet:
    stale = Q(article__care__links_of=None) | ~Q(article__care__links_of=F("updated_at"))
    return Edition.objects.filter(stale).only("parts", "address", "updated_at", "knowledge_base").order_by("pk")


@transaction.atomic
def _keep(editions: list[Edition]) -> None:
    ArticleLink.objects.filter(edition__in=editions).delete()
    found = {edition.pk: list(targets(edition.parts, at=edition.address)) for edition in editions}
    homes = dict(KnowledgeBase.objects.exclude(community=None).values_list("community__slug", "pk"))
    checks = _checks({target.href for each in found.values() for target in each if target.is_outside})
    links = [_link(edition, target, homes, checks) for edition in editions for target in found[edition.pk]]
    ArticleLink.objects.bulk_create(links, ignore_conflicts=True)
    rows = [Care(article_id=edition.pk, links_of=edition.updated_at) for edition in editions]
    Care.objects.bulk_create(rows, update_conflicts=True, unique_fields=["article"], update_fields=["links_of"])


def _checks(urls: set[str]) -> dict[str, int]:
    LinkCheck.objects.bulk_create([LinkCheck(url=url) for url in sorted(urls)], ignore_conflicts=True)
    return dict(LinkCheck.objects.filter(url__in=urls).values_list("url", "pk"))


def _link(edition: Edition, target: Target, homes: dict[str, int], checks: dict[str, int]) -> ArticleLink:
    home = edition.knowledge_base_id if target.slug is None else homes.get(target.slug)
    is_nowhere = target.is_nowhere or (home is None and not target.is_outside)
    return ArticleLink(
        edition=edition,
        target=target.href,
        check_of_id=checks.get(target.href) if target.is_outside else None,
        home_id=home if target.address else None,
        address=target.address,
        broken_since=timezone.now() if is_nowhere else None,
    )


def targets(parts: Iterable[Part], *, at: str) -> Iterator[Target]:
    """Every link of the article at that address once, however often it stands there."""
    seen: set[str] = set()
    for href in _hrefs(parts):
        bare = href.partition("#")[0].strip()
        if bare and bare not in seen and len(bare) <= LONGEST_LINK and not _holds_facts(bare):
            seen.add(bare)
            target = _target(bare, at)
            if target and len(target.href) <= LONGEST_LINK:
                yield target


def _holds_facts(href: str) -> bool:
    """Such a link leads each community elsewhere."""
    return placeholders.is_marked(href) or bool(placeholders.named(href))


def _hrefs(parts: Iterable[Part]) -> Iterator[str]:
    for part in parts:
        yield from (html.unescape(href) for href in HREF.findall(part.get("html", "")))
        if part.get("live") == "open_in_hub":
            yield part["repository"]


def _target(href: str, at: str) -> Target | None:
    """What is neither of the web nor of this site (a mail address, say) is nobody's to check."""
    home = settings.SITE_URL
    try:
        there = urlsplit(urljoin(f"{home}{LOCAL}{at}/", href))
    except ValueError:
        return Target(href, is_nowhere=True)
    if there.scheme not in {"http", "https"}:
        return None
    return _inside(href, there.path) if there.netloc == urlsplit(home).netloc else Target(there.geturl(), is_outside=True)


def _inside(href: str, path: str) -> Target | None:
    if path.startswith(LOCAL):
        address = path.removeprefix(LOCAL).strip("/")
        return _article(href, None, address) if address and _is_article(path) else None
    try:
        found = resolve(path)
    except Resolver404:
        return Target(href, is_nowhere=True)
    slug = found.kwargs.get("slug")
    if found.view_name in ARTICLES:
        return _article(href, slug, found.kwargs["address"].strip("/"))
    return Target(href, slug=slug) if found.view_name in HOMES and slug else None


def _article(href: str, slug: str | None, address: str) -> Target:
    return Target(href, slug=slug, address=address) if len(address) <= LONGEST_ADDRESS else Target(href, is_nowhere=True)


def _is_article(path: str) -> bool:
    """Not the search page, nor the first page in another language."""
    try:
        found = resolve(path)
    except Resolver404:
        return True
    return found.view_name in ARTICLES and found.kwargs["address"].strip("/") not in dict(settings.LANGUAGES)
