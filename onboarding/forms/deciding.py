"""Proposing a decision, editing its letter, setting it aside."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onboarding.models import Letter
from onboarding.states import Outcome, ReasonCode, Recommendation

SAYS_MORE = {
    Outcome.ACCEPT_WITH_CONDITIONS: gettext_lazy("Say which conditions; the applicant reads them in the letter."),
    Outcome.REFER: gettext_lazy("Say where else to go; the applicant reads it in the letter."),
}


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
        if data.get("outcome") in SAYS_MORE and not data.get("conditions", "").strip():
            self.add_error("conditions", SAYS_MORE[Outcome(data["outcome"])])
        return data

    def clean_look_again_on(self) -> date | None:
        day: date | None = self.cleaned_data["look_again_on"]
        if day is not None and day <= timezone.localdate():
            raise forms.ValidationError(_("Choose a day that is still to come."))
        return day


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
