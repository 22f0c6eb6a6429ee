"""What a calendar is asked: which part of it, and how a task stands."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.models import Community, User
from hubs.calendar import Chosen
from hubs.models import EventTask
from hubs.states import Kind

KINDS = [("", _("Events and last days")), (Kind.EVENT, _("Events")), (Kind.DECOMMISSION, _("Last days of hubs"))]


class ChosenForm(forms.Form):
    """A cluster, a community, a kind; what is not known leaves the calendar whole."""

    cluster = forms.SlugField(label=_("Cluster"), required=False, max_length=40)
    community = forms.SlugField(label=_("Community"), required=False, max_length=40)
    kind = forms.ChoiceField(label=_("What"), required=False, choices=KINDS)

    @property
    def chosen(self) -> Chosen:
        """What was chosen, as far as it can be."""
        if not self.is_bound:
            return Chosen()
        self.full_clean()
        return Chosen(**{name: self.cleaned_data.get(name, "") for name in ("cluster", "community", "kind")})


class TaskForm(forms.Form):
    """One task of an event: done, not needed, or open again."""

    key = forms.SlugField(max_length=40, widget=forms.HiddenInput)
    status = forms.ChoiceField(choices=[*EventTask.Status.choices, ("open", _("open"))])


class SubscribeForm(forms.Form):
    """Everything this person may see, or one community of theirs."""

    community = forms.ModelChoiceField(
        label=_("Which events?"),
        queryset=Community.objects.none(),
        required=False,
        empty_label=_("All that I may see"),
        to_field_name="slug",
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["community"].queryset = Community.objects.filter(pk__in=person.roles_by_community).order_by("name")  # type: ignore[attr-defined]  # a ModelChoiceField has one
