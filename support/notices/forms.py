"""How a person wants to be told, as a form."""

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.models import User
from support.models import NoticePreferences
from support.notices.kinds import OF_THE_DESK, default
from support.states import Channel, Follows, NoticeKind

HOURS = [(hour, time(hour).strftime("%H:%M")) for hour in range(24)]
PLAIN = ("quiet_from", "quiet_until", "quiet_weekends", "urgent_passes", "most_an_hour", "digest_hour", "wants_overdue", "follows")


class NoticesForm(forms.Form):
    """Channel by kind, and when mails may come. Who is no staff sees what concerns members alone."""

    quiet_from = forms.TimeField(label=_("No mail from"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    quiet_until = forms.TimeField(
        label=_("until"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("In your time zone; mails wait until then. The same time twice: never quiet."),
    )
    quiet_weekends = forms.BooleanField(label=_("No mail on Saturdays and Sundays"), required=False)
    urgent_passes = forms.BooleanField(label=_("Tell me of incidents even then"), required=False)
    most_an_hour = forms.IntegerField(
        label=_("Mails in an hour, at most"), min_value=1, max_value=60, help_text=_("What exceeds it comes together in one mail.")
    )
    digest_hour = forms.TypedChoiceField(label=_("The daily mail comes at"), choices=HOURS, coerce=int)
    wants_overdue = forms.BooleanField(label=_("Every working day, what is overdue or stuck at the desk"), required=False)
    follows = forms.ChoiceField(
        label=_("Tell me of"),
        choices=Follows.choices,
        widget=forms.RadioSelect,
        help_text=_("Answers to what you asked always come to you."),
    )

    def __init__(self, data: Any = None, *, user: User, choice: NoticePreferences, is_staff: bool, is_triager: bool, leads: bool) -> None:
        self.choice, self.is_staff = choice, is_staff
        self.kinds = OF_THE_DESK if is_staff else (NoticeKind.COMMUNITY,) if leads else ()
        groups = user.staff_groups
        chosen = {f"kind_{kind}": choice.channels.get(kind) or default(kind, groups) for kind in self.kinds}
        self.defaults = {kind: default(kind, groups) for kind in self.kinds}
        super().__init__(data, initial={**{name: getattr(choice, name) for name in PLAIN}, **chosen})
        for kind in self.kinds:
            self.fields[f"kind_{kind}"] = forms.ChoiceField(label=NoticeKind(kind).label, choices=self._channels())
        for name, is_wanted in {"urgent_passes": is_staff, "wants_overdue": is_triager, "follows": leads and not is_staff}.items():
            if not is_wanted:
                del self.fields[name]

    def by_kind(self) -> list[forms.BoundField]:
        return [self[f"kind_{kind}"] for kind in self.kinds]

    def times(self) -> list[forms.BoundField]:
        return [self[name] for name in PLAIN if name in self.fields and name != "follows"]

    def save(self) -> NoticePreferences:
        """Keep what differs from the defaults."""
        for name in PLAIN:
            if name in self.cleaned_data:
                setattr(self.choice, name, self.cleaned_data[name])
        said = {kind: self.cleaned_data[f"kind_{kind}"] for kind in self.kinds}
        self.choice.channels = {kind: channel for kind, channel in said.items() if channel != self.defaults[kind]}
        self.choice.save()
        return self.choice

    def _channels(self) -> list[tuple[str, Any]]:
        """Members have no page of notices."""
        return [(value, label) for value, label in Channel.choices if self.is_staff or value != Channel.PAGE]
