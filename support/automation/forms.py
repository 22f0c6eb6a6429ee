"""What people type to make a rule: when, which conditions, what to do. Words and keys are both understood."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from support.automation.actions import Action
from support.automation.conditions import FIELDS, OPERATORS, WITHOUT_VALUE, Condition, Shape, ages, is_span
from support.automation.occasions import FIELDS as CHANGING
from support.automation.words import ACTION_WORDS, FIELD_WORDS, OPERATOR_WORDS, Vocabulary
from support.models import Rule
from support.states import Match, Trigger

MOST_ROWS = 12
BLANK = 2
FREE = frozenset({"add_tag", "remove_tag", "note"})


class ConditionForm(forms.Form):
    """One condition. An empty row is none."""

    field = forms.ChoiceField(label=gettext_lazy("If"), required=False, choices=[("", "—"), *FIELD_WORDS.items()])
    operator = forms.ChoiceField(label=gettext_lazy("How"), required=False, choices=list(OPERATOR_WORDS.items()))
    values = forms.CharField(
        label=gettext_lazy("What"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"list": "rule-words", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, words: Vocabulary, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = words

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or self.cleaned_data
        name, operator = chosen.get("field") or "", chosen.get("operator") or ""
        if not name:
            return chosen
        if operator not in OPERATORS[FIELDS[name].shape]:
            allowed = ", ".join(str(OPERATOR_WORDS[each]) for each in OPERATORS[FIELDS[name].shape])
            self.add_error("operator", _("This can be asked here: %(allowed)s.") % {"allowed": allowed})
        elif operator not in WITHOUT_VALUE:
            chosen["values"] = self._read(name, str(chosen.get("values") or ""))
        else:
            chosen["values"] = []
        return chosen

    def condition(self) -> Condition | None:
        """What was asked; None for an empty row."""
        chosen = self.cleaned_data
        return Condition(chosen["field"], chosen["operator"], tuple(chosen["values"])) if chosen.get("field") else None

    def _read(self, name: str, said: str) -> list[str]:
        parts = [each.strip() for each in said.split(",") if each.strip()]
        if not parts:
            self.add_error("values", _("Say what; several with commas between."))
        if FIELDS[name].shape == Shape.AGE:
            return self._spans(parts)
        known = self.words.of_fields.get(name)
        if known is None:
            return parts
        if (whole := self.words.key(known, said)) is not None:
            return [whole]
        found = [(part, self.words.key(known, part)) for part in parts]
        if unknown := [part for part, key in found if key is None]:
            self.add_error("values", _("We do not know %(words)s here.") % {"words": ", ".join(unknown)})
        return [key for _part, key in found if key is not None]

    def _spans(self, parts: list[str]) -> list[str]:
        if len(parts) != 1 or not is_span(parts[0]):
            self.add_error("values", _("Say one time: 4h for hours, 3d for days, 5wd for working days."))
        return parts


class ActionForm(forms.Form):
    """One thing to do. An empty row is nothing."""

    do = forms.ChoiceField(label=gettext_lazy("Do"), required=False, choices=[("", "—"), *ACTION_WORDS.items()])
    value = forms.CharField(
        label=gettext_lazy("What"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 1, "class": "rule__value"}),
        help_text=gettext_lazy("A reply's English words stand here."),
    )

    def __init__(self, *args: Any, words: Vocabulary, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = words
        for code, language in settings.LANGUAGES:
            if code != "en":
                self.fields[f"text_{code}"] = forms.CharField(
                    label=language, required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 2})
                )

    @property
    def texts(self) -> list[forms.BoundField]:
        """A reply's words in the other languages."""
        return [self[name] for name in self.fields if name.startswith("text_")]

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or self.cleaned_data
        do, value = chosen.get("do") or "", str(chosen.get("value") or "").strip()
        if not do or do == "unassign":
            return chosen
        if not value:
            self.add_error("value", _("Say what."))
        elif do == "snooze" and not is_span(value):
            self.add_error("value", _("Say one time: 4h for hours, 3d for days, 5wd for working days."))
        elif do in self.words.of_actions:
            chosen["value"] = self._key(do, value)
        return chosen

    def action(self) -> Action | None:
        """What is to be done; None for an empty row."""
        chosen = self.cleaned_data
        if not chosen.get("do"):
            return None
        if chosen["do"] == "reply":
            written = {"en": chosen["value"], **{name.removeprefix("text_"): chosen[name] for name in chosen if name.startswith("text_")}}
            return Action("reply", texts=tuple((code, text) for code, text in written.items() if text))
        return Action(chosen["do"], chosen["value"])

    def _key(self, do: str, value: str) -> str:
        key = self.words.key(self.words.of_actions[do], value)
        if key is None:
            self.add_error("value", _("We do not know %(words)s here.") % {"words": value})
        return key or ""


