"""What of the board is looked at, as the address says it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from onboarding.scoring import FlagKind

ALL = [("", _("all"))]


class BoardFilterForm(forms.Form):
    """Filters of the board; an address that names what there is none of shows everything."""

    text = forms.CharField(label=_("Name or reference"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"}))
    stage = forms.ChoiceField(label=_("Stage"), required=False)
    waiting_on = forms.ChoiceField(label=_("Waits for"), required=False)
    flag = forms.ChoiceField(label=_("Flag"), required=False, choices=[*ALL, *FlagKind.choices])
    country = forms.CharField(label=_("Country"), required=False, max_length=2)
    mine = forms.BooleanField(label=_("Waits for me"), required=False)

    def __init__(self, *args: Any, stages: Sequence[tuple[str, Any]], holders: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"] = forms.ChoiceField(label=_("Stage"), required=False, choices=[*ALL, *stages])
        self.fields["waiting_on"] = forms.ChoiceField(label=_("Waits for"), required=False, choices=[*ALL, *holders])

    def offer_countries(self, countries: Sequence[tuple[str, str]]) -> None:
        """The countries that the board has cards of become the choice."""
        self.fields["country"].widget = forms.Select(choices=[*ALL, *countries])

    def known(self) -> dict[str, Any]:
        """What was asked for and exists."""
        self.is_valid()
        return {key: value for key, value in self.cleaned_data.items() if value}
