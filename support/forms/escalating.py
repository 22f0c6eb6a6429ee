"""What people type about timeboxes and issues."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.models import User
from support.escalating import Draft
from support.forms.tickets import desk_people
from support.models import IssueTarget

LONGEST = 60_000


class ExtendForm(forms.Form):
    """More minutes, and why."""

    prefix = "extend"

    minutes = forms.TypedChoiceField(label=_("More minutes"), coerce=int, choices=[(15, "15"), (30, "30"), (60, "60")], initial=15)
    reason = forms.CharField(label=_("Why"), max_length=300, help_text=_("For example “The image is building”."))


class HandOnForm(forms.Form):
    """Who goes on with it."""

    prefix = "hand-on"

    to = forms.ModelChoiceField(label=_("Hand on to"), queryset=User.objects.none(), empty_label=_("choose a person"))

    def __init__(self, *args: Any, agent: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = desk_people().exclude(pk=agent)  # type: ignore[attr-defined]


class EscalateForm(forms.Form):
    """The issue that is about to be made."""

    title = forms.CharField(label=_("Title"), max_length=256)
    body = forms.CharField(
        label=_("What the engineers need to know"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 18}), help_text=_("Markdown.")
    )
    labels = forms.CharField(label=_("Labels"), max_length=300, required=False, help_text=_("Separated by commas."))
    waits = forms.BooleanField(label=_("Meanwhile the ticket waits on somebody else"), required=False, initial=True)

    @classmethod
    def of(cls, draft: Draft) -> "EscalateForm":
        return cls(initial={"title": draft.title, "body": draft.body, "labels": ", ".join(draft.labels)})

    def draft(self) -> Draft:
        labels = tuple(label for label in map(str.strip, self.cleaned_data["labels"].split(",")) if label)
        return Draft(title=self.cleaned_data["title"], body=self.cleaned_data["body"], labels=labels)


class LinkForm(forms.Form):
    """An issue that is there already."""

    prefix = "link"

    url = forms.URLField(label=_("Address of the issue"), max_length=300, assume_scheme="https")


def targets() -> "list[IssueTarget]":
    """The repositories that operators offer."""
    return list(IssueTarget.objects.filter(is_offered=True))
