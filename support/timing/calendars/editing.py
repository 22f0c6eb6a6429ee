"""Calendars and promises in Wagtail's editor: for operators, checked while they type, with the next days as they will be."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList, Panel
from wagtail.admin.panels.base import get_form_for_model
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from ground.actors import Actor
from support.access import EDIT_CLOCKS
from support.clocks import Window, WorkingCalendar, wording
from support.clocks.holidays import LARGEST, Unreadable, read
from support.clocks.working import DAY
from support.models import CalendarHoliday, ClockTerms, ObjectiveSet, ProgrammeClocks
from support.models import WorkingCalendar as CalendarRow
from support.states import ReducedHours, Weekday
from support.timing import calendars

AHEAD = 14
WEEK = 7 * DAY


class OperatorsKeep(ModelPermissionPolicy):
    """Operators add and change. Nothing is deleted: clocks that ran by it stay explained."""

    ACTIONS = frozenset({"view", "add", "change"})

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in self.ACTIONS and user.is_authenticated and EDIT_CLOCKS.is_held_by(Actor.person(user))


class TextsWidget(forms.MultiWidget):
    """A box a language, in the order of the site's languages."""

    def __init__(self) -> None:
        super().__init__(
            {code: forms.Textarea(attrs={"rows": 3, "placeholder": word, "aria-label": word}) for code, word in settings.LANGUAGES}
        )

    def decompress(self, value: Any) -> list[str]:
        return [(value or {}).get(code, "") for code, _word in settings.LANGUAGES]


class TextsField(forms.MultiValueField):
    """A text by language."""

    widget = TextsWidget

    def __init__(self, **kwargs: Any) -> None:
        fields = [forms.CharField(required=False, max_length=2000) for _language in settings.LANGUAGES]
        super().__init__(fields, required=False, require_all_fields=False, **kwargs)

    def compress(self, data_list: list[str]) -> dict[str, str]:
        texts = zip((code for code, _word in settings.LANGUAGES), data_list, strict=False)
        return {code: text.strip() for code, text in texts if text and text.strip()}


class PeriodForm(WagtailAdminModelForm):
    """What an operator can get wrong about a period is said beside the field."""

    message = TextsField(label=gettext_lazy("what communities read"))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        begins, ends = data.get("begins_on"), data.get("ends_on")
        if begins and ends and begins > ends:
            self.add_error("ends_on", _("The last day comes before the first."))
        if data.get("hours") == ReducedHours.OWN and not (data.get("opens") and data.get("closes")):
            self.add_error("opens", _("Say from when to when."))
        if data.get("answers") and not data.get("message"):
            self.add_error("message", _("Write what whoever asks is to read."))
        return data


class HolidayForm(WagtailAdminModelForm):
    """Half a day has both ends."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        if bool(data.get("opens")) != bool(data.get("closes")):
            self.add_error("closes", _("Say from when to when, or leave both empty."))
        return data


class CheckedRows(InlinePanel):
    """Rows with a form of their own."""

    def __init__(self, *args: Any, form_class: type[WagtailAdminModelForm], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form_class = form_class

    def clone_kwargs(self) -> dict[str, Any]:
        return {**super().clone_kwargs(), "form_class": self.form_class}

    def get_form_options(self) -> dict[str, Any]:
        options: dict[str, Any] = super().get_form_options()
        deferred = self.child_edit_handler.get_form_options().get("defer_required_on_fields")
        form = get_form_for_model(self.db_field.related_model, form_class=self.form_class, defer_required_on_fields=deferred)
        options["formsets"][self.relation_name]["form"] = form
        return options


class CalendarForm(WagtailAdminModelForm):
    """Windows that overlap, a zone nobody knows, periods at the same time: each is said where it is."""

    holidays_file = forms.FileField(
        label=gettext_lazy("Add holidays from a file"),
        help_text=gettext_lazy("An iCalendar file (.ics) of whole days, as public calendars offer them. Days that are there already stay."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["timezone"].widget = forms.Select(choices=[(zone, zone) for zone in sorted(available_timezones())])

    def clean_holidays_file(self) -> list[Any]:
        upload: UploadedFile | None = self.cleaned_data["holidays_file"]
        if not upload:
            return []
        try:
            return read(upload.read(LARGEST + 1))
        except Unreadable as error:
            raise ValidationError(_("This is no calendar of holidays that we can read: %(reason)s.") % {"reason": error}) from error

    def is_valid(self) -> bool:
        """Of rows that are right each, whether they are right together."""
        return super().is_valid() and not any([self._say("windows", _overlap), self._say("reduced", _same_time)])

    def save(self, commit: bool = True) -> CalendarRow:
        calendar: CalendarRow = super().save(commit=commit)
        known = {day.on for day in calendar.holidays.all()}
        new = [
            CalendarHoliday(on=day.on, name=day.name or str(day.on)) for day in self.cleaned_data["holidays_file"] if day.on not in known
        ]
        calendar.holidays.add(*new)
        if commit:
            calendar.holidays.commit()
        return calendar

    def _say(self, name: str, problem: Any) -> bool:
        rows = [form for form in self.formsets[name].forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        for one, other in combinations(rows, 2):
            if words := problem(one.cleaned_data, other.cleaned_data):
                other.add_error(None, words)
                self.add_error(None, words)
                return True
        return False


def _overlap(one: dict[str, Any], other: dict[str, Any]) -> str:
    """In minutes of the week, so that a night reaches into the next day."""
    spans = [list(_of_week(int(row["weekday"]), calendars.window(row["opens"], row["closes"]))) for row in (one, other)]
    if any(begins < ends_ and begins_ < ends for begins, ends in spans[0] for begins_, ends_ in spans[1]):
        return _("Two windows of %(day)s overlap.") % {"day": Weekday(int(other["weekday"])).label}
    return ""


def _of_week(weekday: int, window: Window) -> Iterator[tuple[int, int]]:
    begins, ends = weekday * DAY + window.opens, weekday * DAY + window.end
    yield begins, min(ends, WEEK)
    if ends > WEEK:
        yield 0, ends - WEEK


def _same_time(one: dict[str, Any], other: dict[str, Any]) -> str:
    if one["begins_on"] <= other["ends_on"] and other["begins_on"] <= one["ends_on"]:
        return _("“%(one)s” and “%(other)s” are at the same time.") % {"one": one["name"], "other": other["name"]}
    return ""


@dataclass(frozen=True)
class DayAhead:
    """One of the next days, as the calendar has it."""

    day: date
    hours: str
    minutes: float
    name: str


def days_ahead(calendar: WorkingCalendar, today: date) -> list[DayAhead]:
    """The next days with their hours, and why they differ."""
    return [_day(calendar, today + timedelta(days=place)) for place in range(AHEAD)]


def _day(calendar: WorkingCalendar, day: date) -> DayAhead:
    holiday, period = calendar.holiday_on(day), calendar.reduced_on(day)
    windows = calendar.windows_on(day)
    return DayAhead(
        day,
        wording.windows(windows),
        sum(each.end - each.opens for each in windows),
        " · ".join(each.name for each in (holiday, period) if each),
    )


class DaysAheadPanel(Panel):
    """The next two weeks by the calendar as it is saved."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "support/clocks/days_ahead.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            calendar = calendars.compiled(CalendarRow.objects.get(pk=self.instance.pk))
            return {**context, "days": days_ahead(calendar, calendar.day_of(timezone.now())), "zone": calendar.zone}


