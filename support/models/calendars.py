"""When the desk works, and what it promises: the operator's data behind every clock."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from communities.models import Programme
from communities.models.people import validate_time_zone
from support.states import Impact, Kind, Priority, ReducedHours, Weekday


class WorkingCalendar(ClusterableModel):
    """The hours in which clocks run, in one zone."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    timezone = models.CharField(_("time zone"), max_length=60, default="UTC", validators=[validate_time_zone])
    is_always = models.BooleanField(_("day and night, every day"), default=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("working calendar")
        verbose_name_plural = _("working calendars")

    def __str__(self) -> str:
        return self.name


class CalendarWindow(models.Model):
    """Hours of one weekday; a day may have several."""

    calendar = ParentalKey(WorkingCalendar, on_delete=models.CASCADE, related_name="windows")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    opens = models.TimeField(_("from"))
    closes = models.TimeField(_("to"), help_text=_("No later than it opens: on the day after."))

    class Meta:
        ordering = ["weekday", "opens", "pk"]
        constraints = [models.CheckConstraint(condition=Q(weekday__lte=6), name="calendar_window_on_a_weekday")]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"


class CalendarHoliday(models.Model):
    """A day off, or with hours of its own."""

    calendar = ParentalKey(WorkingCalendar, on_delete=models.CASCADE, related_name="holidays")
    on = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=100)
    opens = models.TimeField(_("open from"), null=True, blank=True, help_text=_("Both empty: closed all day."))
    closes = models.TimeField(_("to"), null=True, blank=True)

    class Meta:
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "on"], name="calendar_holiday_once"),
            models.CheckConstraint(
                condition=Q(opens__isnull=True, closes__isnull=True) | Q(opens__isnull=False, closes__isnull=False),
                name="calendar_holiday_hours_are_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on}: {self.name}"


class ReducedPeriod(models.Model):
    """Days on which the desk can do less, what is said about it, and whether whoever asks is told at once."""

    calendar = ParentalKey(WorkingCalendar, on_delete=models.CASCADE, related_name="reduced")
    name = models.CharField(_("name"), max_length=100)
    begins_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    hours = models.CharField(_("hours"), max_length=10, choices=ReducedHours, default=ReducedHours.USUAL)
    opens = models.TimeField(_("from"), null=True, blank=True)
    closes = models.TimeField(_("to"), null=True, blank=True)
    factor = models.PositiveSmallIntegerField(
        _("targets, in percent"),
        default=100,
        validators=[MinValueValidator(100), MaxValueValidator(1000)],
        help_text=_("200: twice as long, for what is asked in these days."),
    )
    message = models.JSONField(_("what communities read"), default=dict, blank=True, help_text=_("By language."))
    answers = models.BooleanField(_("answer new tickets with it"), default=False)
    answers_through_freshdesk = models.BooleanField(
        _("also when Freshdesk mails"), default=False, help_text=_("Freshdesk may have an automatic answer of its own: say so only if not.")
    )

    class Meta:
        ordering = ["begins_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(begins_on__lte=F("ends_on")), name="reduced_period_ends_after_it_begins"),
            models.CheckConstraint(
                condition=~Q(hours=ReducedHours.OWN) | Q(opens__isnull=False, closes__isnull=False), name="reduced_period_own_hours_said"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ObjectiveSet(ClusterableModel):
    """What is promised, and when people are warned."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    warn_percent = models.PositiveSmallIntegerField(
        _("warn with this much left, in percent"), default=25, validators=[MaxValueValidator(100)]
    )
    warn_minutes = models.PositiveIntegerField(
        _("but no earlier than, in working minutes"), default=30, help_text=_("Whichever of the two is less.")
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("objectives")
        verbose_name_plural = _("objectives")

    def __str__(self) -> str:
        return self.name


class Objective(models.Model):
    """Targets in working minutes. The line that names most of a ticket holds; an empty target is not promised."""

    objectives = ParentalKey(ObjectiveSet, on_delete=models.CASCADE, related_name="lines")
    priority = models.PositiveSmallIntegerField(_("priority"), choices=[(0, _("Every one")), *Priority.choices], default=0)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, blank=True)
    impact = models.CharField(_("impact"), max_length=10, choices=Impact, blank=True)
    first = models.PositiveIntegerField(_("first response"), null=True, blank=True)
    next = models.PositiveIntegerField(_("next response"), null=True, blank=True)
    resolution = models.PositiveIntegerField(_("resolution"), null=True, blank=True)

    class Meta:
        ordering = ["-priority", "kind", "impact"]
        constraints = [models.UniqueConstraint(fields=["objectives", "priority", "kind", "impact"], name="objective_once")]

    def __str__(self) -> str:
        said = [self.get_priority_display() if self.priority else "", self.get_kind_display(), self.get_impact_display()]
        return " · ".join(str(part) for part in said if part) or str(_("Every one"))


class ProgrammeClocks(models.Model):
    """By which calendar and objectives a programme is served, where a community's terms do not say otherwise."""

    programme = models.OneToOneField(Programme, verbose_name=_("programme"), on_delete=models.CASCADE, related_name="clocks")
    calendar = models.ForeignKey(WorkingCalendar, verbose_name=_("working calendar"), on_delete=models.PROTECT, related_name="+")
    objectives = models.ForeignKey(ObjectiveSet, verbose_name=_("objectives"), on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("clocks of a programme")
        verbose_name_plural = _("clocks of programmes")

    def __str__(self) -> str:
        return str(self.programme)


class CapacityAnswer(models.Model):
    """That a requester was told of a period of less capacity: once."""

    period = models.ForeignKey(ReducedPeriod, on_delete=models.CASCADE, related_name="told")
    contact = models.ForeignKey("support.Contact", on_delete=models.CASCADE, related_name="+")
    ticket = models.ForeignKey("support.Ticket", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["period", "contact"], name="capacity_told_once")]

    def __str__(self) -> str:
        return f"{self.contact} of {self.period}"
