"""The tables of words, fed by Freshdesk's open lists and edited by operators: statuses, priorities, and types as kinds."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ground.texts import pick
from support.states import STATUS_LOOKS, Kind, StatusGroup


class TicketStatusQuerySet(models.QuerySet["TicketStatus"]):
    """Statuses by what they ask of the desk."""

    def of_groups(self, *groups: str) -> "TicketStatusQuerySet":
        return self.filter(group__in=groups)


class TicketStatus(models.Model):
    """One status. The code is Freshdesk's number and our key, so that a ticket's `status_id` is the code itself."""

    code = models.PositiveIntegerField(primary_key=True)
    word = models.JSONField(default=dict, help_text=_("What staff read, by language."))
    customer_word = models.JSONField(default=dict, help_text=_("What the community reads, by language."))
    group = models.CharField(max_length=10, choices=StatusGroup, default=StatusGroup.OPEN)
    is_learned = models.BooleanField(default=False, help_text=_("Met in Freshdesk; nobody here has said yet what it means."))

    objects = TicketStatusQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("ticket status")
        verbose_name_plural = _("ticket statuses")

    def __str__(self) -> str:
        return pick(self.word) or str(self.code)

    @property
    def said_to_customers(self) -> str:
        return pick(self.customer_word) or str(self)

    @property
    def tone(self) -> str:
        return STATUS_LOOKS[self.group].tone

    @property
    def is_over(self) -> bool:
        """Whether nobody holds a next step."""
        return self.group in {StatusGroup.SOLVED, StatusGroup.CLOSED}


class TicketPriority(models.Model):
    """One priority. The code is Freshdesk's number."""

    code = models.PositiveSmallIntegerField(primary_key=True)
    word = models.JSONField(default=dict, help_text=_("What staff read, by language."))
    is_learned = models.BooleanField(default=False, help_text=_("Met in Freshdesk; nobody here has said yet what it means."))

    class Meta:
        ordering = ["code"]
        verbose_name = _("ticket priority")
        verbose_name_plural = _("ticket priorities")

    def __str__(self) -> str:
        return pick(self.word) or str(self.code)


class TicketType(models.Model):
    """A type of Freshdesk's and the kind it is here. Without a kind it waits for an operator to say."""

    word = models.CharField(max_length=100, unique=True, help_text=_("As Freshdesk writes it."))
    kind = models.CharField(max_length=20, choices=Kind, blank=True)
    is_said = models.BooleanField(default=False, help_text=_("Whether a ticket of that kind is told to Freshdesk by this word."))
    is_offered = models.BooleanField(default=True, help_text=_("Whether Freshdesk's form offers it today."))

    class Meta:
        ordering = ["word"]
        verbose_name = _("ticket type")
        verbose_name_plural = _("ticket types")
        constraints = [
            models.UniqueConstraint(fields=["kind"], condition=models.Q(is_said=True), name="one_type_said_for_a_kind"),
            models.CheckConstraint(condition=models.Q(is_said=False) | ~models.Q(kind=""), name="a_said_type_has_a_kind"),
        ]

    def __str__(self) -> str:
        return self.word
