"""Forms about people's own data."""

from django import forms
from django.utils.translation import gettext_lazy as _


class RefusalForm(forms.Form):
    """Why somebody is not forgotten; they read it."""

    reason = forms.CharField(
        label=_("Why not"),
        help_text=_("They read this in their mail. For example: your community is live, and its agreement needs a representative."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Please say why: they read it.")},
    )
