"""The small forms around the intake form: beginning, an address for the link, sending."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

CROCKFORD_READS = str.maketrans("ILO", "110")


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


class ReferenceForm(forms.Form):
    """The reference of an application, forgiving about how it is written."""

    reference = forms.CharField(
        label=_("Reference"),
        help_text=_("It stands in the mail with which we received the application. For example, CI-7K3F-29QD"),
        max_length=40,
        error_messages={"required": _("Please write the reference.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "enterkeyhint": "go"}),
    )

    def clean_reference(self) -> str:
        """As we write it: large letters, hyphens, and no letter that is easily a digit."""
        letters = "".join(each for each in self.cleaned_data["reference"].upper() if each.isalnum())
        head, digits = letters[:2], letters[2:].translate(CROCKFORD_READS)
        return "-".join([head, *(digits[start : start + 4] for start in range(0, len(digits), 4))])


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
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email", "enterkeyhint": "send"}),
    )

    def clean_email(self) -> Any:
        return self.cleaned_data["email"].lower()
