"""Forms of the way from acceptance to live and beyond: a few fields each."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.models import User
from onboarding.models import Agreement, Ending, Item
from onboarding.readiness import MissingAnswer

LONGEST = 500


class DayField(forms.DateField):
    """A day, typed with the device's own calendar."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class AskForm(forms.Form):
    """Whom to ask for what."""

    answers = forms.MultipleChoiceField(label=_("Answers of the hub request"), required=False, widget=forms.CheckboxSelectMultiple)
    items = forms.MultipleChoiceField(label=_("Things to do"), required=False, widget=forms.CheckboxSelectMultiple)
    to = forms.ChoiceField(label=_("Send to"))
    note = forms.CharField(
        label=_("A word with it"),
        help_text=_("It stands in the mail."),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, answers: Sequence[MissingAnswer], items: Sequence[Item], people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people, self.rows = {str(user.pk): user for user in people}, {str(item.pk): item for item in items}
        self._offer("answers", [(row.pointer, row.label) for row in answers])
        self._offer("items", [(str(item.pk), item.words) for item in items])
        self._choices("to", [(key, f"{user.get_full_name()} ({user.email})") for key, user in self.people.items()])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        """Everything that is missing is ticked; a list of nothing is left out."""
        if not choices:
            del self.fields[name]
            return
        self._choices(name, choices)
        self.fields[name].initial = [value for value, _words in choices]

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        if not self.errors and not (self.cleaned_data.get("answers") or self.cleaned_data.get("items")):
            raise forms.ValidationError(_("Choose at least one thing to ask for."))
        return self.cleaned_data

    @property
    def person(self) -> User:
        return self.people[self.cleaned_data["to"]]

    @property
    def chosen_items(self) -> list[Item]:
        return [self.rows[key] for key in self.cleaned_data.get("items") or ()]


class MoreForm(forms.Form):
    """What a hub under validation still needs, one thing a line."""

    ours = forms.CharField(
        label=_("For us to do"), help_text=_("One thing on each line."), required=False, max_length=4000, widget=forms.Textarea({"rows": 4})
    )
    theirs = forms.CharField(
        label=_("For the community to do"),
        help_text=_("One thing on each line."),
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 4}),
    )
    change = forms.BooleanField(label=_("What the hub was asked to be has to change too"), required=False)

    def clean_ours(self) -> list[str]:
        return self._lines("ours")

    def clean_theirs(self) -> list[str]:
        return self._lines("theirs")

    def clean(self) -> dict[str, Any]:
        if not self.errors and not [*self.cleaned_data["ours"], *self.cleaned_data["theirs"]]:
            raise forms.ValidationError(_("Write down at least one thing that is missing."))
        return self.cleaned_data

    def _lines(self, name: str) -> list[str]:
        return [line.strip()[:LONGEST] for line in self.cleaned_data[name].splitlines() if line.strip()]


class LiveForm(forms.Form):
    """The day of the first check-in."""

    check_in_on = DayField(label=_("First check-in with the community"))

    def clean_check_in_on(self) -> date:
        day: date = self.cleaned_data["check_in_on"]
        if day <= timezone.localdate():
            raise forms.ValidationError(_("Choose a day that is still to come."))
        return day


class AgreementForm(forms.Form):
    """From when to when, and where the signed paper is."""

    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"), help_text=_("Empty: as long as usual."), required=False)
    signed_note = forms.CharField(label=_("Signed by whom, and where is it kept?"), max_length=300)

    def clean(self) -> dict[str, Any]:
        starts, ends = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if starts and ends and ends <= starts:
            self.add_error("ends_on", _("The last day comes after the first."))
        return self.cleaned_data


class RenewalForm(forms.Form):
    """What comes after an agreement."""

    outcome = forms.ChoiceField(label=_("What comes after it?"), choices=Agreement.Outcome.choices, widget=forms.RadioSelect)
    ends_on = DayField(
        label=_("Last day of what comes next"), help_text=_("Empty: as long as usual, or the day the agreement ends."), required=False
    )
    note = forms.CharField(label=_("Why, and where it is signed"), max_length=300, widget=forms.Textarea({"rows": 2}))


class EndForm(forms.Form):
    """When it ends, and why."""

    ends_on = DayField(label=_("Last day people can use it"))
    reason = forms.CharField(label=_("Why it ends"), max_length=500, widget=forms.Textarea({"rows": 3}))


class DataForm(forms.Form):
    """What became of the data."""

    became = forms.ChoiceField(label=_("The data"), choices=Ending.Data.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=_("Who said so, or where it is now"), max_length=300)


class ValueForm(forms.Form):
    """How many people had used the hub by a day."""

    on = DayField(label=_("On which day?"))
    people = forms.IntegerField(
        label=_("How many separate people had used it lately?"),
        help_text=_("Without us, and without the representatives."),
        min_value=0,
        max_value=100_000,
    )
    note = forms.CharField(label=_("How you know"), max_length=300, required=False)
