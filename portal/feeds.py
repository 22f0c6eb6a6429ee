"""Published updates, newest first, as an Atom feed: those for all, or a community's for its people."""

from collections.abc import Iterable

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from communities.models import Community
from portal.models import CommunityUpdate

MOST = 24


def feed_of(community: Community | None, updates: Iterable[CommunityUpdate], *, path: str) -> Atom1Feed:
    """The feed of those updates; `path` is where their list stands."""
    home = f"{settings.SITE_URL}{path}"
    whose = str(community) if community else settings.OPERATOR_NAME
    feed = Atom1Feed(
        title=f"{_('Updates')} · {whose}",
        link=home,
        description="",
        language=get_language(),
        feed_url=f"{home}feed.xml",
        author_name=settings.OPERATOR_NAME,
    )
    for update in updates:
        feed.add_item(
            title=update.title,
            link=f"{settings.SITE_URL}{update.get_absolute_url()}?language={update.language}",
            description=next((block.value for block in update.body if block.block_type == "introduction"), ""),
            unique_id=_identifier(update),
            pubdate=update.first_published_at,
            updateddate=update.last_published_at,
        )
    return feed


def _identifier(update: CommunityUpdate) -> str:
    """The same for ever (RFC 4151)."""
    return f"tag:{settings.SITE_URL.partition('://')[2].partition(':')[0]},2026:update:{update.pk}"