class RuleForm(forms.Form):
    """The whole rule: its frame here, conditions and actions as rows below it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    trigger = forms.ChoiceField(label=gettext_lazy("When"), choices=Trigger.choices)
    changed_field = forms.ChoiceField(
        label=gettext_lazy("Which change"),
        required=False,
        choices=[("", gettext_lazy("Any")), *((name, FIELD_WORDS.get(name, name)) for name in CHANGING if name in FIELD_WORDS)],
        help_text=gettext_lazy("Only where the rule waits for a change."),
    )
    match = forms.ChoiceField(label=gettext_lazy("How many of these"), choices=Match.choices)
    most_an_hour = forms.IntegerField(
        label=gettext_lazy("At most, an hour"),
        min_value=1,
        max_value=1000,
        help_text=gettext_lazy("What exceeds it is held back and counted."),
    )

    def __init__(self, data: Any = None, *, rule: Rule, words: Vocabulary) -> None:
        self.rule, self.words = rule, words
        initial = {name: getattr(rule, name) for name in ("name", "trigger", "changed_field", "match", "most_an_hour")}
        super().__init__(data, initial=initial)
        self.conditions = self._rows(ConditionForm, "condition", [self._condition(raw) for raw in rule.conditions], data)
        self.actions = self._rows(ActionForm, "action", [self._action(raw) for raw in rule.actions], data)

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or self.cleaned_data
        if not all(list(map(forms.Form.is_valid, (*self.conditions, *self.actions)))):
            self.add_error(None, _("Some rows need a look: the reason stands beside each."))
            return chosen
        conditions = [found for row in self.conditions if (found := row.condition())]
        if not any(row.action() for row in self.actions):
            self.add_error(None, _("Say at least one thing to do."))
        self._check_times(chosen.get("trigger") or "", conditions)
        return chosen

    def filled(self) -> Rule:
        """The rule with what was typed, not saved."""
        for name in ("name", "trigger", "match", "most_an_hour"):
            setattr(self.rule, name, self.cleaned_data[name])
        self.rule.changed_field = self.cleaned_data["changed_field"] if self.rule.trigger == Trigger.CHANGED else ""
        self.rule.conditions = [found.written() for row in self.conditions if (found := row.condition())]
        self.rule.actions = [found.written() for row in self.actions if (found := row.action())]
        return self.rule

    def _check_times(self, trigger: str, conditions: list[Condition]) -> None:
        """A rule of time needs a time, or it would act every hour; a rule of an event looks at one moment."""
        if trigger == Trigger.TIME and not ages(conditions):
            self.add_error(
                None, _("A rule that looks every hour needs a condition of time: how long it waited, was quiet, or has been here.")
            )
        if trigger != Trigger.TIME and ages(conditions):
            self.add_error(None, _("A condition of time fits only a rule that looks every hour."))

    def _rows(self, form: Any, prefix: str, initial: list[dict[str, Any]], data: Any) -> list[Any]:
        count = min(len(initial) + BLANK, MOST_ROWS) if data is None else MOST_ROWS
        rows = [
            form(data, prefix=f"{prefix}-{n}", initial=initial[n] if n < len(initial) else None, words=self.words, empty_permitted=False)
            for n in range(count)
            if data is None or f"{prefix}-{n}-{'field' if prefix == 'condition' else 'do'}" in data
        ]
        for row in rows:
            row.use_required_attribute = False
        return rows

    def _condition(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        known = self.words.of_fields.get(raw["field"], {})
        return {
            "field": raw["field"],
            "operator": raw["operator"],
            "values": ", ".join(str(known.get(each, each)) for each in raw["values"]),
        }

    def _action(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        texts = raw.get("texts") or {}
        known = self.words.of_actions.get(raw["do"], {})
        value = texts.get("en", "") if raw["do"] == "reply" else str(known.get(raw["value"], raw["value"]))
        return {"do": raw["do"], "value": value, **{f"text_{code}": text for code, text in texts.items()}}
