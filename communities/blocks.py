"""The blocks in which an operator writes the template of responsibilities."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from communities.roles import MATRIX_ROLES
from communities.states import Party

KEY = r"^[a-z0-9_]+(\.[a-z0-9_]+)?$"
BAD_KEY = {"invalid": _("Use small letters, digits and one dot, as in day.accounts.")}


def text_by_language(label: object) -> blocks.StructBlock:
    """A text in every language of the site; publishing asks for those that are missing."""
    return blocks.StructBlock(
        [(code, blocks.CharBlock(required=code == "en", max_length=300, label=name)) for code, name in settings.LANGUAGES], label=label
    )


class RowBlock(blocks.StructBlock):
    """One responsibility."""

    key = blocks.RegexBlock(
        KEY, label=_("Key"), max_length=60, error_messages=BAD_KEY, help_text=_("Tickets and articles point to it. It never changes.")
    )
    text = text_by_language(_("What is to be done"))
    party = blocks.ChoiceBlock(choices=Party.choices, default=Party.UNSET, label=_("Who does it by default"))
    role = blocks.ChoiceBlock(choices=[(word, _(word)) for word in MATRIX_ROLES], required=False, label=_("Role on that side"))
    topics = blocks.ListBlock(
        blocks.CharBlock(max_length=60), default=[], label=_("Topics of tickets"), help_text=_("Words in a ticket that speak of this row.")
    )
    articles = blocks.ListBlock(
        blocks.CharBlock(max_length=255),
        default=[],
        label=_("Articles"),
        help_text=_("Addresses in the shared knowledge base, as in running-a-hub/add-people."),
    )

    class Meta:
        label = _("Responsibility")
        icon = "list-ul"


class AreaBlock(blocks.StructBlock):
    """One area with its responsibilities."""

    key = blocks.RegexBlock(KEY, label=_("Key"), max_length=40, error_messages=BAD_KEY)
    title = text_by_language(_("Title"))
    rows = blocks.ListBlock(RowBlock(), collapsed=True, label=_("Responsibilities"))

    class Meta:
        label = _("Area")
        icon = "folder-open-inverse"


AREAS = [("area", AreaBlock())]
