"""A draft in the editor's preview."""

from typing import Any

from django.template import Context, Library

from knowledgebase.models import Article
from knowledgebase.previewing import Draft, as_read

register = Library()


@register.simple_tag(takes_context=True)
def drafted(context: Context, article: Article) -> Draft | None:
    """The article as its readers would see it, for who edits it."""
    request: Any = context["request"]
    return as_read(article, request.actor)
