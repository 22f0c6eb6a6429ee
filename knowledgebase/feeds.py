"""What was published or updated, newest first, as an Atom feed: of the shared knowledge base, or of a community's."""

from collections.abc import Iterable

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language

from knowledgebase import reading
from knowledgebase.filling import Frame
from knowledgebase.models import Edition

MOST = 50


def feed_of(frame: Frame, editions: Iterable[Edition]) -> Atom1Feed:
    """The feed of those articles as this reader finds them in that frame."""
    home = f"{settings.SITE_URL}{frame.home}"
    feed = Atom1Feed(
        title=f"{frame.title} · {settings.OPERATOR_NAME}",
        link=home,
        description="",
        language=get_language(),
        feed_url=f"{home}feed.xml",
        author_name=settings.OPERATOR_NAME,
    )
    for edition in editions:
        feed.add_item(
            title=edition.title,
            link=f"{settings.SITE_URL}{reading.url_in(frame, edition)}",
            description=edition.summary,
            unique_id=identifier(edition),
            pubdate=edition.article.first_published_at,
            updateddate=edition.published_at,
        )
    return feed


def identifier(edition: Edition) -> str:
    """The same for ever, wherever the article is moved (RFC 4151)."""
    return f"tag:{settings.SITE_URL.partition('://')[2].partition(':')[0]},2026:article:{edition.pk}"
