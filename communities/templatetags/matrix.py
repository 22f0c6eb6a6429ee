"""A matrix in words: who does it, for how long, what became of a row."""

from django import template
from django.conf import settings
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.log_actions import registry

from communities.differences import Change, Value
from communities.states import Party
from ground.texts import pick as pick_text

register = template.Library()
MINUTES = 60
FIELD_WORDS: dict[str, str | Promise] = {
    "party": _("Who does it"),
    "person": _("Person"),
    "minutes_quarter": _("Time"),
    "note": _("Note"),
    "text": _("Wording"),
    "row": _("Row"),
}
NOTHING: dict[str, str | Promise] = {"person": _("nobody"), "note": _("no note"), "minutes_quarter": _("not said")}
PART_WORDS: dict[str, str | Promise] = {
    "text": _("Wording"),
    "party": _("Who does it"),
    "role": _("Role"),
    "topics": _("Topics of tickets"),
    "articles": _("Articles"),
}


@register.filter
def party(value: str) -> str:
    """Who it is: we by our name."""
    return settings.OPERATOR_NAME if value == Party.PROVIDER else str(Party(value).label)


@register.filter
def hours(minutes: int | None) -> str:
    """The agreed time: “4 hours a quarter”."""
    if minutes is None:
        return ""
    amount = minutes / MINUTES
    words = number_format(amount, decimal_pos=0 if amount == int(amount) else 2)
    return ngettext("%(hours)s hour a quarter", "%(hours)s hours a quarter", 1 if amount == 1 else 2) % {"hours": words}


@register.filter
def field(change: Change) -> str:
    """What changed, in a word."""
    return str(FIELD_WORDS[change.field])


@register.filter
def before(change: Change) -> str:
    return said(change.field, change.before)


@register.filter
def after(change: Change) -> str:
    return said(change.field, change.after)


@register.filter
def pick(text: dict[str, str] | None) -> str:
    """A text in the reader's language."""
    return pick_text(text) if text else ""


def said(name: str, value: Value) -> str:
    """One side of a change as people say it."""
    if value in {None, ""}:
        return str(NOTHING.get(name, _("nothing")))
    if name == "party":
        return party(str(value))
    return hours(int(value or 0)) if name == "minutes_quarter" else str(value)


@register.filter
def action(key: str) -> str:
    """What happened, as the audit log says it."""
    return str(dict(registry.get_choices()).get(key, key))


@register.filter
def part_word(part: str) -> str:
    """A part of a row of the template."""
    return str(PART_WORDS[part])
