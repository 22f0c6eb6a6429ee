"""What a community update is made of."""

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StreamBlock, StructBlock

from knowledgebase.blocks import MarkdownBlock


class Words(StructBlock):
    """A heading and text below it."""

    heading = CharBlock(required=False, max_length=120, label=_("Heading"))
    text = MarkdownBlock()


class Numbers(StructBlock):
    """Where the numbers of the month stand, and what is said about them."""

    heading = CharBlock(required=False, max_length=120, label=_("Heading"))
    text = MarkdownBlock(required=False)

    class Meta:
        icon = "table"
        label = _("Numbers of the month")


BODY = StreamBlock(
    [
        ("introduction", MarkdownBlock(label=_("Introduction"), icon="pilcrow")),
        ("facts", Numbers()),
        ("highlights", Words(label=_("Highlights"), icon="pick")),
        ("next", Words(label=_("What comes next"), icon="date")),
    ],
    block_counts={"facts": {"max_num": 1}},
)
