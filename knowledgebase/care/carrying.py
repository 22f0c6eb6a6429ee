"""What readers read at one address is another page's from now on: what hung on the page before goes along."""

from django.db.models import Exists, OuterRef

from knowledgebase.care.desk import desk
from knowledgebase.models import Care, Vote


def carry(article_id: int, *, to: int) -> None:
    """Votes, when it was last looked at, and what the desk knows of it. Links are collected anew each night."""
    again = Vote.objects.filter(article=to, version=OuterRef("version"), reader=OuterRef("reader"))
    Vote.objects.filter(~Exists(again), article=article_id).update(article=to)
    care = Care.objects.filter(article=article_id).first()
    if care is not None:
        said = {"looked_at": care.looked_at, "looked_by_id": care.looked_by_id, "hub_values": care.hub_values}
        Care.objects.update_or_create(article_id=to, defaults=said)
    desk().carry(article_id, to=to)
