"""What a reader of an application asks its applicant."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ground.texts import pick
from onboarding.correcting import changeable
from onboarding.models import Application
from onboarding.questions.progress import asked


class AskForm(forms.Form):
    """The words of the question, and which questions of the form it is about."""

    text = forms.CharField(
        label=_("What do you want to know?"),
        help_text=_("The applicant reads this as you write it, by mail. Write in their language if you can."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write what you want to know.")},
    )
    field_keys = forms.MultipleChoiceField(
        label=_("Which answers is it about?"),
        help_text=_("They are asked for exactly these. Choose none, and they may change any answer."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, application: Application, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        form = application.form_version.form
        allowed = {field.key for field in changeable(form)}
        offered = [(field.key, pick(field.label)) for _step, field in asked(form, application.answers) if field.key in allowed]
        self.fields["field_keys"].choices = offered  # type: ignore[attr-defined]  # a choice field, as written above
