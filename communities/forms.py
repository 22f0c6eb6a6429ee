"""Forms of the communities' room."""

import zoneinfo

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.models import User
from communities.roles import Role
from communities.states import Party


class InviteForm(forms.Form):
    """Who to invite, and as what."""

    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off", "inputmode": "email"}))
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.MEMBER)


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)


class RowForm(forms.Form):
    """Who does one thing of the matrix."""

    party = forms.ChoiceField(label=_("Who does it"), choices=[choice for choice in Party.choices if choice[0] != Party.UNSET])
    note = forms.CharField(label=_("Note"), max_length=500, required=False)


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
