"""What a page asks before it gives a command."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ground.actors import Actor
from onboarding.commands import Command
from onboarding.commands.needs import REOPENED_TO, Copy, Reason, Reopening, WithNote, WithOverride
from onboarding.models import Application


class NothingForm(forms.Form):
    """A command that needs nothing but its name."""


class OverrideForm(forms.Form):
    """Why a command is given although something speaks against it; asked for only where something does."""

    override = forms.CharField(
        label=gettext_lazy("Why all the same?"),
        help_text=gettext_lazy("Kept in the history with your name."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class WhyForm(forms.Form):
    """A reason that stays in the history."""

    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy("Kept in the history with your name."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class NoteForm(forms.Form):
    """A reason, as a note."""

    note = forms.CharField(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy("Kept in the history with your name."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReopenForm(WhyForm):
    """Why an application is taken up again, and where it goes."""

    to = forms.ChoiceField(label=gettext_lazy("Where to?"), choices=REOPENED_TO, widget=forms.RadioSelect, initial=REOPENED_TO[0][0])


class CopyForm(forms.Form):
    """Which application is kept; the person who fills it in must be able to see it."""

    kept = forms.CharField(label=gettext_lazy("Which one is kept? Its reference"), max_length=20)

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_kept(self) -> Application:
        reference = str(self.cleaned_data["kept"]).strip().upper()
        kept = Application.objects.visible_to(self.by).filter(reference=reference).first()
        if kept is None:
            raise forms.ValidationError(_("There is no application with this reference."))
        return kept


FORMS: dict[type[Any], type[forms.Form]] = {
    WithOverride: OverrideForm,
    Reason: WhyForm,
    WithNote: NoteForm,
    Reopening: ReopenForm,
}
ON_THEIR_OWN_PAGES = frozenset({"answer_gates", "ask", "propose", "approve", "set_aside", "release"})
"""Commands that have a page or a place of their own, with more to read than a question."""


def form_of(command: Command, by: Actor, data: Any = None) -> forms.Form:
    """The form that asks what this command needs."""
    if command.needs is Copy:
        return CopyForm(data, by=by, prefix=None)
    return FORMS.get(command.needs, NothingForm)(data)
