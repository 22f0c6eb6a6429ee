"""What an article is made of: text in Markdown, and blocks for what Markdown cannot say."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.forms import CheckboxSelectMultiple
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import (
    BooleanBlock,
    CharBlock,
    ChoiceBlock,
    ListBlock,
    MultipleChoiceBlock,
    StreamBlock,
    StructBlock,
    StructBlockValidationError,
    TextBlock,
    URLBlock,
)
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock


class Tone(models.TextChoices):
    """What a callout is for."""

    NOTE = "note", _("Note")
    TIP = "tip", _("Tip")
    IMPORTANT = "important", _("Important")
    WARNING = "warning", _("Warning")


class Width(models.TextChoices):
    """How much of the column a figure takes."""

    FULL = "", _("As wide as it is")
    MEDIUM = "medium", _("Two thirds")
    SMALL = "small", _("One third")


class RequestKind(models.TextChoices):
    """What a request block asks for; the values are the kinds of hub requests."""

    NEW_HUB = "new-hub", _("A new hub")
    EVENT = "event", _("An event or a workshop")
    CHANGE = "change", _("A change to a hub")
    DECOMMISSION = "decommission", _("The end of a hub")


class HubFact(models.TextChoices):
    """What hub facts tell beside the address."""

    IMAGES = "images", _("Images")
    MEMORY = "memory", _("Memory")
    STORAGE = "storage", _("Storage")


class App(models.TextChoices):
    """Where a fetched repository opens."""

    LAB = "lab", _("JupyterLab")
    CLASSIC = "classic", _("The classic notebook")
    RSTUDIO = "rstudio", _("RStudio")


MARKDOWN_HINT = _("Markdown: # heading, **bold**, - list, [words](address). “What you can write” above lists the rest.")
FILM_ENDINGS, CAPTION_ENDINGS = frozenset({"mp4", "webm"}), frozenset({"vtt"})
BRANCH = re.compile(r"(?!.*\.\.)[\w][\w./+-]*")


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
    folded = BooleanBlock(required=False, label=_("Folded"), help_text=_("Only the title shows until the reader opens it."))

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
    width = ChoiceBlock(required=False, choices=Width.choices[1:], label=_("Width"))

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


class Tab(StructBlock):
    """One of several ways."""

    title = CharBlock(max_length=60, label=_("Words on the tab"))
    text = MarkdownBlock()


class Tabs(StructBlock):
    """The same thing in several ways, of which a reader needs one."""

    tabs = ListBlock(
        Tab(), min_num=2, max_num=8, label=_("Tabs"), help_text=_("For example one for each system or program. All are printed.")
    )

    class Meta:
        icon = "tablet-alt"
        label = _("Tabs")


class Video(StructBlock):
    """A film of our own, with what is said in it for who cannot hear, and what is shown for who cannot see."""

    video = DocumentChooserBlock(label=_("Film"), help_text=_("An MP4 or WebM file, at most 50 MB."))
    title = CharBlock(max_length=150, label=_("Title"))
    captions = DocumentChooserBlock(required=False, label=_("Captions"), help_text=_("A WebVTT file (.vtt) with what is said."))
    transcript = MarkdownBlock(
        required=False, label=_("Description"), help_text=_("What is said and shown, in words. For who cannot hear, see or load the film.")
    )

    class Meta:
        icon = "media"
        label = _("Video")

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        errors: dict[str, ValidationError] = {}
        if cleaned["video"].file_extension not in FILM_ENDINGS:
            errors["video"] = ValidationError(gettext("Choose an MP4 or WebM file."))
        if cleaned["captions"] and cleaned["captions"].file_extension not in CAPTION_ENDINGS:
            errors["captions"] = ValidationError(gettext("Choose a WebVTT file (.vtt)."))
        if not cleaned["captions"] and not cleaned["transcript"].strip():
            errors["transcript"] = ValidationError(gettext("Add captions or a description, so that nobody is left out."))
        if errors:
            raise StructBlockValidationError(block_errors=errors)
        return cleaned


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
    shows = MultipleChoiceBlock(
        choices=HubFact.choices,
        default=HubFact.values,
        required=False,
        widget=CheckboxSelectMultiple,
        label=_("What it shows"),
        help_text=_("Beside the hub's name and address. What is not known of a hub is left out."),
    )

    class Meta:
        icon = "site"
        label = _("Hub facts")


class OpenInHub(StructBlock):
    """A link that fetches a repository into the reader's own folder on the hub and opens it there."""

    words = CharBlock(max_length=120, label=_("Words on the link"))
    repository = URLBlock(label=_("Repository"), help_text=_("https address of a Git repository that everybody may read."))
    branch = CharBlock(default="main", max_length=100, label=_("Branch"))
    path = CharBlock(
        required=False, max_length=300, label=_("File or folder to open"), help_text=_("From the repository's root: week-1/start.ipynb")
    )
    app = ChoiceBlock(choices=App.choices, default=App.LAB, label=_("Open it in"))

    class Meta:
        icon = "link-external"
        label = _("Open in hub")
        form_classname = "struct-block open-in-hub"

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        errors = problems_of_link(cleaned["repository"], cleaned["branch"], cleaned["path"])
        if errors:
            raise StructBlockValidationError(block_errors={name: ValidationError(words) for name, words in errors.items()})
        return cleaned


