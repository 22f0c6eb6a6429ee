"""Who can really read an article, in words for its editor."""

from collections.abc import Iterable
from typing import Any

from django.template import Library
from wagtail.models import Page

from knowledgebase import audiences

register = Library()


@register.simple_tag
def readers_of(panel: Any) -> str:
    """Of the article that this panel edits: a page that is not there yet stands below the one it is being made in."""
    return audiences.in_words(panel.instance, list(_above(panel)))


def _above(panel: Any) -> Iterable[Page]:
    if panel.instance.path:
        return panel.instance.get_ancestors().specific()
    parent = getattr(panel.form, "parent_page", None)
    return parent.get_ancestors(inclusive=True).specific() if parent else []
