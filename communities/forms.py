"""Forms of the communities' room."""

import zoneinfo
from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.matrix_rows import RowChange
from communities.models import MatrixRow, User
from communities.roles import Role
from communities.states import Party

MINUTES = 60
SETTLED = [(party.value, settings.OPERATOR_NAME if party == Party.PROVIDER else party.label) for party in Party if party != Party.UNSET]


class InviteForm(forms.Form):
    """Who to invite, and as what."""

    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off", "inputmode": "email"}))
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.MEMBER)


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)


class PersonField(forms.ModelChoiceField):
    """Somebody by name: addresses are for those who manage people."""

    def label_from_instance(self, person: User) -> str:
        return person.get_full_name()


class HoursField(forms.DecimalField):
    """Hours as people say them, kept as whole minutes."""

    def prepare_value(self, value: object) -> object:
        return f"{value / MINUTES:g}" if isinstance(value, int) else value

    def clean(self, value: object) -> int | None:
        hours = super().clean(value)
        return None if hours is None else round(hours * MINUTES)


class RowForm(forms.Form):
    """Who does one thing of the matrix."""

    party = forms.ChoiceField(label=_("Who does it"), choices=SETTLED)
    person = PersonField(label=_("Person"), queryset=User.objects.none(), required=False, empty_label=_("Nobody named"))
    hours = HoursField(
        label=_("Hours a quarter"),
        required=False,
        min_value=0,
        max_value=2000,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"step": "0.25"}),
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    def __init__(self, *args: Any, people: Iterable[User] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = list(people)
        field = cast("PersonField", self.fields["person"])
        field.queryset = User.objects.filter(pk__in=[person.pk for person in named])
        field.choices = [("", field.empty_label), *((person.pk, person.get_full_name()) for person in named)]

    @classmethod
    def of(cls, row: MatrixRow, *args: Any, **kwargs: Any) -> "RowForm":
        """The form that says what the row says."""
        initial = {
            "party": "" if row.party == Party.UNSET else row.party,
            "person": row.person_id,
            "hours": row.minutes_quarter,
            "note": row.note,
        }
        form = cls(*args, initial=initial, **kwargs)
        if row.party == Party.UNSET:
            party = cast("forms.ChoiceField", form.fields["party"])
            party.choices = [("", _("To be decided")), *SETTLED]
        return form

    def change(self, key: str) -> RowChange:
        """What the form says of that row."""
        said = self.cleaned_data
        return RowChange(key=key, party=Party(said["party"]), note=said["note"], person=said["person"], minutes=said["hours"])


class CommentForm(forms.Form):
    """What one has to say about a row."""

    text = forms.CharField(label=_("Your comment"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    is_question = forms.BooleanField(
        label=_("This is a question"), required=False, help_text=_("It is shown above the button to agree until somebody settles it.")
    )


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Why"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class DayForm(forms.Form):
    """When to look at it again."""

    day = forms.DateField(label=_("Look at it again on"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("Choose today or a later day."))
        return day


class SettingsForm(forms.ModelForm[User]):
    """What a person decides about themselves."""

    timezone = forms.ChoiceField(
        label=_("Time zone"), choices=[(name, name.replace("_", " ")) for name in sorted(zoneinfo.available_timezones())]
    )

    class Meta:
        model = User
        fields = ("name", "language", "timezone", "theme")
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}


class TokenForm(forms.Form):
    name = forms.CharField(label=_("What the token is for"), max_length=80, help_text=_("For example: nightly report."))
