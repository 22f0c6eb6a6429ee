"""A statement's Markdown on a page."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from onboarding import statements

register = template.Library()


@register.filter
def as_page(markdown: str) -> SafeString:
    """The Markdown as HTML that was made safe."""
    return mark_safe(statements.html(markdown))  # noqa: S308  cleaned in ground.sanitising
