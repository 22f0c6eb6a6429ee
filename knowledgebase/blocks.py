"""What an article is made of: text in Markdown, and blocks for what Markdown cannot say."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ChoiceBlock, ListBlock, StreamBlock, StructBlock, TextBlock, URLBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock


class Tone(models.TextChoices):
    """What a callout is for."""

    NOTE = "note", _("Note")
    TIP = "tip", _("Tip")
    IMPORTANT = "important", _("Important")
    WARNING = "warning", _("Warning")


class RequestKind(models.TextChoices):
    """What a request block asks for; the values are the kinds of hub requests."""

    NEW_HUB = "new-hub", _("A new hub")
    EVENT = "event", _("An event or a workshop")
    CHANGE = "change", _("A change to a hub")
    DECOMMISSION = "decommission", _("The end of a hub")


MARKDOWN_HINT = _("Markdown: # heading, **bold**, - list, [words](address).")


class MarkdownBlock(TextBlock):
    """Text in Markdown."""

    class Meta:
        icon = "pilcrow"
        label = _("Text")

    def __init__(self, *, required: bool = True, help_text: "str | Promise" = MARKDOWN_HINT, **kwargs: Any) -> None:
        super().__init__(required=required, help_text=help_text, rows=8, **kwargs)


class Callout(StructBlock):
    """A paragraph that stands out."""

    tone = ChoiceBlock(choices=Tone.choices, default=Tone.NOTE, label=_("Kind"))
    title = CharBlock(required=False, max_length=120, label=_("Title"))
    text = MarkdownBlock()

    class Meta:
        icon = "info-circle"
        label = _("Callout")


class Figure(StructBlock):
    """An image with the words that replace it for who cannot see it."""

    image = ImageChooserBlock(label=_("Image"))
    alt = CharBlock(
        required=False,
        max_length=300,
        label=_("Description"),
        help_text=_("What the image shows, for who cannot see it. Empty if it only decorates."),
    )
    caption = CharBlock(required=False, max_length=300, label=_("Caption"))

    class Meta:
        icon = "image"
        label = _("Figure")


class Code(StructBlock):
    """Code to read or copy."""

    language = CharBlock(required=False, max_length=30, label=_("Language"), help_text=_("For its colours: python, bash, yaml …"))
    code = TextBlock(rows=6, label=_("Code"))

    class Meta:
        icon = "code"
        label = _("Code")


class Table(StructBlock):
    """A simple table: a line each row, cells divided by a bar, the first row is the heading."""

    caption = CharBlock(required=False, max_length=200, label=_("Caption"))
    rows = TextBlock(rows=5, label=_("Rows"), help_text=_("One line each row, cells divided by |. The first line is the heading."))

    class Meta:
        icon = "table"
        label = _("Table")


class Step(StructBlock):
    """One step."""

    title = CharBlock(max_length=150, label=_("What to do"))
    text = MarkdownBlock(required=False)


class Steps(StructBlock):
    """Steps to follow in order."""

    steps = ListBlock(Step(), min_num=1, label=_("Steps"))

    class Meta:
        icon = "list-ol"
        label = _("Steps")


class Download(StructBlock):
    """A file to download."""

    document = DocumentChooserBlock(label=_("File"))
    words = CharBlock(required=False, max_length=120, label=_("Words on the link"))

    class Meta:
        icon = "download"
        label = _("Download")


class HubFacts(StructBlock):
    """What the reader's community runs: filled in from its hubs while reading."""

    title = CharBlock(required=False, max_length=120, label=_("Title"))

    class Meta:
        icon = "site"
        label = _("Hub facts")


class OpenInHub(StructBlock):
    """A link that fetches a repository into the reader's own folder on the hub and opens it there."""

    words = CharBlock(max_length=120, label=_("Words on the link"))
    repository = URLBlock(label=_("Repository"), help_text=_("https address of a Git repository."))
    branch = CharBlock(default="main", max_length=100, label=_("Branch"))
    path = CharBlock(required=False, max_length=300, label=_("File or folder to open"))

    class Meta:
        icon = "link-external"
        label = _("Open in hub")

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        URLValidator(schemes=["https"])(cleaned["repository"])
        if cleaned["path"].startswith("/") or ".." in cleaned["path"].split("/"):
            raise ValidationError(_("Write the path from the repository's root."))
        return cleaned


class Request(StructBlock):
    """A door to a hub request, from inside the text."""

    kind = ChoiceBlock(choices=RequestKind.choices, label=_("Ask for"))
    words = CharBlock(required=False, max_length=200, label=_("Sentence above the button"))

    class Meta:
        icon = "tasks"
        label = _("Hub request")


class AskSupport(StructBlock):
    """A door to a new ticket, from inside the text."""

    words = CharBlock(required=False, max_length=200, label=_("Sentence above the button"))
    subject = CharBlock(required=False, max_length=150, label=_("Subject to begin with"))

    class Meta:
        icon = "help"
        label = _("Ask support")


class Body(StreamBlock):
    """The text of an article."""

    text = MarkdownBlock()
    callout = Callout()
    figure = Figure()
    code = Code()
    table = Table()
    steps = Steps()
    download = Download()
    hub_facts = HubFacts()
    open_in_hub = OpenInHub()
    request = Request()
    ask_support = AskSupport()


BODY = Body()
LIVE = frozenset({"hub_facts", "open_in_hub", "request", "ask_support"})  # depend on who reads, so they are filled while serving