class CalendarViewSet(SnippetViewSet):
    """Hours, holidays, periods."""

    model = CalendarRow
    icon = "calendar"
    menu_label = gettext_lazy("Working calendars")
    list_display = ["name", "timezone", "is_always"]
    inspect_view_enabled = False
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldPanel("timezone"),
            FieldPanel("is_always", help_text=gettext_lazy("Then the windows below do not count; holidays and periods do.")),
            InlinePanel(
                "windows",
                [FieldRowPanel([FieldPanel("weekday"), FieldPanel("opens"), FieldPanel("closes")])],
                heading=gettext_lazy("Hours"),
                label=gettext_lazy("Window"),
            ),
            MultiFieldPanel([FieldPanel("holidays_file")], heading=gettext_lazy("Holidays from a file")),
            CheckedRows(
                "holidays",
                [FieldRowPanel([FieldPanel("on"), FieldPanel("name"), FieldPanel("opens"), FieldPanel("closes")])],
                heading=gettext_lazy("Holidays"),
                label=gettext_lazy("Holiday"),
                form_class=HolidayForm,
            ),
            CheckedRows(
                "reduced",
                [
                    FieldPanel("name"),
                    FieldRowPanel([FieldPanel("begins_on"), FieldPanel("ends_on")]),
                    FieldRowPanel([FieldPanel("hours"), FieldPanel("opens"), FieldPanel("closes")]),
                    FieldPanel("factor"),
                    FieldPanel("message"),
                    FieldPanel("answers"),
                    FieldPanel("answers_through_freshdesk"),
                ],
                heading=gettext_lazy("Periods of less capacity"),
                label=gettext_lazy("Period"),
                form_class=PeriodForm,
            ),
            DaysAheadPanel(heading=gettext_lazy("The next 14 days, as saved")),
        ],
        base_form_class=CalendarForm,
    )


class ObjectivesViewSet(SnippetViewSet):
    """Targets in working minutes."""

    model = ObjectiveSet
    icon = "tasks"
    menu_label = gettext_lazy("Objectives")
    inspect_view_enabled = False
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldRowPanel([FieldPanel("warn_percent"), FieldPanel("warn_minutes")], heading=gettext_lazy("Warning")),
            InlinePanel(
                "lines",
                [
                    FieldRowPanel([FieldPanel("priority"), FieldPanel("kind"), FieldPanel("impact")]),
                    FieldRowPanel([FieldPanel("first"), FieldPanel("next"), FieldPanel("resolution")]),
                ],
                heading=gettext_lazy("Targets, in working minutes (a day of eight hours has 480)"),
                label=gettext_lazy("Target"),
            ),
        ]
    )


class ProgrammeViewSet(SnippetViewSet):
    """By what a programme is served."""

    model = ProgrammeClocks
    icon = "group"
    menu_label = gettext_lazy("Programmes")
    list_display = ["programme", "calendar", "objectives"]
    inspect_view_enabled = False
    copy_view_enabled = False
    edit_handler = ObjectList([FieldPanel("programme"), FieldPanel("calendar"), FieldPanel("objectives")])


class CommunityViewSet(SnippetViewSet):
    """By what a community is served, where that differs."""

    model = ClockTerms
    icon = "site"
    menu_label = gettext_lazy("Communities")
    list_display = ["community", "calendar", "objectives"]
    inspect_view_enabled = False
    copy_view_enabled = False
    edit_handler = ObjectList([FieldPanel("community"), FieldPanel("calendar"), FieldPanel("objectives")])


class ClocksGroup(SnippetViewSetGroup):
    """All four in one menu."""

    items = (CalendarViewSet, ObjectivesViewSet, ProgrammeViewSet, CommunityViewSet)
    menu_label = gettext_lazy("Clocks")
    menu_icon = "history"
    menu_order = 230


MODELS = tuple(viewset.model for viewset in ClocksGroup.items)
