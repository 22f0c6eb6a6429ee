"""What people write down as a macro."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ground.actors import Actor
from support import vocabulary
from support.access import EDIT_MACROS
from support.models import Macro, TicketStatus
from support.states import Kind, MacroAssignee
from support.vocabulary import tags

LONGEST = 50_000


class MacroForm(forms.ModelForm[Macro]):
    """A macro's name, its words by language, and what it changes."""

    class Meta:
        model = Macro
        fields = ["name", "status", "priority", "kind", "assignee", "snooze_hours"]

    is_shared = forms.BooleanField(label=_("For everybody at the desk"), required=False)
    priority = forms.TypedChoiceField(label=_("Priority"), required=False, coerce=int, empty_value=None)
    status = forms.ModelChoiceField(
        label=_("Status"), queryset=TicketStatus.objects.all(), required=False, empty_label=_("leave it as it is")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("leave it as it is")), *Kind.choices], required=False)
    assignee = forms.ChoiceField(label=_("Assignee"), choices=[("", _("leave it as it is")), *MacroAssignee.choices], required=False)
    tags_added = forms.CharField(label=_("Add tags"), required=False, max_length=255, help_text=_("Separated by commas."))
    tags_removed = forms.CharField(label=_("Take tags away"), required=False, max_length=255, help_text=_("Separated by commas."))
    snooze_hours = forms.IntegerField(label=_("Snooze for hours"), required=False, min_value=1, max_value=2000)

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        for code, language in settings.LANGUAGES:
            self.fields[f"text_{code}"] = forms.CharField(
                label=language, required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4, "lang": code})
            )
            self.initial[f"text_{code}"] = self.instance.text.get(code, "")
        self.fields["priority"].choices = [("", _("leave it as it is")), *vocabulary.priority_words().items()]  # type: ignore[attr-defined]
        for name in ("tags_added", "tags_removed"):
            self.initial[name] = ", ".join(getattr(self.instance, name))
        self.initial["is_shared"] = bool(self.instance.pk) and self.instance.is_shared
        if not EDIT_MACROS.is_held_by(by):
            del self.fields["is_shared"]

    @property
    def texts(self) -> list[forms.BoundField]:
        """The words, a field a language."""
        return [self[f"text_{code}"] for code, _language in settings.LANGUAGES]

    @property
    def others(self) -> list[forms.BoundField]:
        """What it changes."""
        return [self[name] for name in ("status", "priority", "kind", "assignee", "tags_added", "tags_removed", "snooze_hours")]

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or self.cleaned_data
        chosen["tags_added"] = tags.parted(chosen.get("tags_added") or "")
        removed = (tag.strip() for tag in (chosen.get("tags_removed") or "").split(","))
        chosen["tags_removed"] = list(dict.fromkeys(tag for tag in removed if tag))
        owner = None if chosen.get("is_shared") else self.by.user
        if Macro.objects.filter(Q(owner=owner), name=chosen.get("name", "")).exclude(pk=self.instance.pk).exists():
            self.add_error("name", _("There is one of that name already. Choose another."))
        return chosen

    def save(self, commit: bool = True) -> Macro:
        macro, chosen = self.instance, self.cleaned_data
        macro.owner = None if chosen.get("is_shared") else self.by.user
        written = {code: chosen[f"text_{code}"].strip() for code, _language in settings.LANGUAGES}
        macro.text = {code: words for code, words in written.items() if words}
        macro.tags_added, macro.tags_removed = chosen["tags_added"], chosen["tags_removed"]
        return super().save(commit)
