"""The small forms around the intake form: beginning, an address for the link, sending."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class TrapForm(forms.Form):
    """Has an input that no person sees; who fills it in is a program."""

    trap = forms.CharField(required=False)

    def clean_trap(self) -> str:
        if self.cleaned_data["trap"]:
            raise forms.ValidationError(_("A hidden field was filled in, most likely by a program. Please try again without it."))
        return ""


class SendForm(TrapForm):
    """The key that makes a second click harmless."""

    key = forms.UUIDField()


class AddressForm(forms.Form):
    """Where to mail the link."""

    email = forms.EmailField(
        label=_("Your e-mail"),
        help_text=_("For example, ana@glaciers.example.org"),
        max_length=200,
        error_messages={
            "required": _("Please write your e-mail address."),
            "invalid": _("This does not look like an e-mail address. It needs a name, an @ and a place."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )

    def clean_email(self) -> Any:
        return self.cleaned_data["email"].lower()
