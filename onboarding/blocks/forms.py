"""A form as blocks: a heading, then steps of questions. `form_schema` compiles them, `form_blocks` draws a schema; both ways lossless."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import (
    BlockGroup,
    BooleanBlock,
    CharBlock,
    ChoiceBlock,
    IntegerBlock,
    ListBlock,
    MultipleChoiceBlock,
    StreamBlock,
    StructBlock,
    TextBlock,
)

from onboarding.blocks.conditions import Requires, Types, condition_of, inputs_of
from onboarding.blocks.parts import Document, Json, Words, extra, lines, on_lines, said, unsaid, words
from onboarding.questions.compiling import Schema
from onboarding.questions.kinds import KINDS

PHASE = "phase:"
TYPE_WORDS = {
    "short_text": _("A line of text"),
    "long_text": _("Several lines of text"),
    "slug": _("A short name for an address"),
    "url": _("A web address"),
    "email": _("An e-mail address"),
    "integer": _("A whole number"),
    "yes_no": _("Yes or no"),
    "choice": _("One of several options"),
    "multi_choice": _("Any of several options"),
    "consent": _("A statement to agree to"),
    "country": _("A country"),
    "date": _("A day"),
    "date_range": _("From a day to a day"),
    "date_range_list": _("Several times from a day to a day"),
    "datetime_tz": _("A moment, with its time zone"),
    "daily_hours_tz": _("Hours of the day, with their time zone"),
    "timezone": _("A time zone"),
    "person": _("A person: name and e-mail address"),
    "file_list": _("Files"),
}
TYPES = [(key, TYPE_WORDS.get(key, key)) for key in KINDS]
LEVELS = [
    ("submit", _("to send the form")),
    ("review", _("before reviewers start")),
    ("decision", _("before a decision")),
    ("phase", _("before a phase of the onboarding plan")),
    ("optional", _("never")),
]
STATEMENTS = [("privacy", _("the privacy notice")), ("terms", _("the terms of use")), ("accessibility", _("the accessibility statement"))]
LINES = ("feeds",)
PLAIN = ("pending", "pii", "verify", "later", "max_chars", "max_files", "max_mb", "min", "not_before", "statement", "autocomplete")
ALWAYS = frozenset({"key", "type", "required", "label", "hint"})
DRAWN = frozenset({"options", "requires", *ALWAYS, *PLAIN, *LINES})
OF_FORM = frozenset({"schema", "key", "languages", "title", "intro", "steps"})
OF_STEP = frozenset({"key", "title", "intro", "requires", "fields"})


class Option(StructBlock):
    """One choice: its key is stored with answers, its words are shown."""

    key = CharBlock(required=False, label=_("Key"), help_text=_("Stored with answers. A choice with another meaning needs another key."))
    label = Words(label=_("Words"))

    class Meta:
        icon = "radio-empty"
        label_format = "{key} · {label}"
        collapsed = True


class Question(StructBlock):
    """One question."""

    key = CharBlock(required=False, label=_("Key"), help_text=_("Answers are kept under it. The same key is the same question, for good."))
    type = ChoiceBlock(choices=TYPES, default="short_text", label=_("Kind of answer"))
    required = ChoiceBlock(choices=LEVELS, default="optional", label=_("An answer is needed"))
    phase = CharBlock(required=False, label=_("Phase"), help_text=_("The key of the phase, where one is chosen above."))
    label = Words(label=_("Question"))
    hint = Words(is_long=True, label=_("Hint and example"))
    options = ListBlock(Option(), default=[], collapsed=True, label=_("Options"))
    requires = Requires(label=_("When it is asked"))
    pending = BooleanBlock(required=False, label=_("“I don’t know yet” is an answer"))
    pii = BooleanBlock(required=False, label=_("Says something about a person (pii)"))
    verify = BooleanBlock(required=False, label=_("The address we confirm and write to"))
    max_chars = IntegerBlock(required=False, min_value=1, label=_("Most characters"))
    max_files = IntegerBlock(required=False, min_value=1, label=_("Most files"))
    max_mb = IntegerBlock(required=False, min_value=1, label=_("Most megabytes of a file"))
    min = IntegerBlock(required=False, label=_("Least number"))
    not_before = CharBlock(required=False, label=_("Not before"), help_text=_("The key of another question that asks for a day."))
    autocomplete = CharBlock(required=False, label=_("What browsers may fill in"), help_text=_("For example, email or organization."))
    statement = ChoiceBlock(choices=STATEMENTS, required=False, label=_("What somebody agrees to"))
    feeds = TextBlock(required=False, rows=2, label=_("Read later by"), help_text=_("One a line, for those who edit."))
    later = BooleanBlock(required=False, label=_("Kept here, not asked yet"))
    earlier_key = CharBlock(
        required=False,
        label=_("Its key until now"),
        help_text=_("When the key above is new for a question that was asked before: answers move along."),
    )
    more = Json()

    class Meta:
        icon = "help"
        label_format = "{key} · {label}"
        form_layout = BlockGroup(
            ["key", "label", "hint", "type", "options", "required", "requires"],
            settings=[
                "phase",
                "pending",
                "pii",
                "verify",
                "max_chars",
                "max_files",
                "max_mb",
                "min",
                "not_before",
                "statement",
                "autocomplete",
                "feeds",
                "later",
                "earlier_key",
                "more",
            ],
        )


class Step(StructBlock):
    """One page with one idea."""

    key = CharBlock(required=False, label=_("Key"))
    title = Words(label=_("Title"))
    intro = Words(is_long=True, label=_("Introduction"))
    requires = Requires(label=_("When this page is shown"))
    questions = ListBlock(Question(), default=[], collapsed=True, label=_("Questions"))
    more = Json()

    class Meta:
        icon = "doc-empty"
        label = _("Page")
        label_format = "{key} · {title}"
        form_layout = BlockGroup(["key", "title", "intro", "requires", "questions"], settings=["more"])


class Heading(StructBlock):
    """What the whole form is called, and the languages it promises."""

    languages = MultipleChoiceBlock(choices=settings.LANGUAGES, required=False, label=_("Languages it is offered in"))
    title = Words(label=_("Title"))
    intro = Words(is_long=True, label=_("Introduction"))
    more = Json()

    class Meta:
        icon = "title"
        label = _("Heading")
        form_layout = BlockGroup(["languages", "title", "intro"], settings=["more"])


class FormBody(StreamBlock):
    """A whole form."""

    heading = Heading()
    step = Step()

    class Meta:
        block_counts = {"heading": {"min_num": 1, "max_num": 1}}
        collapsed = True


FORM = FormBody()
Block = Mapping[str, Any]


def form_schema(body: Any, *, key: str) -> Schema:
    """The schema that the blocks say; what is not written yet is left out, for `linting`."""
    heading = next((block.value for block in body if block.block_type == "heading"), FORM.child_blocks["heading"].get_default())
    steps = [block.value for block in body if block.block_type == "step"]
    types = {question["key"]: question["type"] for step in steps for question in step["questions"]}
    return {
        "schema": 1,
        "key": key,
        "languages": _in_order(heading["languages"] or ()),
        "title": words(heading["title"]),
        "intro": words(heading["intro"]),
        **extra(heading["more"], OF_FORM, OF_FORM),
        "steps": [_step_document(step, types) for step in steps],
    }


def earlier_keys(body: Any) -> dict[str, str]:
    """The renames that the blocks say, new key to old."""
    questions = [question for block in body if block.block_type == "step" for question in block.value["questions"]]
    return {each["key"]: each["earlier_key"] for each in questions if each["earlier_key"] and each["earlier_key"] != each["key"]}


def form_blocks(schema: Schema) -> list[dict[str, Any]]:
    """The blocks for a schema, as a stream keeps them."""
    types = {field["key"]: field["type"] for step in schema["steps"] for field in step["fields"]}
    heading = {
        "languages": list(schema["languages"]),
        "title": dict(schema["title"]),
        "intro": dict(schema["intro"]),
        "more": unsaid({name: value for name, value in schema.items() if name not in OF_FORM}, ()),
    }
    return [{"type": "heading", "value": heading}, *({"type": "step", "value": _step_block(step, types)} for step in schema["steps"])]


def _in_order(languages: Iterable[str]) -> list[str]:
    return [code for code, _name in settings.LANGUAGES if code in languages]


def _step_document(step: Block, types: Types) -> dict[str, Any]:
    return {
        "key": step["key"],
        "title": words(step["title"]),
        "intro": words(step["intro"]),
        **said({"requires": condition_of(step["requires"], types)}),
        **extra(step["more"], OF_STEP, OF_STEP),
        "fields": [_field_document(question, types) for question in step["questions"]],
    }


def _field_document(question: Block, types: Types) -> dict[str, Any]:
    level = f"{PHASE}{question['phase']}" if question["required"] == "phase" else question["required"]
    options = [{"key": option["key"], "label": words(option["label"])} for option in question["options"]]
    return {
        "key": question["key"],
        "type": question["type"],
        "required": level,
        "label": words(question["label"]),
        "hint": words(question["hint"]),
        **said({name: question[name] for name in PLAIN}),
        **said({name: lines(question[name]) for name in LINES}),
        **said({"options": options, "requires": condition_of(question["requires"], types)}),
        **extra(question["more"], DRAWN, ALWAYS),
    }


def _step_block(step: Document, types: Types) -> dict[str, Any]:
    return {
        "key": step["key"],
        "title": dict(step["title"]),
        "intro": dict(step["intro"]),
        "requires": inputs_of(step.get("requires"), types),
        "questions": [_question_block(field, types) for field in step["fields"]],
        "more": unsaid({name: value for name, value in step.items() if name not in OF_STEP}, ()),
    }


def _question_block(field: Document, types: Types) -> dict[str, Any]:
    level = field.get("required", "optional")
    is_phase = level.startswith(PHASE)
    shown = {name: value for name, value in field.items() if name not in ("label", "hint")}
    return {
        "key": field["key"],
        "type": field["type"],
        "required": "phase" if is_phase else level,
        "phase": level.removeprefix(PHASE) if is_phase else "",
        "label": dict(field["label"]),
        "hint": dict(field["hint"]),
        "options": [{"key": option["key"], "label": dict(option["label"])} for option in field.get("options", ())],
        "requires": inputs_of(field.get("requires"), types),
        **{name: field.get(name) for name in ("max_chars", "max_files", "max_mb", "min")},
        **{name: bool(field.get(name)) for name in ("pending", "pii", "verify", "later")},
        **{name: field.get(name, "") for name in ("not_before", "statement", "autocomplete")},
        "feeds": on_lines(field.get("feeds", ())),
        "earlier_key": "",
        "more": unsaid(shown, DRAWN),
    }
