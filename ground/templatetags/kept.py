"""A part of pages that is the same for many of them: written once for each language, and kept; what differs from page to page is filled in."""

import secrets
from collections.abc import Hashable, Mapping
from typing import Any

from django.template import Context, Library, Node, NodeList, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = Library()
MOST = 200
MARK = secrets.token_hex(8)  # nobody can write what stands for what is filled in


class Kept(Node):
    """Its inside knows nothing of the page but what is named, so that nothing else can be kept with it."""

    child_nodelists = ("inside",)

    def __init__(self, inside: NodeList, of: Mapping[str, FilterExpression], filled: Mapping[str, FilterExpression]) -> None:
        self.inside, self.of, self.filled = inside, of, filled
        self.known: dict[Hashable, list[str]] = {}

    def render(self, context: Context) -> SafeString:
        of = {name: value.resolve(context) for name, value in self.of.items()}
        filled = {name: str(value.resolve(context) or "") for name, value in self.filled.items()}
        key = (get_language(), *of.values(), *(not value for value in filled.values()))
        parts = self.known.get(key)
        if parts is None:
            if len(self.known) >= MOST:
                self.known.clear()  # another thread may do the same: what it took out is in its hands
            parts = self.known[key] = self._written(context, of, filled)
        values = {name: conditional_escape(value) for name, value in filled.items()}
        return mark_safe("".join(values[part] if place % 2 else part for place, part in enumerate(parts)))  # noqa: S308  a template's own, and escaped

    def _written(self, context: Context, of: Mapping[str, Any], filled: Mapping[str, str]) -> list[str]:
        """Text, the name of what is filled in, text, and so on."""
        standing = {name: value and f"{MARK}-{name}-{MARK}" for name, value in filled.items()}
        pieces = self.inside.render(context.new({**of, **standing})).split(MARK)
        return [piece[1:-1] if place % 2 else piece for place, piece in enumerate(pieces)]


@register.tag
def kept(parser: Parser, token: Token) -> Kept:
    """`{% kept a=x b=y fills c=z %}…{% endkept %}`: kept for each a and b; each c is a text that is filled in where it stands."""
    _name, *bits = token.split_contents()
    of = token_kwargs(bits, parser)
    filled = token_kwargs(bits[1:], parser) if bits and bits[0] == "fills" else {}
    if bits and not filled:
        raise TemplateSyntaxError("kept takes a=x … fills b=y …")
    inside = parser.parse(("endkept",))
    parser.delete_first_token()
    return Kept(inside, of, filled)
