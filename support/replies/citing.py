"""Which articles a letter points at."""

import html
import re
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q
from django.urls import Resolver404, resolve

from knowledgebase.models import Edition
from support.models import Citation, Message

LINK = re.compile(r'<a [^>]*href="([^"]+)"')
ARTICLES = frozenset({"knowledgebase:article", "knowledgebase:community_article"})


def record(message: Message) -> list[Citation]:
    """Keep the articles that the letter links to. Without a link to one it asks nothing of the database."""
    places = {place for link in LINK.findall(message.body_html) if (place := _place(html.unescape(link)))}
    if not places:
        return []
    wanted = Q()
    for slug, address in places:
        wanted |= Q(address=address) & (Q(knowledge_base__community=None) | Q(knowledge_base__community__slug=slug))
    own = Edition.objects.filter(wanted).select_related("knowledge_base").only("article", "address", "knowledge_base")
    chosen = {edition.address: edition for edition in sorted(own, key=lambda each: each.knowledge_base.community_id is not None)}
    rows = [Citation(ticket=message.ticket, message=message, article_id=edition.pk) for edition in chosen.values()]
    return Citation.objects.bulk_create(rows, ignore_conflicts=True)


def _place(link: str) -> tuple[str, str] | None:
    """The community and address that a link of ours to an article names."""
    parts = urlsplit(link)
    if parts.netloc and parts.netloc != urlsplit(settings.SITE_URL).netloc:
        return None
    try:
        found = resolve(parts.path)
    except Resolver404:
        return None
    return (found.kwargs.get("slug", ""), found.kwargs["address"]) if found.view_name in ARTICLES else None
