"""Proposing a decision, editing its letter, setting it aside."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onboarding.deciding import unsaid
from onboarding.models import Letter
from onboarding.states import ReasonCode, Recommendation


class ProposalForm(forms.Form):
    """What to answer, and why."""

    outcome = forms.ChoiceField(label=gettext_lazy("What do we answer?"), choices=Recommendation.choices, widget=forms.RadioSelect)
    reasons = forms.CharField(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy("For the team. Kept with the decision."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    reason_codes = forms.MultipleChoiceField(
        label=gettext_lazy("In a word"),
        help_text=gettext_lazy("So that reasons can be counted."),
        required=False,
        choices=ReasonCode.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    conditions = forms.CharField(
        label=gettext_lazy("Conditions, or where else to go"),
        help_text=gettext_lazy("One a line. The applicant reads them in the letter, in the words you write here."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    look_again_on = forms.DateField(
        label=gettext_lazy("Look again on"),
        help_text=gettext_lazy("For the waiting list: the day on which somebody looks whether a place is free."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        said = {"outcome": data.get("outcome", ""), "conditions": data.get("conditions", ""), "look_again_on": data.get("look_again_on")}
        for field, words in unsaid(**said).items():
            self.add_error(field, str(words))
        return data


class LetterForm(forms.ModelForm):
    """The words of a letter."""

    class Meta:
        model = Letter
        fields = ["subject", "body"]
        widgets = {"body": forms.Textarea(attrs={"rows": 16})}

    def clean_subject(self) -> str:
        subject = str(self.cleaned_data["subject"])
        if "\n" in subject or "\r" in subject:
            raise forms.ValidationError(_("Keep the subject on one line."))
        return subject


class LanguageForm(forms.Form):
    """In which language the letter is written too."""

    language = forms.ChoiceField(choices=settings.LANGUAGES)


class SetAsideForm(forms.Form):
    """Why a proposal is dropped."""

    reason = forms.CharField(label=gettext_lazy("Why?"), max_length=500)
