"""What is to be done for a ticket, and the time it took. Members never read these."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ground.actors import Actor
from support.models.tickets import Ticket
from support.policy import is_desk_staff
from support.states import Kind


class ChecklistItemQuerySet(models.QuerySet["ChecklistItem"]):
    """Items by who works with them."""

    def visible_to(self, actor: Actor) -> Self:
        """Staff of the desk have all; nobody else has any. See `access.can_work`."""
        return self if is_desk_staff(actor) else self.none()


class ChecklistItem(models.Model):
    """One thing to do. Items of a ticket stand in the order of `position`; two may share one, then the older goes first."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="checklist")
    text = models.CharField(max_length=255)
    position = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    done_label = models.CharField(max_length=200, blank=True)

    objects = ChecklistItemQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        indexes = [models.Index(fields=["ticket", "position", "id"], name="checklist_of_ticket")]
        constraints = [
            models.CheckConstraint(condition=Q(done_at__isnull=False) | Q(done_label="", done_by__isnull=True), name="item_done_has_time"),
            models.CheckConstraint(condition=~Q(text=""), name="item_says_something"),
        ]

    def __str__(self) -> str:
        return self.text


class ChecklistTemplate(models.Model):
    """Things to do that come with a kind of ticket; an operator writes them."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    kind = models.CharField(_("kind of ticket"), max_length=20, choices=Kind, blank=True, help_text=_("Empty: offered for every kind."))
    lines = models.TextField(_("things to do"), help_text=_("One a line, in their order."))
    is_offered = models.BooleanField(_("offered at the desk"), default=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")

    def __str__(self) -> str:
        return self.name

    @property
    def texts(self) -> list[str]:
        """Its lines, without empty ones."""
        return [line.strip()[:255] for line in self.lines.splitlines() if line.strip()]


class TimeEntryQuerySet(models.QuerySet["TimeEntry"]):
    """Time by who works with it."""

    def visible_to(self, actor: Actor) -> Self:
        """Staff of the desk have all; nobody else has any. See `access.can_work`."""
        return self if is_desk_staff(actor) else self.none()


class TimeEntry(models.Model):
    """Minutes that somebody spent on a ticket. What is counted against a community's budget is what is counted at all."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="time_entries")
    minutes = models.PositiveIntegerField()
    note = models.CharField(max_length=255, blank=True)
    is_counted = models.BooleanField(default=True, help_text=_("Against the support budget of the community."))
    spent_at = models.DateTimeField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=200, blank=True)

    objects = TimeEntryQuerySet.as_manager()

    class Meta:
        ordering = ["spent_at", "pk"]
        indexes = [
            models.Index(fields=["ticket", "spent_at"], name="time_of_ticket"),
            models.Index(fields=["spent_at"], name="time_counted", condition=Q(is_counted=True)),
        ]
        constraints = [models.CheckConstraint(condition=Q(minutes__gte=1, minutes__lte=24 * 60), name="time_within_a_day")]

    def __str__(self) -> str:
        return f"{self.minutes} min"
