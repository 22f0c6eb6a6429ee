"""Forms of the portal's room."""

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from portal.months import Month

MONTHS_BACK = 12


def months() -> list[tuple[str, str]]:
    """The months that are over, the last one first."""
    found = Month.of(timezone.now().date()).before.last(MONTHS_BACK)
    return [(str(month), f"{MONTHS[month.number]} {month.year}") for month in reversed(found)]


class DraftForm(forms.Form):
    """Which month to draft, in which language."""

    month = forms.ChoiceField(label=_("Month"), choices=months)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    def clean_month(self) -> Month:
        year, number = self.cleaned_data["month"].split("-")
        return Month(int(year), int(number))
