"""Notices in words."""

from django import template

from support.models import Notice
from support.notices import saying

register = template.Library()


@register.filter
def sentence(notice: Notice) -> str:
    """What happened, in the reader's language."""
    return saying.sentence(notice)
