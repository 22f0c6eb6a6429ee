"""The articles that explain a row, on the pages of the responsibility matrix."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.template import Context, Library

from communities.models import Community, MatrixRow
from knowledgebase import explaining
from knowledgebase.explaining import Explained

register = Library()


@register.simple_tag(takes_context=True)
def articles_by_row(context: Context, community: Community, rows: Sequence[MatrixRow]) -> Mapping[str, Sequence[Explained]]:
    """By the key of each row, the articles this reader may read about it. One query."""
    request: Any = context["request"]
    return explaining.articles(community, request.actor, rows)


@register.filter
def of_row(explained: Mapping[str, Sequence[Explained]], key: str) -> Sequence[Explained]:
    return explained.get(key, ()) if explained else ()
