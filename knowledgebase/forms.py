"""The search box."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ground.search import LONGEST_QUERY


class SearchForm(forms.Form):
    """Some words to look for; whatever somebody types is a query."""

    q = forms.CharField(required=False, label=_("Search the knowledge base"), strip=True)

    def clean_q(self) -> str:
        return str(self.cleaned_data["q"])[:LONGEST_QUERY]
