"""What people type around a ticket: when to be reminded, what to do, how long it took, which letters to take."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.models import User
from knowledgebase.models import KnowledgeBase
from support.models import Message
from support.relations import panels
from support.states import BudgetPeriod
from support.working import snoozing
from support.writing_up import Wanted

LONGEST = 50_000
MOST_TAKEN = 12  # letters of an article
MOMENTS = [
    ("hour", _("In an hour")),
    ("tomorrow", _("Tomorrow, 9:00")),
    ("monday", _("Monday, 9:00")),
    ("week", _("In a week, 9:00")),
    ("custom", _("At a time I choose")),
]


class PanelForm(forms.Form):
    """A panel as a person left it."""

    panel = forms.ChoiceField(choices=[(key, key) for key in panels.DEFAULTS])
    is_open = forms.TypedChoiceField(choices=[("1", "1"), ("0", "0")], coerce=lambda value: value == "1")


class SnoozeForm(forms.Form):
    """Until when a ticket stays out of the way: one of the moments offered, or one's own."""

    moment = forms.ChoiceField(choices=MOMENTS)
    at = forms.DateTimeField(required=False, error_messages={"invalid": _("Write the day and the time to snooze it until.")})

    def __init__(self, *args: Any, user: User | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = user.timezone if user else "UTC"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        now, at = timezone.now(), cleaned.get("at")
        if cleaned.get("moment") != "custom":
            return cleaned
        if at is None and "at" not in self.errors:
            raise ValidationError(_("Choose the day and the time to snooze it until."))
        if at is not None and not now < at <= now + snoozing.FARTHEST:
            raise ValidationError(_("Choose a moment that is still to come, within a year."))
        return cleaned

    def until(self) -> datetime:
        """The moment meant."""
        offered = snoozing.choices(timezone.now(), self.zone)
        chosen: datetime = offered.get(self.cleaned_data["moment"]) or self.cleaned_data["at"]
        return chosen


class ItemForm(forms.Form):
    """One thing to do."""

    text = forms.CharField(max_length=255)


class TimeForm(forms.Form):
    """Minutes spent, and on what."""

    minutes = forms.IntegerField(
        min_value=1,
        max_value=24 * 60,
        error_messages={
            "required": _("Write how many minutes it took."),
            "min_value": _("Write at least one minute."),
            "max_value": _("Write at most a day; split longer work into days."),
            "invalid": _("Write the minutes as a number."),
        },
    )
    note = forms.CharField(max_length=255, required=False)
    is_counted = forms.BooleanField(required=False)


class BudgetForm(forms.Form):
    """Hours of support agreed for a period; empty for no limit."""

    hours = forms.DecimalField(min_value=0, max_value=10_000, decimal_places=2, required=False)
    period = forms.ChoiceField(choices=BudgetPeriod.choices)

    def minutes(self) -> int | None:
        """The hours in minutes."""
        hours = self.cleaned_data["hours"]
        return None if hours is None else round(hours * 60)


class ChildForm(forms.Form):
    """A part of a ticket."""

    subject = forms.CharField(max_length=255)
    body = forms.CharField(max_length=LONGEST)


class SplitForm(forms.Form):
    """Which letters to split off, and what the new ticket is called."""

    subject = forms.CharField(label=_("Subject of the new ticket"), max_length=255)
    letters = forms.MultipleChoiceField(
        label=_("Letters to split off"), widget=forms.CheckboxSelectMultiple, error_messages={"required": _("Choose at least one letter.")}
    )

    def __init__(self, *args: Any, letters: Sequence[Message], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {str(letter.pk): letter for letter in letters}
        self.fields["letters"].choices = [(key, _in_short(letter)) for key, letter in self.known.items()]  # type: ignore[attr-defined]

    def chosen(self) -> list[Message]:
        """The letters, as rows."""
        return [self.known[key] for key in self.cleaned_data["letters"]]


def _in_short(letter: Message) -> str:
    words = " ".join(letter.body_text[:400].split())
    return f"{letter.author}, {timezone.localtime(letter.created_at):%d.%m. %H:%M} ({letter.get_kind_display()}): {words[:140]}"


class TakeForm(forms.Form):
    """What of a ticket goes into an article, and where it would stand."""

    where = forms.ChoiceField(label=_("Where the article would stand"), widget=forms.RadioSelect)
    question = forms.BooleanField(label=_("Take what was asked first as the question"), required=False, initial=True)
    letters = forms.MultipleChoiceField(label=_("Letters to take"), required=False, widget=forms.CheckboxSelectMultiple)
    chosen = forms.CharField(
        label=_("Take out besides"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Names and words that we could not know: one each line. Also names of projects and places, if they tell who it is."),
    )

    def __init__(self, *args: Any, shelves: Sequence[KnowledgeBase], letters: Sequence[Message], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shelves = {"shared" if shelf.is_shared else "community": shelf for shelf in shelves}
        self.known = {str(letter.pk): letter for letter in letters}
        self.fields["where"].choices = [(key, _shelf(shelf)) for key, shelf in self.shelves.items()]  # type: ignore[attr-defined]
        self.fields["letters"].choices = [(key, _in_short(letter)) for key, letter in self.known.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("question") and not cleaned.get("letters"):
            self.add_error("letters", _("Take the question, or at least one letter."))
        if len(cleaned.get("letters", ())) > MOST_TAKEN:
            self.add_error("letters", _("Take at most %(most)s letters.") % {"most": MOST_TAKEN})
        return cleaned

    def wanted(self) -> Wanted:
        """What was chosen, as rows."""
        said = self.cleaned_data
        return Wanted(
            knowledge_base=self.shelves[said["where"]],
            letters=[self.known[key] for key in said["letters"]],
            with_question=said["question"],
            chosen=tuple(filter(None, (line.strip() for line in said["chosen"].splitlines()))),
        )


class DraftForm(TakeForm):
    """The same with what somebody says who has looked through it."""

    title = forms.CharField(label=_("Title of the article"), max_length=255)
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    confirmed = forms.BooleanField(
        label=_("I have looked at every marked place, and nothing else in it is private"),
        error_messages={"required": _("Look through the text first, then say so here.")},
    )

    def kept(self) -> frozenset[int]:
        """The marked places that stay as they are."""
        numbers = self.data.getlist("kept") if isinstance(self.data, QueryDict) else []
        return frozenset(int(number) for number in numbers if number.isdecimal() and len(number) < 6)


def _shelf(shelf: KnowledgeBase) -> str:
    if shelf.community is None:
        return gettext("Shared with every community: its name and hubs are taken out too")
    return gettext("The knowledge base of %(community)s") % {"community": shelf.community}
