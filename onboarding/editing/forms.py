"""A new form: its key, and whether anybody may fill it in."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onboarding.models import FormDefinition


class NewForm(forms.Form):
    """What a form is known by."""

    key = forms.SlugField(
        max_length=40, label=gettext_lazy("Key"), help_text=gettext_lazy("A short name for addresses and exports. It never changes.")
    )
    is_public = forms.BooleanField(required=False, label=gettext_lazy("Anybody may fill it in"))

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if FormDefinition.objects.filter(key=key).exists():
            raise ValidationError(_("There is a form with this key already."))
        return key
