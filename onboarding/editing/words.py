"""Statements and letter templates in the editor: a draft with a text a language, checked and frozen when it is published."""

from functools import cached_property
from typing import Any

from django import forms
from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, HelpPanel, ObjectList, TabbedInterface
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import EditView, SnippetViewSet, SnippetViewSetGroup

from ground.actors import Actor
from onboarding import letter_words, wordings
from onboarding.access import EDIT_WORDS
from onboarding.models import LetterTemplate, Statement

LABELS = {"title": gettext_lazy("Title"), "subject": gettext_lazy("Subject"), "body": gettext_lazy("Text")}
SOME_ROWS = 24


class ByOperators(ModelPermissionPolicy):
    """Operators change and publish what `setup` made; nobody adds or deletes a statement or a template."""

    ACTIONS = frozenset({"view", "change", "publish", "lock", "unlock"})

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in self.ACTIONS and user.is_authenticated and EDIT_WORDS.is_held_by(Actor.person(user))


class TextOf(models.TextField[Any, Any]):
    """One part of the texts in one language, as history compares it; a column of no table."""

    def __init__(self, part: str, language: str) -> None:
        super().__init__(verbose_name=f"{LABELS[part]} ({language})", blank=True)
        self.part, self.language = part, language

    def value_from_object(self, obj: Any) -> str:
        return str(obj.texts.get(self.language, {}).get(self.part, ""))


class TextPanel(FieldPanel):
    """A text's field, which history can compare."""

    @cached_property
    def db_field(self) -> TextOf:
        part, _underscore, language = self.field_name.rpartition("_")
        return TextOf(part, language)


class WordsForm(WagtailAdminModelForm):
    """The texts as one field a language and part. A draft may lack something; what is published may not."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for language, _label in settings.LANGUAGES:
            for part in self.instance.PARTS:
                self.initial.setdefault(f"{part}_{language}", self.instance.texts.get(language, {}).get(part, ""))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        self.instance.texts = wordings.tidy(
            {
                language: {part: data.get(f"{part}_{language}", "") for part in self.instance.PARTS}
                for language, _label in settings.LANGUAGES
            }
        )
        if not self.is_deferred_validation:
            for language, part, problem in self.problems(self.instance.texts):
                self.add_error(f"{part}_{language}", problem)
        return data

    def problems(self, texts: wordings.Texts) -> list[tuple[str, str, str]]:
        """What stands in the way of publishing: (language, part, words)."""
        raise NotImplementedError


def _texts(parts: tuple[str, ...], problems: Any) -> type[WordsForm]:
    """The form of a kind of words: its fields are one a language and part."""
    fields: dict[str, Any] = {
        f"{part}_{language}": forms.CharField(
            label=LABELS[part],
            required=False,
            widget=forms.Textarea(attrs={"rows": SOME_ROWS}) if part == "body" else forms.TextInput(),
        )
        for language, _label in settings.LANGUAGES
        for part in parts
    }
    return type("TextsForm", (WordsForm,), {**fields, "problems": problems})


def _statement_problems(_form: WordsForm, texts: wordings.Texts) -> list[tuple[str, str, str]]:
    """English is what everybody else falls back on; another language is whole or absent."""
    by_language: dict[str, dict[str, str]] = {"en": {}} | texts
    lacking = [(language, part) for language, words in by_language.items() for part in Statement.PARTS if not words.get(part)]
    return [(language, part, _("This language has no text yet.")) for language, part in lacking]


def _letter_problems(form: WordsForm, texts: wordings.Texts) -> list[tuple[str, str, str]]:
    return list(letter_words.problems(texts, form.instance.outcome, [language for language, _label in settings.LANGUAGES]))


def _tabs(parts: tuple[str, ...], problems: Any, *help_first: HelpPanel) -> TabbedInterface:
    tabs = [
        ObjectList([*help_first, *(TextPanel(f"{part}_{language}") for part in parts)], heading=label)
        for language, label in settings.LANGUAGES
    ]
    return TabbedInterface(tabs, base_form_class=_texts(parts, problems))


class PublishWords(EditView):
    """Publishing freezes the words as the next version, together with Wagtail's own revision."""

    def publish_action(self) -> Any:
        response = super().publish_action()
        wordings.publish(self.object, self.object.as_published(), by=Actor.person(self.request.user))
        return response


class StatementViewSet(SnippetViewSet):
    """Privacy, terms, accessibility."""

    model = Statement
    icon = "doc-full"
    menu_label = gettext_lazy("Statements")
    list_display = ["__str__", "programme", "last_published_at", "has_unpublished_changes"]
    inspect_view_enabled = False
    copy_view_enabled = False
    edit_view_class = PublishWords
    edit_handler = _tabs(
        Statement.PARTS,
        _statement_problems,
        HelpPanel(
            gettext_lazy(
                "Markdown. {operator} and {support_email} are filled in when you publish. A published version never changes: people who "
                "agreed to it can always read it, and who is still filling in a form is asked again."
            )
        ),
    )


class LetterTemplateViewSet(SnippetViewSet):
    """Letters by outcome."""

    model = LetterTemplate
    icon = "mail"
    menu_label = gettext_lazy("Letters")
    list_display = ["__str__", "programme", "last_published_at", "has_unpublished_changes"]
    inspect_view_enabled = False
    copy_view_enabled = False
    edit_view_class = PublishWords
    edit_handler = _tabs(
        LetterTemplate.PARTS,
        _letter_problems,
        HelpPanel(
            gettext_lazy(
                "What a letter says before it is edited for one applicant. You can use {name}, {community}, {reference}, {operator}, "
                "{support_email} and {reply_days}; {conditions} where there are some or where you refer to somebody else; {next_steps} "
                "after an acceptance. The preview shows it filled in for somebody who does not exist."
            )
        ),
    )


class WordsGroup(SnippetViewSetGroup):
    """Both in one menu."""

    items = (StatementViewSet, LetterTemplateViewSet)
    menu_label = gettext_lazy("Wording")
    menu_icon = "doc-full"
    menu_order = 210
