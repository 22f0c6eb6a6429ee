"""What narrows the list of all hubs, and whose a hub is said to be."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from hubs.having import FEATURES, SIGN_IN
from hubs.hub_list import CHARTS, ORDERS, STATES, Filters
from hubs.models import Cluster, Hub

ALL = ("", _("all"))


class HubFilterForm(forms.Form):
    """The filters of the list. Clusters and communities are those that have hubs."""

    q = forms.CharField(
        label=_("Search"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search", "class": "search"})
    )
    cluster = forms.ChoiceField(label=_("Cluster"), required=False)
    provider = forms.ChoiceField(label=_("Provider"), required=False, choices=[ALL, *Cluster.Provider.choices])
    community = forms.ChoiceField(label=_("Community"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("all that have not ended")), *STATES.items()])
    sign_in = forms.ChoiceField(label=_("Sign-in"), required=False, choices=[ALL, *((key, said.name) for key, said in SIGN_IN.items())])
    feature = forms.ChoiceField(label=_("Feature"), required=False, choices=[ALL, *((key, said.name) for key, said in FEATURES.items())])
    chart = forms.ChoiceField(label=_("Chart"), required=False, choices=[ALL, *((chart, chart) for chart in CHARTS)])
    unmatched = forms.BooleanField(label=_("Without a community"), required=False)
    order = forms.ChoiceField(label=_("Order"), required=False, choices=[(key, words) for key, (words, _fields) in ORDERS.items()])

    def __init__(self, *args: Any, clusters: Sequence[str], communities: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cluster"].choices = [ALL, *((name, name) for name in clusters)]  # type: ignore[attr-defined]  # a choice field
        self.fields["community"].choices = [ALL, *communities]  # type: ignore[attr-defined]  # the same

    @property
    def is_narrowed(self) -> bool:
        """Does anything but the order narrow the list?"""
        return any(self.data.get(name) for name in self.fields if name != "order")

    @property
    def filters(self) -> Filters:
        return Filters(**self.cleaned_data)


class WhoseForm(forms.Form):
    """For each hub on the page: one of the proposals, another community by its short name, ours, or nothing yet."""

    OURS = "ours"

    def __init__(self, *args: Any, hubs: Sequence[Hub], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for hub in hubs:
            self.fields[f"whose-{hub.pk}"] = forms.CharField(label=hub.display_name, required=False, max_length=60)
            self.fields[f"other-{hub.pk}"] = forms.CharField(label=hub.display_name, required=False, max_length=60)

    def fields_of(self, hub: Hub) -> tuple[forms.BoundField, forms.BoundField]:
        """The two fields of one hub."""
        return self[f"whose-{hub.pk}"], self[f"other-{hub.pk}"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        words = {name: (value or "").strip() for name, value in cleaned.items()}
        wanted = {pk: words.get(f"other-{pk}") or words.get(f"whose-{pk}", "") for pk in self._keys()}
        known = {community.slug: community for community in Community.objects.filter(slug__in=set(wanted.values()) - {"", self.OURS})}
        for pk, word in wanted.items():
            if word and word != self.OURS and word not in known:
                self.add_error(f"other-{pk}", _("No community has this short name. Choose one from the list."))
        return {"said": {pk: known.get(word) for pk, word in wanted.items() if word == self.OURS or word in known}}

    @property
    def said(self) -> dict[int, Community | None]:
        """The community of each hub somebody said something of; None for one of ours."""
        return dict(self.cleaned_data["said"])

    def _keys(self) -> list[int]:
        return [int(name.removeprefix("whose-")) for name in self.fields if name.startswith("whose-")]
