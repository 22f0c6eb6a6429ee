"""What people choose about the desk's list: filters, views, columns, and what becomes of many tickets."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.models import Community, User
from ground.actors import Actor
from hubs.models import Hub
from support import queue, vocabulary
from support.desk import preferences
from support.desk.saved_views import Wish
from support.forms.tickets import desk_people, status_choices
from support.models import TicketStatus
from support.queue import Moment
from support.states import Kind, Status
from support.vocabulary import tags
from support.working import snoozing
from support.working.bulk import Changes

MOST = 500


def _people_words() -> list[tuple[str, str]]:
    return [(str(pk), name or email.split("@")[0]) for pk, name, email in desk_people().values_list("pk", "name", "email")]


class ManyForm(forms.Form):
    """What becomes of many tickets at once. An empty choice leaves things as they are."""

    LEAVE = ("", _("leave as it is"))
    NOBODY, ME, SPAM = "none", "me", "spam"
    SNOOZES = (
        ("hour", _("for an hour")),
        ("tomorrow", _("until tomorrow, 9:00")),
        ("monday", _("until Monday, 9:00")),
        ("wake", _("no longer")),
    )

    status = forms.ChoiceField(label=_("Status"), required=False)
    assignee = forms.ChoiceField(label=_("Assignee"), required=False)
    priority = forms.ChoiceField(label=_("Priority"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=[LEAVE, *Kind.choices], required=False)
    snooze = forms.ChoiceField(label=_("Snooze"), choices=[LEAVE, *SNOOZES], required=False)
    add_tag = forms.CharField(label=_("Add a tag"), max_length=60, required=False)
    remove_tag = forms.CharField(label=_("Take a tag away"), max_length=60, required=False)

    def __init__(self, *args: Any, statuses: Mapping[int, TicketStatus], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.statuses = statuses
        spam = (self.SPAM, _("Closed as spam"))
        self.fields["status"].choices = [self.LEAVE, *status_choices(statuses), spam]  # type: ignore[attr-defined]
        people = [(self.ME, _("Me")), (self.NOBODY, _("Nobody")), *_people_words()]
        self.fields["assignee"].choices = [self.LEAVE, *people]  # type: ignore[attr-defined]
        words = [(str(code), word) for code, word in vocabulary.priority_words().items()]
        self.fields["priority"].choices = [self.LEAVE, *words]  # type: ignore[attr-defined]

    def changes(self, *, by: Actor, now: datetime) -> Changes:
        """What was chosen, as `bulk` takes it."""
        chosen = self.cleaned_data
        values: dict[str, Any] = {}
        if chosen["status"]:
            values["status"] = self.statuses[Status.CLOSED if chosen["status"] == self.SPAM else int(chosen["status"])]
        if chosen["assignee"]:
            values["assignee"] = self._person(chosen["assignee"], by)
        if chosen["priority"]:
            values["priority"] = int(chosen["priority"])
        if chosen["kind"]:
            values["kind"] = chosen["kind"]
        if chosen["snooze"]:
            values["snoozed_until"] = snoozing.choices(now, by.user.timezone if by.user else "UTC").get(chosen["snooze"])
        return Changes(values=values, add_tag=self._tag(), remove_tag=chosen["remove_tag"].strip())

    def said(self) -> list[tuple[str, str]]:
        """What will change, in words: the field and what it will be."""
        chosen = [(self[name], value) for name in self.fields if (value := self.cleaned_data.get(name))]
        return [(str(each.label), str(dict(getattr(each.field, "choices", [])).get(value, value))) for each, value in chosen]

    def clean_add_tag(self) -> str:
        return tags.normalised(self.cleaned_data["add_tag"])

    def _tag(self) -> str:
        return self.SPAM if self.cleaned_data["status"] == self.SPAM else str(self.cleaned_data["add_tag"])

    def _person(self, word: str, by: Actor) -> User | None:
        if word == self.NOBODY:
            return None
        return by.user if word == self.ME else desk_people().get(pk=int(word))


class FilterForm(forms.Form):
    """Which tickets a list shows, in plain questions; every answer is a word of the list's address."""

    WRITTEN = frozenset({"tag"})

    q = forms.CharField(label=_("Words"), max_length=200, required=False)

    def __init__(self, *args: Any, at: Moment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, each in queue.FILTERS.items():
            offered = [*each.choices(at), *self._found(key)]
            any_of_them = ("", _("any"))
            if offered:
                self.fields[key] = forms.ChoiceField(label=str(each.word), choices=[any_of_them, *offered], required=False)
            elif key in self.WRITTEN:
                self.fields[key] = forms.CharField(label=str(each.word), max_length=60, required=False)
        orders = [("", _("as the view has it")), *((key, sort.word) for key, sort in queue.SORTS.items())]
        self.fields["sort"] = forms.ChoiceField(label=_("Order"), choices=orders, required=False)

    def _found(self, key: str) -> list[tuple[str, str]]:
        """The values that only rows know."""
        match key:
            case "assignee":
                return [(email, name or email) for name, email in desk_people().values_list("name", "email")]
            case "community":
                return list(Community.objects.order_by("name").values_list("slug", "name")[:MOST])
            case "hub":
                return [(str(pk), name) for pk, name in Hub.objects.order_by("display_name").values_list("pk", "display_name")[:MOST]]
        return []


class ViewForm(forms.Form):
    """A view that somebody keeps: its name, its order, what its rows show, and for whom."""

    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("For example “Incidents of the ocean hubs”."))
    sort = forms.ChoiceField(label=_("Order"), required=False)
    columns = forms.MultipleChoiceField(
        label=_("What a row shows"),
        choices=list(preferences.COLUMNS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Choose none to leave it to each reader."),
    )
    is_shared = forms.BooleanField(label=_("Everybody at the desk sees this view"), required=False)
    is_pinned = forms.BooleanField(label=_("Keep it at the top of the kept views"), required=False)
    agreed = forms.BooleanField(
        label=_("Change it for everybody"),
        required=False,
        help_text=_("Somebody else made this view and shares it. Everybody at the desk will see what you change."),
    )

    def __init__(self, *args: Any, asks: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        orders = [("", _("as it is")), *((key, sort.word) for key, sort in queue.SORTS.items())]
        self.fields["sort"].choices = orders  # type: ignore[attr-defined]
        if asks:
            self.fields["agreed"].required = True
        else:
            del self.fields["agreed"]

    def wish(self, filters: Mapping[str, str]) -> Wish:
        """The view that was described, over these filters."""
        chosen = {name: value for name, value in self.cleaned_data.items() if name != "agreed"}
        return Wish(filters=filters, **chosen)


class LayoutForm(forms.Form):
    """What a row of the list shows to this person."""

    columns = forms.MultipleChoiceField(
        label=_("What a row shows"), choices=list(preferences.COLUMNS.items()), widget=forms.CheckboxSelectMultiple, required=False
    )
    is_dense = forms.BooleanField(label=_("One line a ticket"), required=False)