def problems_of_link(repository: str, branch: str, path: str) -> dict[str, str]:
    """By field, what keeps such a link from working."""
    problems: dict[str, str] = {}
    try:
        URLValidator(schemes=["https"])(repository)
        if urlsplit(repository).username or urlsplit(repository).query:
            problems["repository"] = gettext("Leave out names, passwords and what follows a question mark: everybody reads this address.")
    except ValidationError:
        problems["repository"] = gettext("Write an address that begins with https://")
    if BRANCH.fullmatch(branch) is None:
        problems["branch"] = gettext("Write the name of a branch, such as main.")
    if path.startswith("/") or ".." in path.split("/"):
        problems["path"] = gettext("Write the path from the repository's root.")
    return problems


class Request(StructBlock):
    """A door to a hub request, from inside the text."""

    kind = ChoiceBlock(choices=RequestKind.choices, label=_("Ask for"))
    words = CharBlock(
        required=False,
        max_length=200,
        label=_("Sentence above the button"),
        help_text=_("Readers who may ask come to the form with what we know of their hub filled in."),
    )

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
    tabs = Tabs()
    video = Video()
    download = Download()
    hub_facts = HubFacts()
    open_in_hub = OpenInHub()
    request = Request()
    ask_support = AskSupport()


BODY = Body()
LIVE = frozenset({"hub_facts", "open_in_hub", "request", "ask_support"})  # depend on who reads, so they are filled while serving
MARKDOWN = frozenset({"text", "rows", "caption", "transcript"})  # fields of blocks that hold it, beside the titles of steps

ROWS = {"steps": ("title", "text"), "tabs": ("text",)}  # lists of rows, and what of a row is Markdown


def each_text(kind: str, value: Any, change: Callable[[str], str]) -> Any:
    """The plain value of a block of that kind with whatever is Markdown in it changed."""
    if kind == "text":
        return change(value)
    return {name: _each_text(name, part, change) for name, part in value.items()}


def texts_of(kind: str, value: Any) -> list[str]:
    """Whatever is Markdown in a block, in reading order."""
    found: list[str] = []

    def keep(text: str) -> str:
        found.append(text)
        return text

    each_text(kind, value, keep)
    return found


def _each_text(name: str, part: Any, change: Callable[[str], str]) -> Any:
    if name in ROWS:
        return [{**row, **{field: change(row[field]) for field in ROWS[name]}} for row in part]
    return change(part) if name in MARKDOWN and isinstance(part, str) else part
