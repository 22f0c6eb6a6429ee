"""Old addresses lead on: what a renamed, moved or imported article was found under before."""

from django.db.models import F, Q

from communities.models import Community
from knowledgebase.models import Article, Edition, EditionQuerySet, FormerAddress, KnowledgeBase

LONGEST = 255


def remember(knowledge_base: KnowledgeBase | int, old_address: str, article: Article | int) -> None:
    """From now on that address leads to this article, wherever it goes. Remembering again changes only to whom."""
    address = old_address.strip("/")
    if not address or len(address) > LONGEST:
        return
    FormerAddress.objects.update_or_create(knowledge_base_id=_key(knowledge_base), address=address, defaults={"article_id": _key(article)})


def find(address: str, *, within: EditionQuerySet, community: Community | None = None) -> Edition | None:
    """The edition that once had this address in its knowledge base or that community's, if it is among those this reader finds. One query.

    What a community reads in the place of a shared article has the old addresses of that one too.
    """
    former = FormerAddress.objects.filter(address=address.strip("/"))
    itself = Edition.objects.filter(article__former_addresses__in=former, article__former_addresses__knowledge_base=F("knowledge_base"))
    replaced = former.filter(knowledge_base__community=None).values("article")
    meant = Q(pk__in=itself.values("pk")) | Q(in_place_of__in=replaced)
    if community is not None:  # the community gave its own article up for a shared one
        own = former.filter(knowledge_base__community=community).values("article")
        meant |= Q(pk__in=own) | Q(in_place_of__in=own)
    found = within.filter(meant)
    return found.select_related("knowledge_base").in_reading_order().first()


def _key(row: KnowledgeBase | Article | int) -> int:
    return row if isinstance(row, int) else row.pk
