"""Which links between articles lead nowhere: looked up in two statements, however many there are."""

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from knowledgebase.models import ArticleLink, Edition


def look_up() -> None:
    """Mark links to articles that are gone, and unmark those to articles that are there again."""
    there = Edition.objects.filter(address=OuterRef("address"))
    known = Exists(there.filter(Q(knowledge_base=OuterRef("home")) | Q(knowledge_base__community=None)))
    into_articles = ArticleLink.objects.exclude(address="").exclude(home=None)
    into_articles.filter(~known, broken_since=None).update(broken_since=timezone.now())
    into_articles.filter(known, broken_since__isnull=False).update(broken_since=None)
