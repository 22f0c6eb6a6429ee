"""On which terms a community is supported."""

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from support.states import BudgetPeriod, WhoOpens, WhoSees


class SupportTermsQuerySet(models.QuerySet["SupportTerms"]):
    """Terms by what they allow; a community without a row has the defaults and is in none of these."""

    def open_to_anybody(self) -> Self:
        return self.filter(who_opens=WhoOpens.ANYBODY)

    def seen_by_all(self) -> Self:
        return self.filter(who_sees=WhoSees.ALL)

    def seen_by_who_asked(self) -> Self:
        return self.filter(who_sees=WhoSees.OWN)

    def with_champions(self) -> Self:
        return self.filter(champions_approve=True)


class SupportTerms(models.Model):
    """One community's terms. A community without a row has the defaults."""

    community = models.OneToOneField("communities.Community", on_delete=models.CASCADE, related_name="support_terms")
    calendar = models.ForeignKey(
        "support.WorkingCalendar",
        verbose_name=_("working calendar"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Empty: the programme's."),
    )
    objectives = models.ForeignKey(
        "support.ObjectiveSet",
        verbose_name=_("objectives"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Empty: the programme's."),
    )
    budget_minutes = models.PositiveIntegerField(null=True, blank=True)
    """How much support time is agreed for each period; empty where no limit is agreed."""
    budget_period = models.CharField(max_length=10, choices=BudgetPeriod, default=BudgetPeriod.MONTH)
    who_opens = models.CharField(
        _("Whose tickets go to the support staff at once"), max_length=20, choices=WhoOpens, default=WhoOpens.MEMBERS
    )
    who_sees = models.CharField(_("Who reads a ticket that is not confidential"), max_length=10, choices=WhoSees, default=WhoSees.TEAM)
    champions_approve = models.BooleanField(_("Hub champions approve too"), default=False)
    checks_authority = models.BooleanField(
        _("A representative approves what members ask about quota, administrators and images"), default=True
    )

    timebox_minutes = models.PositiveSmallIntegerField(
        _("minutes of a timebox"),
        null=True,
        blank=True,
        validators=[MinValueValidator(5), MaxValueValidator(480)],
        help_text=_("Empty for the usual half hour."),
    )

    objects = SupportTermsQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "support terms"
        indexes = [
            models.Index(fields=["who_sees"], name="support_terms_who_sees"),
            models.Index(fields=["who_opens"], name="support_terms_who_opens"),
        ]

    def __str__(self) -> str:
        return str(self.community)

    @classmethod
    def of(cls, community: Community | int) -> "SupportTerms":
        """The community's terms in one query at most; the defaults, unsaved, where nobody has said otherwise."""
        if isinstance(community, int):
            return cls.objects.filter(community=community).first() or cls(community_id=community)
        try:
            return community.support_terms
        except cls.DoesNotExist:
            return cls(community_id=community.pk)


class ClockTerms(SupportTerms):
    """The part of a community's terms that clocks go by, as operators edit it."""

    class Meta:
        proxy = True
        verbose_name = "clocks of a community"
        verbose_name_plural = "clocks of communities"
