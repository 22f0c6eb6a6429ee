"""The table of statuses, fed by Freshdesk's open list: a code, its words, and whose turn it means."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ground.texts import pick
from support.states import STATUS_LOOKS, StatusGroup


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
